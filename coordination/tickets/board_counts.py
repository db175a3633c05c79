"""What the boards count of tickets, each once for all widgets of a board.

The conditions are those of the queue's filters, so that a number and the rows behind it agree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Count, F, Min, Q, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse

from coordination.tickets.clocks.lights import Light, lit
from coordination.tickets.flow import Status
from coordination.tickets.models import Ticket
from coordination.tickets.queries import AWAITING_SIGNATURE
from coordination.tickets.queries_history import (
    ENDING,
    FILED,
    MOVED,
    REOPENED,
    SETTLED,
    changed_in,
)
from coordination.tickets.queries_lately import LATELY, resolved_lately
from coordination.tickets.standing import LAST_PASS
from coordination.tickets.urgency import Urgency
from coordination.tickets.waiting import IS_OPEN
from projects.house.amounts import rate
from projects.house.blocks import Period
from projects.house.widgets import View

_INSTANT: Final = timedelta(microseconds=1)
ORDER: Final = (Status.SUBMITTED, Status.IN_PROGRESS, Status.NEED_INFO, Status.RESOLVED)


def queue(view: View, **filters: object) -> str:
    """The address of the queue with these filters, within the board's group or officer.

    What an officer resolved is his by ``resolver``, whoever handles it now.
    """
    if view.group is not None:
        filters = {"group": view.group.pk, **filters}
    if view.officer is not None:
        own = "resolver" if "punctual" in filters else "handler"
        filters = {own: view.officer.pk, **filters}
    return f"{reverse('admin:tickets_ticket_changelist')}?{urlencode(filters)}"


def tickets_of(view: View, whose: str = "handler") -> QuerySet[Ticket]:
    """The tickets of the board: of its group, or of its officer by the column ``whose``."""
    rows = Ticket.objects.order_by()
    if view.group is not None:
        rows = rows.filter(group=view.group)
    return rows.filter(**{whose: view.officer}) if view.officer is not None else rows


@dataclass(frozen=True)
class Open:
    """The open tickets of one kind, status, group and handler."""

    kind: str
    status: str
    group: int | None
    handler: int | None
    number: int
    pressing: int
    red: int
    yellow: int
    oldest: datetime
    last_passed: int  # twice passed on: the duty desk rules on a third transfer
    to_countersign: int

    @property
    def green(self) -> int:
        """Those with a clock that is neither red nor yellow; a resolved one has no clock."""
        return 0 if self.status == Status.RESOLVED else self.number - self.red - self.yellow


def open_of(view: View) -> list[Open]:
    """The open tickets of the board in one query."""
    return view.once("tickets.open", _count_open)


def _count_open(view: View) -> list[Open]:
    counts = (
        tickets_of(view)
        .filter(IS_OPEN)
        .values_list("kind", "status", "group", "handler")
        .annotate(
            number=Count("pk"),
            pressing=Count("pk", filter=~Q(urgency=Urgency.NORMAL)),
            red=Count("pk", filter=lit(Light.RED, view.at)),
            yellow=Count("pk", filter=lit(Light.YELLOW, view.at)),
            oldest=Min("filed_at"),
            last_passed=Count("pk", filter=Q(pass_count=LAST_PASS)),
            to_countersign=Count("pk", filter=AWAITING_SIGNATURE),
        )
    )
    return [Open(*each) for each in counts]


@dataclass(frozen=True)
class Punctual:
    """Of what was resolved in the last thirty days: how many in time, of how many."""

    group: int | None
    officer: int | None
    kept: int
    number: int


def punctual_of(view: View) -> list[Punctual]:
    """By group and by who resolved it, in one query."""
    return view.once("tickets.punctual", _count_punctual)


def _count_punctual(view: View) -> list[Punctual]:
    counts: QuerySet[Any] = (
        tickets_of(view, "resolved_by")
        .filter(resolved_lately(view.at))
        .values_list("group", "resolved_by")
        .annotate(kept=Count("pk", filter=Q(resolved_at__lte=F("due_at"))), number=Count("pk"))
    )
    return [Punctual(*each) for each in counts]


def rate_of(found: list[Punctual]) -> tuple[int, int, str | None]:
    """In time, all, and the rate in percent with one place; None where there is nothing."""
    kept, number = sum(each.kept for each in found), sum(each.number for each in found)
    return kept, number, rate(kept, number)


def lately_of(view: View) -> dict[str, tuple[int, int]]:
    """By kind: how many tickets were filed in the last thirty days, and how many ended."""
    rows: QuerySet[Any] = changed_in(view.at - LATELY, view.at)
    if view.group is not None:
        rows = rows.filter(ticket__group=view.group)
    if view.officer is not None:
        rows = rows.filter(ticket__handler=view.officer)
    counts = rows.values_list("kind").annotate(
        filed=Count("ticket", distinct=True, filter=FILED),
        ended=Count("ticket", distinct=True, filter=ENDING),
    )
    return {kind: (filed, ended) for kind, filed, ended in counts}


_CAME: Final = ("filed", "reopened", "moved_in")
_WENT: Final = ("ended", "moved_out")
type Moves = dict[str, int]


def _changes(view: View, start: datetime, end: datetime) -> tuple[QuerySet[Any], dict[str, Q]]:
    """The changes of a period that concern the board, and what they were, as conditions."""
    mine = Q(group=view.group) if view.group is not None else Q()
    what = {
        "filed": FILED & mine, "reopened": REOPENED & mine, "ended": ENDING & mine,
        "settled": SETTLED & mine,
    }  # fmt: skip
    rows: QuerySet[Any] = changed_in(start, end)
    if view.group is not None:
        left = Q(group_before=view.group)
        rows = rows.filter(mine | left)
        what |= {"moved_in": MOVED & mine, "moved_out": MOVED & left}
    return rows, what


def moves_in(view: View, start: datetime, end: datetime) -> Moves:
    """How many tickets were filed, reopened and settled in the period, how many ended or moved."""
    rows, what = _changes(view, start, end)
    return rows.aggregate(**{name: Count("pk", filter=each) for name, each in what.items()})


def moves_by_day(view: View, start: datetime) -> dict[date, Moves]:
    """The same for each day since then, in one query. Midnight belongs to the day before."""
    rows, what = _changes(view, start, view.at)
    counts = {name: Count("pk", filter=each) for name, each in what.items()}
    by_day = rows.annotate(on=TruncDate(F("began_at") - _INSTANT)).values("on").order_by("on")
    return {row.pop("on"): row for row in by_day.annotate(**counts)}


def moves_by(
    view: View, key: str, periods: Mapping[str, Period], names: Sequence[str]
) -> dict[Any, Moves]:
    """By the column ``key`` of the ranges: such moves in each of the adjoining periods; one query.

    Each is called by the move and the period, for example ``filed_this``.
    """
    start = min(each.start for each in periods.values())
    end = max(each.end for each in periods.values())
    rows, what = _changes(view, start, end)
    counts = {
        f"{name}_{period}": Count(
            "pk", filter=what[name] & Q(began_at__gt=each.start, began_at__lte=each.end)
        )
        for period, each in periods.items() for name in names
    }  # fmt: skip
    return {row.pop(key): row for row in rows.values(key).annotate(**counts)}


def open_before(level: int, moves: Moves) -> int:
    """How many were open before these moves, where ``level`` were open after them.

    So no past moment is counted from nothing: only what happened since.
    """
    came = sum(moves.get(name, 0) for name in _CAME)
    return level - came + sum(moves.get(name, 0) for name in _WENT)


def open_now(view: View) -> int:
    """How many tickets of the board are open."""
    return sum(each.number for each in open_of(view))
