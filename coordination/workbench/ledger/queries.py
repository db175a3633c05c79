"""The events that each figure of the ledger counts, and so the tickets behind it.

A figure is the number of its entries, and an entry is one event of one ticket: the event that
filed it, moved it or ended it, or, for what is outstanding, the last event before the moment.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.tickets.flow import OPEN, Status
from coordination.tickets.models import TicketEvent
from coordination.tickets.queries_history import (
    FILED,
    MOVED,
    REOPENED,
    group_then,
    happened_in,
    standing_at,
)
from coordination.workbench.ledger.span import Span
from projects.register.models import ProjectRevision


class Column(TextChoices):
    BEFORE = "before", pgettext_lazy("ledger", "outstanding at the start")
    FILED = "filed", pgettext_lazy("ledger", "opened")
    REOPENED = "reopened", pgettext_lazy("ledger", "reopened")
    MOVED_IN = "moved_in", pgettext_lazy("ledger", "moved in")
    MOVED_OUT = "moved_out", pgettext_lazy("ledger", "moved out")
    WRITTEN_OFF = "written_off", pgettext_lazy("ledger", "written off")
    DECLINED = "declined", pgettext_lazy("ledger", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("ledger", "withdrawn")
    AFTER = "after", pgettext_lazy("ledger", "outstanding at the end")
    SETTLED = "settled", pgettext_lazy("ledger", "settled in the period")
    AWAITING = "awaiting", pgettext_lazy("ledger", "of these settled, not written off")


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
    Column.WRITTEN_OFF: Q(from_status__in=OPEN, to_status=Status.CLOSED),
    Column.DECLINED: Q(from_status__in=OPEN, to_status=Status.DECLINED),
    Column.WITHDRAWN: Q(from_status__in=OPEN, to_status=Status.WITHDRAWN),
    Column.SETTLED: Q(to_status=Status.RESOLVED) & ~Q(from_status=Status.RESOLVED),
}
_KEYS: Final[dict[By, str]] = {
    By.GROUP: "group_then",
    By.KIND: "ticket__kind",
    By.DISTRICT: "district_then",
    By.PROJECT: "ticket__project_id",
}
type Key = int | str | None
type Scope = Mapping[By, Key]
type Figures = dict[Key, Counter[str]]


def _district_by(end: datetime) -> Subquery:
    """The project's district at the end of the period, used for both balances of a row."""
    revisions = ProjectRevision.objects.filter(
        project=OuterRef("ticket__project"), recorded_at__lte=end
    )
    return Subquery(revisions.order_by("-number").values("district")[:1])


def _open_at(at: datetime) -> QuerySet[TicketEvent]:
    """The last event of each ticket that was open at that moment."""
    return standing_at(at).filter(to_status__in=OPEN)


def _during(span: Span) -> QuerySet[TicketEvent]:
    return happened_in(span.start, span.end)


def _within(rows: QuerySet[TicketEvent], span: Span, scope: Scope, **then: Any) -> Any:
    """The events within the scope, each with its group and district at that time."""
    then.setdefault("group_then", group_then())
    rows = rows.order_by().annotate(district_then=_district_by(span.end), **then)
    for by, key in scope.items():
        rows = rows.filter(**({f"{_KEYS[by]}__isnull": True} if key is None else {_KEYS[by]: key}))
    return rows


def entries(column: Column, span: Span, scope: Scope) -> QuerySet[TicketEvent]:
    """The events that one figure counts."""
    if column == Column.BEFORE:
        rows = _within(_open_at(span.start), span, scope)
    elif column == Column.AFTER:
        rows = _within(_open_at(span.end), span, scope)
    elif column == Column.AWAITING:
        settled = _open_at(span.end).filter(to_status=Status.RESOLVED)
        rows = _within(settled, span, scope)
    elif column == Column.MOVED_OUT:
        rows = _within(_during(span).filter(MOVED), span, scope, group_then=F("group_before"))
    else:
        rows = _within(_during(span).filter(_DURING[column]), span, scope)
    found: QuerySet[TicketEvent] = rows
    return found


def counted(by: By, span: Span, scope: Scope) -> Figures:
    """Every figure of every row, in four queries for any length of period and table.

    Balances are counted from the tickets' status at the two moments, movements from the events:
    independently, so that they can be compared.
    """
    key = _KEYS[by]
    figures: Figures = defaultdict(Counter)
    moves = {str(column): Count("pk", filter=condition) for column, condition in _DURING.items()}
    settled = Count("pk", filter=Q(to_status=Status.RESOLVED))
    out = _within(_during(span).filter(MOVED), span, scope, group_then=F("group_before"))
    for rows in (
        _within(_open_at(span.start), span, scope).values(key).annotate(before=Count("pk")),
        _within(_during(span), span, scope).values(key).annotate(**moves),
        out.values(key).annotate(moved_out=Count("pk")),
        _within(_open_at(span.end), span, scope).values(key).annotate(
            after=Count("pk"), awaiting=settled
        ),
    ):  # fmt: skip
        for row in rows:
            value = row.pop(key)
            figures[value].update({name: number for name, number in row.items() if number})
    return {value: numbers for value, numbers in figures.items() if numbers}
