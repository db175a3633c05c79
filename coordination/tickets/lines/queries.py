"""What was met of a ticket's lines, over time."""

from coordination.tickets.models import Fulfilment, Ticket


def deliveries_of(ticket: Ticket) -> dict[int, list[Fulfilment]]:
    """By line, the earliest first; a correction is a row with a minus."""
    made: dict[int, list[Fulfilment]] = {}
    rows = Fulfilment.objects.filter(ticket=ticket.pk).order_by("event_id")
    for each in rows.only("event_id", "line", "quantity", "recorded_at"):
        made.setdefault(each.line, []).append(each)
    return made
