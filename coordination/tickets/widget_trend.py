"""The trend of three weeks: what was filed and what ended on each day, and what was open."""

from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from coordination.tickets.board_counts import moves_by_day, open_before, open_now
from projects.house.blocks import Column, Figures, Format, Listed, Path, Row, Table
from projects.house.sheets import Sheet
from projects.house.trend import Frame, Point, Trend
from projects.house.widgets import OF_MANY, Picture, View
from projects.record.days import beginning_of

_DAYS: Final = 21
_SATURDAY: Final = 5
_ON_A_BOARD: Final = Frame(width=470, height=350, letters=12, side=70)
_ON_A_WALL: Final = Frame(width=790, height=400, letters=17, side=96, left=46)
_SUMMED: Final = ("filed", "reopened", "ended")


def _count(view: View) -> Figures:
    """A row for each of the last 21 days; the last is the running one. One query.

    What was open at a day's end is what is open now, less what came since and with what went.
    """
    today = timezone.localdate(view.at)
    days = [today - timedelta(days=back) for back in range(_DAYS)]  # from today backwards
    moves = moves_by_day(view, beginning_of(days[-1]))
    level = open_now(view)
    rows: list[dict[str, Any]] = []
    for day in days:
        found = moves.get(day, {})
        rows.append({
            "key": f"{day}", "day": date_format(day, "m-d"), "open": level,
            **{name: found.get(name, 0) for name in _SUMMED},
        })  # fmt: skip
        level = open_before(level, found)
    total = {name: sum(row[name] for row in rows) for name in _SUMMED}
    return {"days": rows[::-1], "total": total}


def _entries(column: str) -> Any:
    """The ledger's page of what a day's figure counts; of all days where the row is the total."""

    def address(view: View, key: Path) -> str:
        today = timezone.localdate(view.at)
        first, last = (today - timedelta(days=_DAYS - 1), today) if key == ("total",) else (
            key[0], key[0]
        )  # fmt: skip
        asked: dict[str, Any] = {"first": first, "last": last, "by": "kind"}
        if view.group is not None:
            asked["group"] = view.group.pk
        return f"{reverse('admin:ledger_entries', args=[column])}?{urlencode(asked)}"

    return address


def _draw(sheet: Sheet, view: View) -> SafeString:
    points = []
    for row in sheet.rows:
        if row.is_total:
            continue
        day, cells = date.fromisoformat(row.key[0]), sheet.named(row)
        is_monday = day.weekday() == 0
        points.append(
            Point(
                label=row.titles[0],
                tick=date_format(day, "n/j") if is_monday else "",
                is_shaded=day.weekday() >= _SATURDAY,
                level=cells["open"].value,
                columns=(cells["filed"].value, cells["ended"].value),
                links=(cells["filed"].link or "", cells["ended"].link or ""),
            )
        )
    frame = _ON_A_WALL if view.is_public else _ON_A_BOARD
    names = (pgettext("board", "filed"), pgettext("board", "ended"))
    return Trend(points, frame, pgettext("board", "open"), names).draw()


TREND: Final = Picture(
    "trend", 30, pgettext_lazy("board", "Tickets by day"), _count,
    Table(
        headings=(gettext_lazy("day"),),
        columns=(
            Column("filed", pgettext_lazy("board", "filed"), link=_entries("filed")),
            Column("reopened", pgettext_lazy("board", "reopened"), link=_entries("reopened")),
            Column("ended", pgettext_lazy("board", "ended"), link=_entries("ended")),
            Column("open", pgettext_lazy("board", "open"), link=_entries("after")),
        ),
        rows=(
            Listed(
                ("days",), Column("key", gettext_lazy("day"), Format.DAY),
                Column("day", gettext_lazy("day"), Format.DAY),
            ),
            Row(gettext_lazy("In all"), ("total",), is_total=True, lacks=frozenset({"open"})),
        ),
        note=pgettext_lazy("board", "Ended: written off, declined or withdrawn."),
    ),
    span=5, draw=_draw, whose=OF_MANY, wall="top-right",
    note=lambda _view: pgettext("board", "three weeks, weekends shaded"),
)  # fmt: skip
