"""The months of the year: tickets that came and ended in each, and projects at work at its end.

A month that has passed never changes, so its numbers are carried forward with the sealed counts.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import dropwhile
from typing import Any, Final

from django.db.models import Count, Min
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from coordination.tickets.queries_history import ENDING, FILED, changed_in, up_to
from projects.house.amounts import rate
from projects.house.blocks import (
    Block,
    Carried,
    Column,
    Figures,
    Format,
    Keyed,
    Path,
    Period,
    Table,
    Text,
)
from projects.house.outline import OVERALL
from projects.house.totals import Totals
from projects.progress.queries import resumed_at
from projects.record.days import beginning_of
from projects.register.models import ProjectRevision
from projects.register.queries import planned_at

_MOVES: Final = {"filed": FILED, "ended": ENDING}
_AT_END: Final = ("planned", "resumed")
_INSTANT: Final = timedelta(microseconds=1)


def _key(day: date) -> str:
    return f"{day:%Y-%m}"


def _ends(start: datetime, end: datetime) -> Iterator[datetime]:
    """The last instants of the months that ended after ``start``, up to and with ``end``."""
    first = timezone.localdate(start).replace(day=1)
    while True:
        first = (first + timedelta(days=31)).replace(day=1)
        last = beginning_of(first) - _INSTANT
        if last > end:
            return
        if last > start:
            yield last


def _at_work(at: datetime) -> dict[str, int]:
    planned = set(planned_at(at).values_list("project_id", flat=True))
    going = set(resumed_at(at).values_list("project_id", flat=True))
    return {"planned": len(planned), "resumed": len(planned & going)}


def _moves(rows: Any) -> Totals:
    """What came and ended, by month."""
    counts = {name: Count("pk", filter=condition) for name, condition in _MOVES.items()}
    by_month = rows.annotate(month=TruncMonth("began_at")).values("month").annotate(**counts)
    return {
        f"{_key(row['month'])}.{name}": Decimal(row[name])
        for row in by_month for name in _MOVES if row[name]
    }  # fmt: skip


def _at_ends(start: datetime, end: datetime) -> Totals:
    """How many projects were planned and at work at the end of each month."""
    return {
        f"{_key(timezone.localdate(last))}.{name}": Decimal(number)
        for last in _ends(start, end) for name, number in _at_work(last).items() if number
    }  # fmt: skip


def _at(moment: datetime) -> Totals:
    first = ProjectRevision.objects.aggregate(first=Min("recorded_at"))["first"]
    ends = _at_ends(first, moment) if first is not None and first < moment else {}
    return {**_moves(up_to(moment)), **ends}


def _change(period: Period) -> Totals:
    moves = _moves(changed_in(period.start, period.end))
    return {**moves, **_at_ends(period.start, period.end)}


def _figures(period: Period, totals: Totals) -> dict[str, Any]:
    """The months of the cut-off's year, without those before anything was recorded.

    The running month is as it stands at the cut-off.
    """
    day = period.day
    months = [date(day.year, month, 1) for month in range(1, day.month + 1)]
    rows = [_row(_key(month), totals) for month in months]
    running = _at_work(period.end)
    rows[-1] = (rows[-1][0], _written({**rows[-1][1], **running}))
    known = [*dropwhile(lambda row: not any(_counts(row[1])), rows[:-1]), rows[-1]]
    return {"months": dict(known)}


def _row(key: str, totals: Totals) -> tuple[str, dict[str, Any]]:
    numbers = {name: int(totals.get(f"{key}.{name}", 0)) for name in (*_AT_END, *_MOVES)}
    return key, _written(numbers)


def _written(numbers: dict[str, Any]) -> dict[str, Any]:
    return {**numbers, "rate": rate(numbers["resumed"], numbers["planned"])}


def _counts(row: dict[str, Any]) -> Iterator[int]:
    return (row[name] for name in (*_AT_END, *_MOVES))


CARRIED: Final = Carried(at=_at, change=_change, figures=_figures)


def _titles() -> dict[Path, tuple[Text, ...]]:
    return {}


def _title(key: Path) -> tuple[Text, ...]:
    year, month = map(int, key[0].split("-"))
    return (date_format(date(year, month, 1), pgettext("month of a bulletin", "F Y")),)


def _said(figures: Figures) -> Iterator[str]:
    """How many tickets came and ended since the year began."""
    months = figures["months"].values()
    sums = {name: sum(row[name] for row in months) for name in _MOVES}
    if any(sums.values()):
        yield gettext("This year %(filed)s tickets were filed and %(ended)s ended.") % sums


BLOCK: Final = Block(
    name="year", place=36, chapter=OVERALL, count=CARRIED.count, carried=CARRIED,
    tables=(
        Table(
            title=_("The months of the year"), heading=pgettext_lazy("bulletin", "The year"),
            headings=(_("month"),), says=_said,
            columns=(
                Column("planned", pgettext_lazy("bulletin", "planned"), unit="个"),
                Column("resumed", pgettext_lazy("bulletin", "resumed"), unit="个"),
                Column(
                    "rate", pgettext_lazy("bulletin", "rate"), Format.RATE, "%",
                    is_nullable=True,
                ),
                Column("filed", _("filed"), unit="起", says=_("a number of them")),
                Column("ended", _("ended"), unit="起", says=_("a number of them")),
            ),
            rows=(Keyed("BulletinMonth", _titles, at=("months",), title=_title),),
            note=_(
                "Projects at the end of each month, as recorded by then; of the running month, at"
                " the cut-off."
            ),
        ),
    ),
)  # fmt: skip
