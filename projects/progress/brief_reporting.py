"""The daily brief's reports: who reported the day, who did not, by district and by name."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.house.blocks import Block, Column, Figures, Format, Listed, Period, Row, Table
from projects.house.equations import Equation
from projects.house.outline import REPORTS_OF_DAY
from projects.house.sentences import Sentence
from projects.progress.queries import reported_on_day_of
from projects.register.models import ProjectRevision
from projects.register.queries import planned_at


def count(period: Period) -> Figures:
    """Of the projects planned to be at work, those with a report for the day by its end."""
    planned = list(planned_at(period.end).select_related("project", "district"))
    reported = set(reported_on_day_of(period.end).values_list("project_id", flat=True))
    missing = [each for each in planned if each.project_id not in reported]
    return {
        "day": period.day.isoformat(),
        "expected": len(planned),
        "reported": sum(each.project_id in reported for each in planned),
        "unreported": len(missing),
        "by_district": _by_district(planned, missing),
        "projects": [
            {"code": each.project.code, "name": each.name, "district": each.district.name}
            for each in _in_order(missing)
        ],
    }


def _in_order(rows: Iterable[ProjectRevision]) -> list[ProjectRevision]:
    return sorted(rows, key=lambda each: (each.district.code, each.project.code))


def _by_district(
    planned: list[ProjectRevision], missing: list[ProjectRevision]
) -> list[dict[str, Any]]:
    """A row for each district in which a project is planned, by their codes."""
    named = {each.district.code: each.district.name for each in planned}
    expected = Counter(each.district.code for each in planned)
    unreported = Counter(each.district.code for each in missing)
    return [
        {
            "code": code, "name": named[code], "expected": expected[code],
            "reported": expected[code] - unreported[code], "unreported": unreported[code],
        }
        for code in sorted(named)
    ]  # fmt: skip


BLOCK: Final = Block(
    name="reporting", place=10, chapter=REPORTS_OF_DAY, count=count,
    equations=tuple(
        Equation(f"{each} = by_district.{each}") for each in ("expected", "reported", "unreported")
    ),
    tables=(
        Table(
            title=_("Reports by district"), unit="个", headings=(_("district or county"),),
            columns=(
                Column("expected", pgettext_lazy("bulletin", "expected to report")),
                Column("reported", pgettext_lazy("bulletin", "reported")),
                Column("unreported", pgettext_lazy("bulletin", "unreported")),
            ),
            rows=(
                Listed(
                    ("by_district",), Column("code", _("code"), Format.TEXT),
                    Column("name", _("name"), Format.TEXT),
                ),
                Row(_("In all"), is_total=True),
            ),
            sentences=(
                Sentence(
                    _(
                        "Of %(expected)s projects due to report by 17:00, %(reported)s reported and"
                        " %(unreported)s did not."
                    ),
                    needs="expected", otherwise=_("No project was due to report."),
                ),
            ),
            equations=(Equation("expected - reported = unreported"),),
        ),
        Table(
            title=_("Projects that did not report"), headings=(_("project"),),
            columns=(Column("district", _("district or county"), Format.TEXT),),
            rows=(
                Listed(
                    ("projects",), Column("code", _("project code"), Format.TEXT),
                    Column("name", _("project"), Format.TEXT),
                ),
            ),
            is_appendix=True,
        ),
    ),
)  # fmt: skip
