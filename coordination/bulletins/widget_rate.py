"""The rate of resumption day by day, each day as its brief counts it, at 17:30."""

from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from coordination.bulletins.week import brief_cut_off
from projects.house.amounts import rate
from projects.house.blocks import Column, Figures, Format, Listed, Path, Table
from projects.house.sheets import Sheet
from projects.house.trend import Frame, Point, Trend
from projects.house.widgets import ALL_ALONE, Picture, View
from projects.progress.by_day import at_work_by_moment
from projects.progress.widgets import projects_page

_DAYS: Final = 21
_SATURDAY: Final = 5
_FRAME: Final = Frame(width=470, height=300, letters=12, side=104)


def _moments(view: View) -> list[datetime]:
    """The cut-offs of the days before, and the present, which is today's row at any hour."""
    today = timezone.localdate(view.at)
    earlier = (today - timedelta(days=back) for back in range(_DAYS - 1, 0, -1))
    return [*map(brief_cut_off, earlier), view.at]


def _count(view: View) -> Figures | None:
    moments = _moments(view)
    rows = [
        {
            "key": f"{timezone.localtime(moment):%Y-%m-%d %H:%M}",
            "day": date_format(timezone.localtime(moment), "m-d"),
            "planned": planned, "resumed": at_work, "waiting": planned - at_work,
            "rate": rate(at_work, planned),
        }
        for moment, (planned, at_work) in zip(moments, at_work_by_moment(moments), strict=True)
    ]  # fmt: skip
    rows = [row for row in rows if row["planned"]]
    return {"days": rows} if rows else None


def _linked(state: str) -> Any:
    """The projects of this state at the row's moment; of the present without one."""

    def address(view: View, key: Path) -> str:
        is_now = key[0] == f"{timezone.localtime(view.at):%Y-%m-%d %H:%M}"
        at = "" if is_now else f"&{urlencode({'at': key[0]})}"
        return f"{projects_page(view, state)}{at}"

    return address


def _draw(sheet: Sheet, _view: View) -> SafeString:
    points = []
    for row in sheet.rows:
        day, cells = datetime.strptime(row.key[0], "%Y-%m-%d %H:%M").date(), sheet.named(row)  # noqa: DTZ007 - a local day
        points.append(
            Point(
                label=row.titles[0], tick=date_format(day, "n/j") if day.weekday() == 0 else "",
                is_shaded=day.weekday() >= _SATURDAY, level=float(cells["rate"].value),
                columns=(cells["waiting"].value,), links=(cells["waiting"].link or "",),
            )
        )  # fmt: skip
    names = (pgettext("board", "not at work"),)
    return Trend(points, _FRAME, pgettext("board", "rate of resumption (%)"), names).draw()


RATE: Final = Picture(
    "rate", 75, pgettext_lazy("board", "Rate of resumption by day"), _count,
    Table(
        headings=(gettext_lazy("day"),),
        columns=(
            Column(
                "planned", pgettext_lazy("bulletin", "planned"), unit="个", link=_linked("planned")
            ),
            Column(
                "resumed", pgettext_lazy("bulletin", "resumed"), unit="个", link=_linked("resumed")
            ),
            Column(
                "waiting", pgettext_lazy("board", "not at work"), unit="个",
                link=_linked("waiting"),
            ),
            Column("rate", pgettext_lazy("bulletin", "rate"), Format.RATE, "%", is_nullable=True),
        ),
        rows=(
            Listed(
                ("days",), Column("key", gettext_lazy("day"), Format.TEXT),
                Column("day", gettext_lazy("day"), Format.TEXT),
            ),
        ),
        note=pgettext_lazy("board", "As recorded by 17:30 of each day; the last row is now."),
    ),
    span=5, draw=_draw, whose=ALL_ALONE,
    note=lambda _view: pgettext("board", "three weeks, weekends shaded"),
)  # fmt: skip
