"""The side column of a ticket's page: its parties, handler and status."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from coordination.staff.models import Officer
from coordination.tickets import personal
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.queries_authors import enterprise_of
from projects.record.masks import mask_name, mask_phone
from projects.record.sealed_fields import UNREADABLE, opened_or
from projects.register.names import Called, Names, called


def facts(ticket: Ticket, _officer: Officer) -> dict[str, Any]:
    """The panel of group, handler, dates and signature."""
    return {"signed": ticket.signed_off_by if ticket.signed_off_by_id else None}


def author_of(event: TicketEvent, names: Names | None = None) -> str:
    """Who did it; an enterprise by its name of that time."""
    if event.officer is not None:
        return str(event.officer)
    return str(enterprise_of(event, names) or _("The system"))


def parties(ticket: Ticket, officer: Officer) -> dict[str, Any]:
    """The panel of enterprise, contact and project; the contact is masked until he reveals it.

    The enterprise is called as it was when it filed, and as it is now where that is different.
    """
    then = called(ticket.enterprise, ticket.filed_at)
    now = Called(ticket.enterprise.name, ticket.enterprise.uscc)
    clear = personal.is_revealed(ticket, personal.CONTACT, officer)
    return {
        "enterprise": then,
        "now": now if now != then else None,
        "name": _shown_value(ticket, "contact_name", str if clear else mask_name),
        "mobile": _shown_value(ticket, "contact_mobile", str if clear else mask_phone),
    }


def _shown_value(ticket: Ticket, name: str, shown: Callable[[str], str]) -> str:
    value = opened_or(ticket, name, None)
    return str(UNREADABLE) if value is None else shown(value)
