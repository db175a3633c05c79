"""What each figure of the ledger counts, and the tickets behind it.

A figure is the number of its entries, and an entry is one event of one ticket: the event that
filed it, moved it or ended it, or, for what is outstanding, the last event before the moment.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.tickets.flow import Status
from coordination.tickets.models import StateRange, TicketEvent
from coordination.tickets.queries_history import (
    ENDING,
    FILED,
    IS_OPEN,
    MOVED,
    REOPENED,
    SETTLED,
    changed_in,
    ended_as,
    standing_at,
    up_to,
    with_last_event,
    with_own_event,
)
from coordination.tickets.queries_in_time import forgiven
from coordination.tickets.queries_overdue import overdue_at
from coordination.workbench.ledger.span import Span
from projects.register.queries import known_at


class Column(TextChoices):
    BEFORE = "before", pgettext_lazy("ledger", "outstanding at the start")
    FILED = "filed", pgettext_lazy("ledger", "opened")
    REOPENED = "reopened", pgettext_lazy("ledger", "reopened")
    MOVED_IN = "moved_in", pgettext_lazy("ledger", "moved in")
    MOVED_OUT = "moved_out", pgettext_lazy("ledger", "moved out")
    WRITTEN_OFF = "written_off", pgettext_lazy("ledger", "written off")
    DECLINED = "declined", pgettext_lazy("ledger", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("ledger", "withdrawn")
    ENDED = "ended", pgettext_lazy("ledger", "ended")  # the three before, together; on boards
    AFTER = "after", pgettext_lazy("ledger", "outstanding at the end")
    SETTLED = "settled", pgettext_lazy("ledger", "settled in the period")
    AWAITING = "awaiting", pgettext_lazy("ledger", "of these settled, not written off")
    # Figures of bulletins, not columns of the ledger's table.
    IN_TIME = "in_time", pgettext_lazy("ledger", "resolved in time")
    LATE = "late", pgettext_lazy("ledger", "resolved late")
    OVERDUE = "overdue", pgettext_lazy("ledger", "overdue at the end")
    FILED_IN_ALL = "filed_in_all", pgettext_lazy("ledger", "opened by the end, in all")
    SETTLED_IN_ALL = "settled_in_all", pgettext_lazy("ledger", "written off at the end, in all")


class By(TextChoices):
    """What the rows of the ledger are grouped by."""

    GROUP = "group", _("service group")
    KIND = "kind", _("kind")
    DISTRICT = "district", pgettext_lazy("administrative unit", "district")
    PROJECT = "project", _("project")


_DURING: Final[dict[Column, Q]] = {
    Column.FILED: FILED,
    Column.REOPENED: REOPENED,
    Column.MOVED_IN: MOVED,
    Column.WRITTEN_OFF: ended_as(Status.CLOSED),
    Column.DECLINED: ended_as(Status.DECLINED),
    Column.WITHDRAWN: ended_as(Status.WITHDRAWN),
    Column.ENDED: ENDING,
    Column.SETTLED: SETTLED,
}
_RESOLVED: Final = frozenset({Column.IN_TIME, Column.LATE})
_IS_SETTLED: Final = Q(status=Status.RESOLVED)
# A project has one district in the whole table, so a table by districts is one by projects, added.
_KEYS: Final[dict[By, str]] = {
    By.GROUP: "group_id",
    By.KIND: "kind",
    By.DISTRICT: "project_id",
    By.PROJECT: "project_id",
}
_MOVED_OUT_OF: Final = "group_before_id"
type Key = int | str | None
type Scope = Mapping[By, Key]
type Figures = dict[Key, Counter[str]]


def _open_at(at: datetime) -> QuerySet[StateRange]:
    """Where each ticket that was open at that moment stood."""
    return standing_at(at).filter(IS_OPEN)


def _within(
    rows: QuerySet[StateRange], span: Span, scope: Scope, group: str = _KEYS[By.GROUP]
) -> QuerySet[StateRange]:
    """Those within the scope; of the group that the column ``group`` names."""
    for by, key in scope.items():
        name = group if by == By.GROUP else _KEYS[by]
        if by == By.DISTRICT:
            rows = rows.filter(_is_in_district(key, span.end))
        else:
            rows = rows.filter(**({f"{name}__isnull": True} if key is None else {name: key}))
    return rows


def _is_in_district(district: Any, end: datetime) -> Q:
    """By the project's district at the end of the period, used for both balances of a row."""
    known = known_at(end).order_by()
    if district is None:
        return ~Q(project__in=known.values("project"))
    return Q(project__in=known.filter(district=district).values("project"))


