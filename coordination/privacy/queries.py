"""What an officer may read in the clear at this moment, and what is due to be erased."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from coordination.privacy.models import LegalHold, Reveal
from coordination.staff.models import Officer
from coordination.tickets.flow import ENDED
from coordination.tickets.models import EventText, Ticket
from projects.record.clock import now

SHOWN_FOR: Final = timedelta(minutes=30)
KEPT_FOR: Final = timedelta(days=30)  # after the ticket's end; a reopening comes before that


def revealed(ticket: Ticket, by: Officer) -> frozenset[str]:
    """The groups that he asked to see in the last half hour."""
    rows = Reveal.objects.filter(ticket=ticket, officer=by, recorded_at__gt=now() - SHOWN_FOR)
    return frozenset(rows.values_list("group", flat=True))


def is_revealed(ticket: Ticket, group: str, by: Officer) -> bool:
    """Whether he sees this group in the clear."""
    return group in revealed(ticket, by)


def is_held(ticket: Ticket) -> bool:
    """The director keeps it."""
    last = LegalHold.objects.filter(ticket=ticket).order_by("-pk").first()
    return last is not None and last.is_held


def due_for_purge(at: datetime) -> QuerySet[Ticket]:
    """Ended thirty days ago, not held, with words of that age still there."""
    limit = at - KEPT_FOR
    words = EventText.objects.filter(event__ticket=OuterRef("pk"), event__recorded_at__lte=limit)
    last_hold = LegalHold.objects.filter(ticket=OuterRef("pk")).order_by("-pk")
    rows = Ticket.objects.filter(status__in=ENDED, ended_at__lte=limit)
    rows = rows.annotate(held=Subquery(last_hold.values("is_held")[:1]))
    return rows.filter(Q(held=None) | Q(held=False), Exists(words))
