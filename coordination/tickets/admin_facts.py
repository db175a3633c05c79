"""Whose ticket it is and how it stands: the narrow column of its page."""

from typing import Any, Final

from coordination.groups.models import Officer
from coordination.tickets.flow import Capacity
from coordination.tickets.models import Ticket
from coordination.tickets.standing import standing

_NOTHING: Final = "—"


def masked(mobile: str) -> str:
    """``138****8000``."""
    return f"{mobile[:3]}****{mobile[-4:]}" if mobile else _NOTHING


def handles(ticket: Ticket, officer: Officer) -> bool:
    """He works on it, and so needs to call."""
    return Capacity.HANDLER in standing(ticket, officer)


def facts(_ticket: Ticket, _officer: Officer) -> dict[str, Any]:
    """The panel of group, handler and days: the ticket itself says it all."""
    return {}


def parties(ticket: Ticket, officer: Officer) -> dict[str, Any]:
    """The panel of enterprise, contact and project; the mobile masked for who need not call."""
    clear = handles(ticket, officer)
    return {"mobile": ticket.contact_mobile if clear else masked(ticket.contact_mobile)}
