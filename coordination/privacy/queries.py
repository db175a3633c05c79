"""What an officer sees unmasked at this moment, and which tickets are due to be purged."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from coordination.privacy.models import LegalHold, Reveal
from coordination.staff.models import Officer
from coordination.tickets.flow import ENDED, OPEN, Capacity, Status
from coordination.tickets.models import EventText, Ticket
from coordination.tickets.reader import TicketReader
from projects.record.clock import now

REVEALED_FOR: Final = timedelta(minutes=30)
KEPT_FOR: Final = timedelta(days=30)  # after the ticket's end, as long as it can be reopened


def revealed(ticket: Ticket, by: Officer) -> frozenset[str]:
    """The groups of personal data that the officer revealed in the last half hour, for a reason."""
    rows = looks_of(ticket, by).filter(capacity="")
    return frozenset(rows.values_list("group", flat=True))


def looks_of(ticket: Ticket, by: Officer) -> QuerySet[Reveal]:
    """His looks at the ticket's personal data in the last half hour, each for so long."""
    return Reveal.objects.filter(ticket=ticket, officer=by, recorded_at__gt=now() - REVEALED_FOR)


def works_on(reader: TicketReader) -> str:
    """The capacity in which he has to ring the contact of an open ticket; empty without one.

    Its handler, or who answers for it while the handler cannot; who assists; the lead who follows
    up what another resolved; the duty desk while nobody of the group can act.
    """
    ticket, by = reader.ticket, reader.officer
    if ticket.status not in OPEN:
        return ""
    capacities = reader.capacities
    handling = capacities & {Capacity.HANDLER, Capacity.GROUP_LEAD}
    if handling and by.pk in {ticket.handler_id, reader.answers}:
        return min(handling)
    follows_up = ticket.status == Status.RESOLVED and ticket.resolved_by_id != by.pk
    if follows_up and Capacity.GROUP_LEAD in capacities:
        return Capacity.GROUP_LEAD
    return min(capacities & {Capacity.ASSISTANT, Capacity.DUTY_DESK_ACTING}, default="")


def is_held(ticket: Ticket) -> bool:
    """Whether the director holds the ticket from the purge."""
    last = LegalHold.objects.filter(ticket=ticket).order_by("-pk").first()
    return last is not None and last.is_held


def due_for_purge(at: datetime) -> QuerySet[Ticket]:
    """Tickets that ended thirty days ago, are not held, and still have texts of that age."""
    limit = at - KEPT_FOR
    texts = EventText.objects.filter(event__ticket=OuterRef("pk"), event__recorded_at__lte=limit)
    last_hold = LegalHold.objects.filter(ticket=OuterRef("pk")).order_by("-pk")
    rows = Ticket.objects.filter(status__in=ENDED, ended_at__lte=limit)
    rows = rows.annotate(held=Subquery(last_hold.values("is_held")[:1]))
    return rows.filter(Q(held=None) | Q(held=False), Exists(texts))
