"""What was met of a ticket's lines, over time."""

from typing import Final

from coordination.tickets.models import Fulfilment, Ticket
from projects.record.prepared import Given, Prepared

_MET: Final = Prepared(
    lambda: Fulfilment.objects.filter(ticket=Given("ticket")).order_by("event_id")
    .only("event_id", "line", "quantity", "recorded_at")
)  # fmt: skip


def deliveries_of(ticket: Ticket) -> dict[int, list[Fulfilment]]:
    """By line, the earliest first; a correction is a row with a minus."""
    made: dict[int, list[Fulfilment]] = {}
    for each in _MET.all(ticket=ticket.pk):
        made.setdefault(each.line, []).append(each)
    return made
