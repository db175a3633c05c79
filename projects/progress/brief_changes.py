"""The daily brief's changes: which projects resumed or stopped, and how many people are on site.

What is said of the day before is what was recorded by its own cut-off, so that the figures before
are those after of the brief before.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from projects.house.amounts import rate
from projects.house.blocks import Block, Column, Figures, Format, Listed, Period, Row, Table
from projects.house.equations import Equation
from projects.house.outline import CHANGES_OF_DAY
from projects.house.sentences import Sentence
from projects.progress.queries import reported_on_day_of, resumed_at
from projects.register.models import ProjectRevision
from projects.register.queries import exits_at, known_at, planned_at

RESUMED: Final = "resumed"
STOPPED: Final = "stopped"
type People = dict[int, int]


def count(period: Period) -> Figures:
    """Compare what was known at the end with what was known a day before."""
    before, after = _at_work(period.start), _at_work(period.end)
    planned = planned_at(period.end).count()
    return {
        "planned": planned,
        "before": len(before),
        "resumed": len(after - before),
        "stopped": len(before - after),
        "after": len(after),
        "rate": rate(len(after), planned),
        "people": _people(period),
        "projects": [
            *_named(after - before, RESUMED, period.end),
            *_named(before - after, STOPPED, period.end),
        ],
    }


def _at_work(at: datetime) -> set[int]:
    """The planned projects whose last report by then says that work goes on."""
    going = set(resumed_at(at).values_list("project_id", flat=True))
    return going.intersection(planned_at(at).values_list("project_id", flat=True))


def _named(projects: Iterable[int], change: str, at: datetime) -> list[dict[str, Any]]:
    rows = known_at(at).filter(project__in=projects).select_related("project", "district")
    return [
        {
            "code": each.project.code, "name": each.name, "district": each.district.name,
            "change": change,
        }
        for each in sorted(rows, key=_place)
    ]  # fmt: skip


def _place(row: ProjectRevision) -> tuple[str, str]:
    return row.district.code, row.project.code


def _on_site(at: datetime) -> People:
    """People on site by project, of the day's last report by then that states them.

    Not of a project that has left the register: those of the project in which it goes on count.
    """
    own = reported_on_day_of(at).exclude(project__in=exits_at(at).values("project"))
    rows = own.order_by("project_id", "-revision").distinct("project_id")
    found = rows.values_list("project_id", "workers_on_site")
    return {project: number for project, number in found if number is not None}


def _people(period: Period) -> dict[str, int]:
    """A project that did not state its people is not one with nobody: it is counted apart."""
    before, after = _on_site(period.end - timedelta(days=1)), _on_site(period.end)
    both = before.keys() & after.keys()
    return {
        "before": sum(before.values()),
        "unstated": sum(number for key, number in before.items() if key not in both),
        "newly_stated": sum(number for key, number in after.items() if key not in both),
        "more": sum(max(after[key] - before[key], 0) for key in both),
        "fewer": sum(max(before[key] - after[key], 0) for key in both),
        "after": sum(after.values()),
        "projects_before": len(before),
        "projects_both": len(both),
        "projects": len(after),
    }


def _said(figures: Figures) -> Iterator[str]:
    people = figures["people"]
    yield gettext(
        "%(projects)s projects stated %(after)s people on site (the day before"
        " %(projects_before)s projects, %(before)s people)."
    ) % people  # fmt: skip
    if people["projects_both"]:
        yield gettext(
            "Of the %(projects_both)s that stated them on both days, there were %(more)s more and"
            " %(fewer)s fewer."
        ) % people  # fmt: skip


_CHANGES: Final = {
    RESUMED: pgettext_lazy("brief", "at work again"), STOPPED: pgettext_lazy("brief", "stopped"),
}  # fmt: skip
BLOCK: Final = Block(
    name="changes", place=20, chapter=CHANGES_OF_DAY, count=count,
    tables=(
        Table(
            in_words=True, says=_said,
            columns=(
                Column("planned", pgettext_lazy("bulletin", "planned"), unit="个"),
                Column("before", pgettext_lazy("brief", "at work the day before"), unit="个"),
                Column("resumed", pgettext_lazy("brief", "at work again"), unit="个"),
                Column("stopped", pgettext_lazy("brief", "stopped"), unit="个"),
                Column("after", pgettext_lazy("brief", "at work now"), unit="个"),
                Column(
                    "rate", pgettext_lazy("bulletin", "rate"), Format.RATE, "%", is_nullable=True
                ),
            ),
            sentences=(
                Sentence(
                    _(
                        "Of %(planned)s projects planned to be at work %(after)s are: %(rate)s%%."
                        " The day before %(before)s were; %(resumed)s resumed or started and"
                        " %(stopped)s stopped."
                    ),
                    needs="rate", otherwise=_("No project was planned to be at work."),
                ),
            ),
            equations=(Equation("before + resumed - stopped = after"),),
        ),
        Table(
            in_words=True, rows=(Row(at=("people",)),),
            columns=(
                Column("before", pgettext_lazy("brief", "people the day before"), unit="人"),
                Column("unstated", pgettext_lazy("brief", "not stated today"), unit="人"),
                Column("newly_stated", pgettext_lazy("brief", "newly stated"), unit="人"),
                Column("more", pgettext_lazy("brief", "more"), unit="人"),
                Column("fewer", pgettext_lazy("brief", "fewer"), unit="人"),
                Column("after", pgettext_lazy("brief", "people on site"), unit="人"),
                Column("projects_before", pgettext_lazy("brief", "stated then"), unit="个"),
                Column("projects_both", pgettext_lazy("brief", "stated on both days"), unit="个"),
                Column("projects", pgettext_lazy("brief", "stated"), unit="个"),
            ),
            equations=(
                Equation("before - unstated + newly_stated + more - fewer = after"),
            ),
        ),
        Table(
            title=_("Projects that resumed or stopped"), headings=(_("project"),),
            columns=(
                Column("district", _("district or county"), Format.TEXT),
                Column("change", pgettext_lazy("brief", "change"), Format.TEXT, words=_CHANGES),
            ),
            rows=(
                Listed(
                    ("projects",), Column("code", _("project code"), Format.TEXT),
                    Column("name", _("project"), Format.TEXT),
                ),
            ),
            note=_("Also those whose plan changed, so that they are expected at work or no more."),
            is_appendix=True,
        ),
    ),
)  # fmt: skip
