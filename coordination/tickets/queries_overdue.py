"""Which tickets were overdue at a moment that has passed.

The row of a ticket keeps the running deadline alone. Where it has changed since the moment, the
deadline of then is read from the last event by then that set one.
"""

from collections import Counter
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields import DateTimeField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from coordination.tickets.flow import RUNNING, Status, Verb
from coordination.tickets.models import StateRange, TicketEvent
from coordination.tickets.queries_history import standing_at

_IS_RUNNING: Final = Q(status__in=sorted(RUNNING))


def red_at(at: datetime, of: str = "") -> Q:
    """The condition for the overdue ones; ``of`` leads to the ticket, such as ``ticket__``."""
    due, paused = f"{of}clock_due", f"{of}paused_at"
    return Q(**{f"{due}__lt": at}) & (
        Q(**{f"{paused}__isnull": True}) | Q(**{f"{due}__lt": F(paused)})
    )


def _unchanged(at: datetime) -> QuerySet[StateRange]:
    """Overdue, of the tickets to which nothing happened since."""
    return standing_at(at).filter(
        _IS_RUNNING, red_at(at, "ticket__"), ticket__changed_at__lte=at,
        ticket__clock_due__isnull=False,
    )  # fmt: skip


def _changed(at: datetime) -> QuerySet[Any]:
    """Overdue, of the tickets to which something happened since."""
    later = TicketEvent.objects.filter(recorded_at__gt=at)
    asked = _events(at).filter(verb=Verb.ASK).values("recorded_at")[:1]
    rows = standing_at(at).filter(_IS_RUNNING, ticket__in=later.values("ticket"))
    clocks: QuerySet[Any] = with_deadline(rows, at).annotate(asked=Subquery(asked))
    return clocks.filter(~Q(status=Status.NEED_INFO) | Q(due__lt=F("asked")), due__lt=at)


def _events(at: datetime) -> QuerySet[Any]:
    """The events by then of an outer query's ticket, the last first."""
    rows = TicketEvent.objects.filter(ticket=OuterRef("ticket"), recorded_at__lte=at)
    return rows.order_by("-seq")


def with_deadline(standing: QuerySet[StateRange], at: datetime) -> QuerySet[Any]:
    """Each range with ``due``, the deadline that its ticket had at the moment; null without one."""
    said = KeyTextTransform("due", KeyTextTransform("clock", "payload"))
    told = _events(at).filter(payload__has_key="clock").annotate(said=Cast(said, DateTimeField()))
    return standing.annotate(due=Subquery(told.values("said")[:1]))


def overdue_at(at: datetime) -> QuerySet[StateRange]:
    """Where each ticket stood that was overdue then, with its clock running.

    While an answer is awaited a ticket is as it was when the question was asked.
    """
    found = Q(pk__in=_unchanged(at).values("pk")) | Q(pk__in=_changed(at).values("pk"))
    return standing_at(at).filter(_IS_RUNNING, found)


def overdue_by(at: datetime, *names: str) -> Counter[tuple[Any, ...]]:
    """How many were overdue then, by columns of the ranges."""
    found: Counter[tuple[Any, ...]] = Counter()
    for part in (_unchanged, _changed):
        for *values, number in part(at).values_list(*names).annotate(Count("pk")):
            found[tuple(values)] += number
    return found
