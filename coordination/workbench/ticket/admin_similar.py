"""The panel of tickets that ask for the same as this one."""

from typing import Any

from coordination.tickets.flow import OPEN
from coordination.tickets.models import Ticket
from coordination.tickets.queries_similar import similar_to
from coordination.tickets.reader import TicketReader


def similar_panel(ticket: Ticket, reader: TicketReader) -> dict[str, Any] | None:
    """The panel of an open ticket; None where nothing asks for the same."""
    if ticket.status not in OPEN:
        return None
    similar = similar_to(ticket, reader.lines, reader.known)
    return {"similar": similar} if similar else None
