"""The projects that have not resumed, one by one, for the staff's issue."""

from collections.abc import Iterator
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from projects.house.blocks import (
    Audience,
    Block,
    Column,
    Figures,
    Format,
    Listed,
    Period,
    Table,
)
from projects.house.outline import RESUMPTION
from projects.progress.models import DailyReport
from projects.progress.queries import reports_as_known_at, resumed_at
from projects.register.counted import opens
from projects.register.models import Level
from projects.register.queries import planned_at

REPORTED: Final = "reported"
UNREPORTED: Final = "unreported"


def count(period: Period) -> dict[str, Any]:
    """Each planned project whose last report does not say that work goes on.

    ``report`` says whether there was one for the day of the cut-off by then, ``problems`` are those
    that it named.
    """
    going = resumed_at(period.end).values("project_id")
    rows = planned_at(period.end).exclude(project__in=going).select_related("project", "district")
    day = timezone.localdate(period.end)
    reports = {
        report.project_id: report
        for report in reports_as_known_at(period.end).filter(day=day).select_related("narrative")
    }
    projects = [
        {
            "code": row.project.code, "name": row.name, "district": row.district.name,
            "level": row.level, "planned": str(row.planned_resumption),
            "report": REPORTED if row.project_id in reports else UNREPORTED,
            "problems": _problems(reports.get(row.project_id)),
        }
        for row in sorted(rows, key=lambda each: (each.district.code, each.project.code))
    ]  # fmt: skip
    unreported = sum(each["report"] == UNREPORTED for each in projects)
    return {"number": len(projects), "unreported": unreported, "projects": projects}


def _problems(report: DailyReport | None) -> str:
    narrative = getattr(report, "narrative", None)
    return narrative.problems if narrative is not None else ""


def _said(figures: Figures) -> Iterator[str]:
    number = figures["number"]
    if number:
        yield ngettext(
            "%(number)s project has not resumed or started; %(unreported)s of them did not report"
            " on the day of the cut-off. They are listed in an appendix.",
            "%(number)s projects have not resumed or started; %(unreported)s of them did not"
            " report on the day of the cut-off. They are listed in an appendix.",
            number,
        ) % {"number": number, "unreported": figures["unreported"]}


def _steps(figures: Figures) -> Iterator[str]:
    if figures["number"]:
        yield ngettext(
            "The service groups settle with %(number)s project that has not resumed what stands"
            " in its way, and name who is responsible and by when.",
            "The service groups settle with %(number)s projects that have not resumed what stands"
            " in their way, and name who is responsible and by when.",
            figures["number"],
        ) % {"number": figures["number"]}


_REPORTS: Final = {
    REPORTED: pgettext_lazy("bulletin", "reported"),
    UNREPORTED: pgettext_lazy("bulletin", "unreported"),
}
_LEVELS: Final = {level.value: level.label for level in Level}
BLOCK: Final = Block(
    name="waiting", place=25, chapter=RESUMPTION, count=count, audience=Audience.STAFF,
    steps=_steps,
    tables=(
        Table(
            heading=_("Projects not resumed"), in_words=True, says=_said,
            columns=(
                Column(
                    "number", pgettext_lazy("bulletin", "projects not resumed"), unit="个",
                    link=opens("waiting"),
                ),
                Column("unreported", pgettext_lazy("bulletin", "of it unreported"), unit="个"),
            ),
        ),
        Table(
            title=_("Projects that have not resumed or started"), headings=(_("project"),),
            columns=(
                Column("district", _("district or county"), Format.TEXT),
                Column("level", _("level"), Format.TEXT, words=_LEVELS),
                Column("planned", pgettext_lazy("bulletin", "planned for"), Format.DAY),
                Column("report", _("daily report"), Format.TEXT, words=_REPORTS),
                Column("problems", pgettext_lazy("bulletin", "problems reported"), Format.TEXT),
            ),
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
