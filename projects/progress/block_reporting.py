"""The block of reports for the cut-off day. A missing report is "not reported", never zero."""

from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from projects.house.blocks import Block, Column, Figures, Format, Mark, Period, Table
from projects.house.equations import Equation
from projects.house.outline import RESUMPTION
from projects.house.sentences import Sentence
from projects.progress.queries import reported_on_day_of
from projects.register.counted import opens
from projects.register.queries import planned_at


def count(period: Period) -> dict[str, Any]:
    """Of the projects planned to be at work, those with a report for the day."""
    expected = set(planned_at(period.end).values_list("project_id", flat=True))
    reported = set(reported_on_day_of(period.end).values_list("project_id", flat=True))
    return {
        "day": period.day.isoformat(),
        "expected": len(expected),
        "reported": len(expected & reported),
        "unreported": len(expected - reported),
    }


def _steps(figures: Figures) -> Iterator[str]:
    if figures["unreported"]:
        yield ngettext(
            "%(number)s project that did not report catches up, and all report each day by 17:00.",
            "%(number)s projects that did not report catch up, and all report each day by 17:00.",
            figures["unreported"],
        ) % {"number": figures["unreported"]}


_SENTENCE: Final = Sentence(
    _("%(day)s: %(reported)s of %(expected)s projects reported, %(unreported)s unreported."),
    needs="expected", otherwise=_("No project was due to report."),
)  # fmt: skip
BLOCK: Final = Block(
    name="reporting", place=70, chapter=RESUMPTION, count=count, steps=_steps,
    marks=(Mark("reported", "It reported for the day of the cut-off.", reported_on_day_of),),
    tables=(
        Table(
            heading=_("Reports of the day"), in_words=True, sentences=(_SENTENCE,),
            columns=(
                Column("day", _("day"), Format.DAY),
                Column(
                    "expected", pgettext_lazy("bulletin", "expected to report"), unit="个",
                    link=opens("planned"),
                ),
                Column(
                    "reported", pgettext_lazy("bulletin", "reported"), unit="个",
                    link=opens("reported"),
                ),
                Column(
                    "unreported", pgettext_lazy("bulletin", "unreported"), unit="个",
                    link=opens("unreported"),
                ),
            ),
            equations=(Equation("expected = reported + unreported"),),
        ),
    ),
)  # fmt: skip
