"""Late reports: what they would have changed in the figures of earlier cut-offs.

The earlier issues stay as they were published; this one has both values (更正).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Min, Sum
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from projects.house.blocks import Block, Column, Figures, Format, Listed, Period, Table, Text
from projects.house.equations import Equation
from projects.house.outline import RESUMPTION
from projects.progress.models import DailyReport
from projects.progress.queries import headcounts_at, reported_on_day_of, resumed_at
from projects.progress.queries_starts import OVERDUE, STARTED, starts_at
from projects.record.days import EARLIEST
from projects.register.queries import planned_at

_WEEK: Final = timedelta(days=7)
TITLES: Final[dict[str, Text]] = {
    "resumed": pgettext_lazy("late", "projects resumed or started"),
    "reported": pgettext_lazy("late", "projects that reported on the day of the cut-off"),
    "started": pgettext_lazy("late", "new starts that have started"),
    "overdue": pgettext_lazy("late", "new starts due and not started"),
    "stated": pgettext_lazy("late", "projects that stated people on site"),
    "required": pgettext_lazy("late", "people required"),
    "on_site": pgettext_lazy("late", "people on site"),
}


def _known(at: datetime, known_at: datetime) -> dict[str, int]:
    """Of the projects planned by the cut-off, what is known of them up to a later moment.

    A plan that changed since then was not late: it holds from when it was recorded.
    """
    planned = set(planned_at(at).values_list("project_id", flat=True))
    going = set(resumed_at(at, known_at).values_list("project_id", flat=True))
    reported = set(reported_on_day_of(at, known_at).values_list("project_id", flat=True))
    starts = starts_at(at, known_at)
    people = headcounts_at(at, known_at).filter(project__in=planned).aggregate(
        stated=Count("pk"), required=Sum("workers_required", default=0),
        on_site=Sum("workers_on_site", default=0),
    )  # fmt: skip
    return {
        "resumed": len(planned & going), "reported": len(planned & reported),
        "started": len(starts[STARTED]), "overdue": len(starts[OVERDUE]), **people,
    }  # fmt: skip


def _cut_offs(period: Period) -> Iterator[datetime]:
    """The earlier cut-offs that a report of this period may change, the oldest first.

    None from more than a year ago: what comes so late is in no issue's corrections.
    """
    last = timezone.localdate(period.start)
    late = DailyReport.objects.filter(
        recorded_at__gt=period.start, recorded_at__lte=period.end, day__lte=last,
        day__gte=last - EARLIEST,
    )  # fmt: skip
    earliest = late.aggregate(day=Min("day"))["day"]
    weeks = (period.day - earliest) // _WEEK if earliest else 0
    for back in reversed(range(weeks + 1)):
        at = period.start - _WEEK * back
        if earliest and timezone.localdate(at) >= earliest:
            yield at


def count(period: Period) -> dict[str, Any]:
    """Each figure of an earlier cut-off that reports of this period would have changed.

    ``before`` is what was known when the period began: as printed, or as corrected since.
    """
    corrections = list[dict[str, Any]]()
    for at in _cut_offs(period):
        then, since = _known(at, period.start), _known(at, period.end)
        week = timezone.localdate(at).isoformat()
        corrections += [
            {
                "key": f"{week}/{name}", "week": week, "figure": name, "before": then[name],
                "after": since[name], "difference": since[name] - then[name],
            }
            for name in TITLES if then[name] != since[name]
        ]  # fmt: skip
    return {"corrections": corrections}


def _said(figures: Figures) -> Iterator[str]:
    for row in figures["corrections"]:
        yield gettext(
            "Week to %(week)s, %(figure)s: %(before)s before, %(after)s with late reports."
        ) % {**row, "figure": TITLES.get(row["figure"], row["figure"])}


BLOCK: Final = Block(
    name="late", is_weekly=True, place=78, chapter=RESUMPTION, count=count,
    tables=(
        Table(
            title=_("Corrections of earlier issues because of late reports"),
            heading=_("Corrections of earlier issues"), says=_said,
            headings=(pgettext_lazy("bulletin", "week to"),),
            columns=(
                Column("figure", pgettext_lazy("bulletin", "figure"), Format.TEXT, words=TITLES),
                Column("before", pgettext_lazy("bulletin", "before")),
                Column("after", pgettext_lazy("bulletin", "as corrected")),
                Column("difference", pgettext_lazy("bulletin", "difference")),
            ),
            rows=(
                Listed(
                    ("corrections",), Column("key", _("key"), Format.TEXT),
                    Column("week", pgettext_lazy("bulletin", "week to"), Format.DAY),
                ),
            ),
            equations=(Equation("before + difference = after"),),
            note=_("Reports for days up to the earlier cut-off that were recorded after it."),
        ),
    ),
)  # fmt: skip
