"""Where each ticket stood at a moment, and what happened in a window of time.

The bulletin, the ledger, the board and an enterprise's own tickets of a week ask this here, and
nobody asks the events by themselves. Everything is a function of the events recorded up to the
moment; it is read from the ranges of time in which each ticket had one status and group.
"""

from datetime import datetime
from typing import Any, Final

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import GreaterThan

from coordination.tickets.flow import ENDED, OPEN, Status
from coordination.tickets.models import StateRange, TicketEvent
from coordination.tickets.models.state_range import UNTIL
from projects.flow.table import NEW

_OPEN: Final = sorted(OPEN)
_ENDED: Final = sorted(ENDED)
IS_OPEN: Final = Q(status__in=_OPEN)
_WAS_OPEN: Final = Q(status_before__in=_OPEN)

# What happened, as conditions on the ranges of ``changed_in``.
FILED: Final = Q(status_before=NEW)
REOPENED: Final = Q(status_before__in=_ENDED) & IS_OPEN
ENDING: Final = _WAS_OPEN & Q(status__in=_ENDED)
SETTLED: Final = Q(status=Status.RESOLVED) & ~Q(status_before=Status.RESOLVED)
# It was filed, it ended, or it was reopened.
CAME_OR_ENDED: Final = FILED | Q(status_before__in=_ENDED) | Q(status__in=_ENDED)
# It was open and went from one group, or from none, to another.
MOVED: Final = _WAS_OPEN & (
    Q(group_before__isnull=True, group__isnull=False)
    | Q(group_before__isnull=False, group__isnull=True)
    | ~Q(group_before=F("group"))
)

# A condition on ``state``, a row of the ranges: it held at the moment %(at)s.
HELD_AT_SQL: Final = """
    state.began_at <= %(at)s AND COALESCE(state.ended_at, 'infinity'::timestamptz) > %(at)s
"""


def ended_as(status: Status) -> Q:
    """It ended in this state."""
    return _WAS_OPEN & Q(status=status)


def held_at(at: datetime | OuterRef) -> Q:
    """The condition of the ranges that held at the moment, or at that of an outer query's row."""
    return Q(began_at__lte=at) & Q(GreaterThan(UNTIL, at))


def standing_at(at: datetime) -> QuerySet[StateRange]:
    """For each ticket the range that held at the moment."""
    return StateRange.objects.filter(held_at(at)).order_by()


def status_at(at: datetime) -> Subquery:
    """For a query of tickets: the state in which each stood; null where it was not filed yet."""
    found: QuerySet[Any] = StateRange.objects.filter(held_at(at), ticket=OuterRef("pk"))
    return Subquery(found.values("status")[:1])


def up_to(at: datetime) -> QuerySet[StateRange]:
    """Every range that began by the moment."""
    return StateRange.objects.filter(began_at__lte=at).order_by()


def changed_in(start: datetime, end: datetime) -> QuerySet[StateRange]:
    """The ranges that began after ``start``, up to and with ``end``: one for each change."""
    return StateRange.objects.filter(began_at__gt=start, began_at__lte=end).order_by()


def with_own_event(changes: QuerySet[StateRange]) -> QuerySet[Any]:
    """Each with ``entry``, the id of the event that began it."""
    return changes.annotate(entry=F("pk") + 0)  # the sum is not looked for in the key's index


def with_last_event(standing: QuerySet[StateRange], at: datetime) -> QuerySet[Any]:
    """Ranges that held at the moment, each with ``entry``, the id of its ticket's last event then.

    Whether that event changed the state or not.
    """
    events: QuerySet[Any] = TicketEvent.objects.filter(
        ticket=OuterRef("ticket"), recorded_at__lte=at
    )
    return standing.annotate(entry=Subquery(events.order_by("-seq").values("pk")[:1]))


def resolved_since(since: datetime) -> QuerySet[Any]:
    """The ids of the tickets that were resolved at or after the moment, at least once."""
    return StateRange.objects.filter(SETTLED, began_at__gte=since).values("ticket_id")
