"""What an officer sees unmasked at this moment, and which tickets are due to be purged."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from coordination.privacy.models import LegalHold, Reveal
from coordination.staff.models import Officer
from coordination.tickets.flow import ENDED
from coordination.tickets.models import EventText, Ticket
from projects.record.clock import now

REVEALED_FOR: Final = timedelta(minutes=30)
KEPT_FOR: Final = timedelta(days=30)  # after the ticket's end, as long as it can be reopened


def revealed(ticket: Ticket, by: Officer) -> frozenset[str]:
    """The groups of personal data that the officer revealed in the last half hour."""
    rows = Reveal.objects.filter(ticket=ticket, officer=by, recorded_at__gt=now() - REVEALED_FOR)
    return frozenset(rows.values_list("group", flat=True))


def is_revealed(ticket: Ticket, group: str, by: Officer) -> bool:
    """Whether the officer sees this group unmasked."""
    return group in revealed(ticket, by)


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
