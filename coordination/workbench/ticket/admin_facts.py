"""The side column of a ticket's page: its parties, handler and status."""

from collections.abc import Callable
from typing import Any

from coordination.staff.models import Officer
from coordination.tickets import personal
from coordination.tickets.models import Ticket
from projects.record.masks import mask_mobile, mask_name
from projects.record.sealed_fields import UNREADABLE, opened_or


def facts(ticket: Ticket, _officer: Officer) -> dict[str, Any]:
    """The panel of group, handler, dates and signature."""
    return {"signed": ticket.signed_off_by if ticket.signed_off_by_id else None}


def parties(ticket: Ticket, officer: Officer) -> dict[str, Any]:
    """The panel of enterprise, contact and project; the contact is masked until he reveals it."""
    clear = personal.is_revealed(ticket, personal.CONTACT, officer)
    return {
        "name": _shown_value(ticket, "contact_name", str if clear else mask_name),
        "mobile": _shown_value(ticket, "contact_mobile", str if clear else mask_mobile),
    }


def _shown_value(ticket: Ticket, name: str, shown: Callable[[str], str]) -> str:
    value = opened_or(ticket, name, None)
    return str(UNREADABLE) if value is None else shown(value)
