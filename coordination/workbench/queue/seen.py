"""The tickets with changes that an officer has not seen."""

from collections.abc import Iterable

from coordination.staff.models import Officer
from coordination.tickets.models import Ticket
from coordination.workbench.models import TicketSeen


def mark_seen(*, ticket: Ticket, by: Officer) -> None:
    """Mark the ticket's present version as seen by him. Not part of the record."""
    TicketSeen.objects.bulk_create(
        [TicketSeen(officer=by, ticket=ticket, changed_at=ticket.changed_at)],
        update_conflicts=True, unique_fields=["ticket", "officer"], update_fields=["changed_at"],
    )  # fmt: skip


def unread_among(tickets: Iterable[Ticket], by: Officer) -> set[int]:
    """The tickets that he has never seen or that changed since; one query for all."""
    shown = {ticket.pk: ticket.changed_at for ticket in tickets}
    seen = dict(
        TicketSeen.objects.filter(officer=by, ticket__in=list(shown)).values_list(
            "ticket_id", "changed_at"
        )
    )
    return {pk for pk, changed_at in shown.items() if pk not in seen or seen[pk] < changed_at}
