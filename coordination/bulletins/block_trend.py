"""The last weeks beside this one, each as recorded by its own cut-off."""

from collections.abc import Iterator
from datetime import datetime
from itertools import dropwhile
from typing import Any, Final

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from coordination.bulletins.week import WEEK
from coordination.tickets.queries_history import (
    ENDING,
    FILED,
    IS_OPEN,
    REOPENED,
    changed_in,
    standing_at,
)
from projects.house.amounts import rate
from projects.house.blocks import Block, Column, Figures, Format, Listed, Period, Table
from projects.house.outline import OVERALL
from projects.progress.queries import resumed_at
from projects.register.queries import planned_at

_WEEKS: Final = 5  # this one and four before it


def count(period: Period) -> dict[str, Any]:
    """The figures of each week, the newest last; none from before a project was planned.

    How many tickets were open at earlier ends follows from what happened since.
    """
    ends = [period.end, *(period.start - WEEK * back for back in range(_WEEKS - 1))]
    starts = [period.start, *(end - WEEK for end in ends[1:])]
    standing = standing_at(period.end).filter(IS_OPEN).count()
    rows = list[dict[str, Any]]()
    for start, end in zip(starts, ends, strict=True):
        moves = _moves(start, end)
        rows.append({**_projects(end), **moves, "open": standing})
        standing += moves["ended"] - moves["filed"] - moves["reopened"]
    weeks = list(dropwhile(_is_before_all, rows[:0:-1]))
    return {"weeks": [*weeks, rows[0]]}


def _is_before_all(row: dict[str, Any]) -> bool:
    return not any(row[name] for name in ("planned", "filed", "reopened", "ended", "open"))


def _projects(end: datetime) -> dict[str, Any]:
    planned = set(planned_at(end).values_list("project_id", flat=True))
    going = set(resumed_at(end).values_list("project_id", flat=True))
    number, at_work = len(planned), len(planned & going)
    day = timezone.localdate(end).isoformat()
    return {
        "key": day, "day": day, "planned": number, "resumed": at_work,
        "rate": rate(at_work, number),
    }  # fmt: skip


def _moves(start: datetime, end: datetime) -> dict[str, int]:
    return changed_in(start, end).aggregate(
        filed=Count("pk", filter=FILED), reopened=Count("pk", filter=REOPENED),
        ended=Count("pk", filter=ENDING),
    )  # fmt: skip


def _said(figures: Figures) -> Iterator[str]:
    """This week against the last."""
    if len(figures["weeks"]) < 2:  # noqa: PLR2004 - a week and the one before
        return
    last, this = figures["weeks"][-2:]
    if this["rate"] is not None and last["rate"] is not None:
        yield gettext(
            "The resumption rate is %(rate)s%%; at the last cut-off it was %(before)s%%."
        ) % {"rate": this["rate"], "before": last["rate"]}
    yield gettext("Open tickets: %(open)s; at the last cut-off %(before)s.") % {
        "open": this["open"], "before": last["open"],
    }  # fmt: skip


BLOCK: Final = Block(
    name="trend", is_weekly=True, place=35, chapter=OVERALL, count=count,
    tables=(
        Table(
            title=_("The last weeks"), heading=pgettext_lazy("bulletin", "Change"),
            headings=(_("week to the"),),
            columns=(
                Column("planned", pgettext_lazy("bulletin", "planned"), unit="个"),
                Column("resumed", pgettext_lazy("bulletin", "resumed"), unit="个"),
                Column(
                    "rate", pgettext_lazy("bulletin", "rate"), Format.RATE, "%",
                    is_nullable=True,
                ),
                Column("filed", _("filed"), unit="起", says=_("a number of them")),
                Column("reopened", _("reopened"), unit="起", says=_("a number of them")),
                Column("ended", _("ended"), unit="起", says=_("a number of them")),
                Column("open", _("open after"), unit="起", says=_("a number of them")),
            ),
            rows=(
                Listed(
                    ("weeks",), Column("key", _("day"), Format.DAY),
                    Column("day", _("day"), Format.DAY),
                ),
            ),
            says=_said,
            chart="rate",
            note=_("Each week as it was recorded by its own cut-off."),
        ),
    ),
)  # fmt: skip
