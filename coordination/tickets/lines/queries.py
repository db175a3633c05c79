"""What was met of a ticket's lines, over time."""

from typing import Final

from coordination.tickets.models import Fulfilment, Ticket

_MET: Final = "SELECT * FROM tickets_fulfilment WHERE ticket_id = %s ORDER BY event_id"


def deliveries_of(ticket: Ticket) -> dict[int, list[Fulfilment]]:
    """By line, the earliest first; a correction is a row with a minus."""
    made: dict[int, list[Fulfilment]] = {}
    for each in Fulfilment.objects.raw(_MET, [ticket.pk]):
        made.setdefault(each.line, []).append(each)
    return made