def _entries(column: Column, span: Span, scope: Scope) -> QuerySet[Any]:
    """The ranges that one figure counts, each with ``entry``, the id of its event."""
    standing = _standing(column, span)
    if standing is not None:
        at = span.start if column == Column.BEFORE else span.end
        return with_last_event(_within(standing, span, scope), at)
    if column == Column.FILED_IN_ALL:
        return with_own_event(_within(up_to(span.end).filter(FILED), span, scope))
    changes = changed_in(span.start, span.end)
    if column == Column.MOVED_OUT:
        return with_own_event(_within(changes.filter(MOVED), span, scope, _MOVED_OUT_OF))
    during = _resolved(column, span) if column in _RESOLVED else _DURING[column]
    return with_own_event(_within(changes.filter(during), span, scope))


def _resolved(column: Column, span: Span) -> Q:
    """Resolved in time or late, as it was known at the end."""
    in_time = Q(event__payload__in_time=True) | Q(pk__in=forgiven(span.start, span.end))
    if column == Column.IN_TIME:
        return SETTLED & in_time
    return SETTLED & Q(event__payload__in_time=False) & ~in_time


def _standing(column: Column, span: Span) -> QuerySet[StateRange] | None:
    """Where the tickets stood that the figure counts at a moment; None if it counts events."""
    match column:
        case Column.BEFORE:
            return _open_at(span.start)
        case Column.AFTER:
            return _open_at(span.end)
        case Column.AWAITING:
            return _open_at(span.end).filter(_IS_SETTLED)
        case Column.OVERDUE:
            return overdue_at(span.end)
        case Column.SETTLED_IN_ALL:
            return standing_at(span.end).filter(status=Status.CLOSED)
    return None


def entries(column: Column, span: Span, scope: Scope) -> QuerySet[TicketEvent]:
    """The events that one figure counts."""
    return TicketEvent.objects.filter(pk__in=_entries(column, span, scope).values("entry"))


def page_of_entries(
    column: Column, span: Span, scope: Scope, *, after: int | None, size: int
) -> list[TicketEvent]:
    """At most ``size`` of these events in the order of their ids, behind the id ``after``.

    With their tickets, projects and groups. First the ids alone are found: PostgreSQL would look
    through all events in the order of their ids for the first of a period.
    """
    rows = _entries(column, span, scope)
    if after is not None:
        rows = rows.filter(entry__gt=after)
    ids = list(rows.order_by("entry").values_list("entry", flat=True)[:size])
    events = TicketEvent.objects.filter(pk__in=ids).order_by("pk")
    return list(events.select_related("ticket__project", "ticket__group"))


def counted(by: By, span: Span, scope: Scope) -> Figures:
    """Every figure of every row, in as many queries for any length of period and table.

    Balances are counted from where the tickets stood at the two moments, movements from the
    changes: independently, so that they can be compared.
    """
    key = _KEYS[by]
    figures: Figures = defaultdict(Counter)
    changes = changed_in(span.start, span.end)
    moves = {str(column): Count("pk", filter=condition) for column, condition in _DURING.items()}
    settled = Count("pk", filter=_IS_SETTLED)
    out = _within(changes.filter(MOVED), span, scope, _MOVED_OUT_OF)
    if By.GROUP not in {by, *scope}:  # tickets move between groups alone
        out = out.none()
    out_of = _MOVED_OUT_OF if by == By.GROUP else key
    district = _districts_at(span.end) if by == By.DISTRICT else None
    for name, rows in (
        (key, _within(_open_at(span.start), span, scope).values(key).annotate(before=Count("pk"))),
        (key, _within(changes, span, scope).values(key).annotate(**moves)),
        (out_of, out.values(out_of).annotate(moved_out=Count("pk"))),
        (key, _within(_open_at(span.end), span, scope).values(key).annotate(
            after=Count("pk"), awaiting=settled
        )),
    ):  # fmt: skip
        for row in rows:
            value = row.pop(name)
            value = value if district is None else district.get(value)
            figures[value].update({each: number for each, number in row.items() if number})
    return {value: numbers for value, numbers in figures.items() if numbers}


def _districts_at(end: datetime) -> dict[int, int]:
    """The district of each project at the end of the period."""
    return dict(known_at(end).values_list("project_id", "district_id"))
