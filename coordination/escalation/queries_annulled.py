"""Which steps of the ladder were annulled."""

from datetime import datetime

from django.db.models import Q, QuerySet

from coordination.escalation.models import Escalation
from coordination.tickets.models import Ticket


def not_annulled(steps: QuerySet[Escalation], at: datetime) -> QuerySet[Escalation]:
    """Those that stood at that moment: a bulletin counts by what was recorded until then."""
    return steps.filter(Q(annulment=None) | Q(annulment__recorded_at__gt=at))


def count_annulled(ticket: Ticket, level: str) -> int:
    """How many steps of this level were given for the running deadline and annulled."""
    steps = Escalation.objects.filter(ticket=ticket, run=ticket.clock_run, level=level)
    return steps.filter(annulment__isnull=False).count()
