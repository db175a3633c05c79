"""The panel of tickets that ask for the same as this one."""

from typing import Any

from coordination.staff.models import Officer
from coordination.tickets.flow import OPEN
from coordination.tickets.models import Ticket
from coordination.tickets.queries_similar import similar_of


def similar_panel(ticket: Ticket, officer: Officer) -> dict[str, Any] | None:
    """The panel of an open ticket; None where nothing asks for the same."""
    similar = similar_of(ticket, officer) if ticket.status in OPEN else []
    return {"similar": similar} if similar else None
