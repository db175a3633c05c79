"""Facts that came after the last cut-off: what its figures would have been with them.

The earlier issue stays as it was published; this one has both values (更正).
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from projects.house.blocks import (
    Block,
    Column,
    Figures,
    Keyed,
    Path,
    Period,
    Table,
    Text,
)
from projects.house.equations import Equation
from projects.house.outline import RESUMPTION
from projects.progress.models import DailyReport
from projects.progress.queries import resumed_at
from projects.register.queries import planned_at

_TITLES: Final[dict[str, Text]] = {
    "resumed": pgettext_lazy("bulletin", "resumed or started"),
    "reported": pgettext_lazy("bulletin", "reported on the day of the cut-off"),
}


def _known(at: datetime, known_at: datetime) -> dict[str, int]:
    """Of the projects planned by the cut-off, what is known of them up to a later moment.

    A plan that changed since then was not late: it holds from when it was recorded.
    """
    planned = set(planned_at(at).values_list("project_id", flat=True))
    going = set(resumed_at(at, known_at).values_list("project_id", flat=True))
    reports = DailyReport.objects.filter(recorded_at__lte=known_at, day=timezone.localdate(at))
    reported = set(reports.values_list("project_id", flat=True))
    return {
        "resumed": len(planned & going),
        "reported": len(planned & reported),
    }


def count(period: Period) -> dict[str, Any]:
    """Each figure of the cut-off before this one that late facts would have changed."""
    then, now_known = _known(period.start, period.start), _known(period.start, period.end)
    return {
        name: {
            "before": then[name], "after": now_known[name],
            "difference": now_known[name] - then[name],
        }
        for name in _TITLES
        if then[name] != now_known[name]
    }  # fmt: skip


def _titles() -> dict[Path, tuple[Text, ...]]:
    return {(name,): (title,) for name, title in _TITLES.items()}


def _said(figures: Figures) -> Iterator[str]:
    for name, title in _TITLES.items():
        if name in figures:
            yield gettext(
                "%(figure)s: %(before)s in the last issue, %(after)s with what came later."
            ) % {**figures[name], "figure": title}


BLOCK: Final = Block(
    name="late", place=78, chapter=RESUMPTION, count=count,
    tables=(
        Table(
            title=_("Corrections of the last issue because of late reports"), unit="个",
            heading=_("Corrections of the last issue"), headings=("",), says=_said,
            columns=(
                Column("before", pgettext_lazy("bulletin", "as printed")),
                Column("after", pgettext_lazy("bulletin", "as corrected")),
                Column("difference", pgettext_lazy("bulletin", "difference")),
            ),
            rows=(Keyed("BulletinLateFigure", _titles),),
            equations=(Equation("before + difference = after"),),
            note=_("Reports for days up to the last cut-off that were recorded after it."),
        ),
    ),
)  # fmt: skip
