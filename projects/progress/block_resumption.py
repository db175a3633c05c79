"""The block of resumption: planned and resumed projects, also by district."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from projects.house.amounts import ranks, rate
from projects.house.blocks import (
    Block,
    Column,
    Figures,
    Format,
    Mark,
    Period,
    Row,
    Table,
)
from projects.house.equations import Equation
from projects.house.grouped import Grouped
from projects.house.outline import RESUMPTION
from projects.house.sentences import Sentence
from projects.progress.queries import resumed_at
from projects.register.counted import CLASS, PROVINCIAL, opens
from projects.register.models import CountyClass, Level
from projects.register.queries import Unit, classes_at, districts_at, planned_at


def _pair(planned: int, resumed: int) -> dict[str, Any]:
    return {
        "planned": planned, "resumed": resumed, "waiting": planned - resumed,
        "rate": rate(resumed, planned),
    }  # fmt: skip


def _by_district(
    districts: Iterable[Unit],
    classes: Mapping[int, str],
    planned: Counter[int],
    resumed: Counter[int],
) -> list[dict[str, Any]]:
    """Each district with its rank within its class; class by class, those without one last."""
    groups = defaultdict[str | None, list[dict[str, Any]]](list)
    for unit in districts:
        group = classes.get(unit.pk)
        pair = _pair(planned[unit.pk], resumed[unit.pk])
        groups[group].append({"code": unit.code, "name": unit.name, CLASS: group, **pair})
    found = list[dict[str, Any]]()
    for group in (*CountyClass.values, None):
        rows = groups[group]
        for row, rank in zip(rows, ranks([row["rate"] for row in rows]), strict=True):
            row["rank"] = rank
        found += sorted(rows, key=lambda row: (row["rank"] is None, row["rank"] or 0, row["code"]))
    return found


def _by_class(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """The sum of each class, in the order of the rows; None where no district is in one."""
    found: dict[str | None, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row[CLASS], []).append(row)
    if not any(found):
        return None
    return [
        {CLASS: group, **_pair(*(sum(row[name] for row in of) for name in ("planned", "resumed")))}
        for group, of in found.items()
    ]


def count(period: Period) -> dict[str, Any]:
    """Count planned and resumed projects at the period's end.

    ``new`` is by how many more have resumed than at its start, as recorded then; fewer have a
    minus.
    """
    figures = figures_at(period.end)
    return {**figures, "new": figures["resumed"] - _resumed(period.start)}


def _resumed(at: datetime) -> int:
    """How many of the planned projects had resumed."""
    going = set(resumed_at(at).values_list("project_id", flat=True))
    return len(going.intersection(planned_at(at).values_list("project_id", flat=True)))


def _said_of_new(number: int) -> str:
    if number < 0:
        return gettext("In this period %(number)s fewer are at work.") % {"number": -number}
    if number:
        return gettext("In this period %(number)s were added.") % {"number": number}
    return gettext("None was added in this period.")


def _said_of_districts(figures: Figures) -> Iterator[str]:
    """How many were added; where all is at work, and where how many are not, by their codes."""
    if figures["planned"]:
        yield _said_of_new(figures["new"])
    rows = sorted(
        (row for row in figures["by_district"] if row["planned"]), key=lambda row: row["code"]
    )
    comma = gettext(", ")
    complete = [row["name"] for row in rows if not row["waiting"]]
    if complete:
        yield gettext("All have resumed or started in %(districts)s.") % {
            "districts": comma.join(complete)
        }
    waiting = [
        gettext("%(district)s %(number)s") % {"district": row["name"], "number": row["waiting"]}
        for row in rows if row["waiting"]
    ]  # fmt: skip
    if waiting:
        yield gettext("Not yet resumed or started: %(districts)s.") % {
            "districts": comma.join(waiting)
        }


def figures_at(at: datetime, projects: Any = None) -> dict[str, Any]:
    """Planned and resumed projects: in all, the provincial ones, and by district.

    Every district valid on the day is listed, and any other that has a project planned. With a
    query of ids in ``projects``, of these alone.
    """
    rows = planned_at(at) if projects is None else planned_at(at).filter(project__in=projects)
    planned = list(rows.values_list("project_id", "level", "district_id"))
    going = set(resumed_at(at).values_list("project_id", flat=True))
    resumed = [row for row in planned if row[0] in going]
    provincial = [
        [row for row in rows if row[1] == Level.PROVINCIAL] for rows in (planned, resumed)
    ]
    of_planned = Counter(row[2] for row in planned)
    by_district = _by_district(
        districts_at(at, of_planned), classes_at(at), of_planned,
        Counter(row[2] for row in resumed),
    )  # fmt: skip
    return {
        **_pair(len(planned), len(resumed)),
        PROVINCIAL: _pair(len(provincial[0]), len(provincial[1])),
        "by_district": by_district,
        "by_class": _by_class(by_district),
    }


def _sum_title(group: str | None) -> str:
    if group is None:
        return pgettext("bulletin", "Sum of those in no class")
    return pgettext("bulletin", "Sum of %(class)s") % {"class": CountyClass(group).label}


def _rank_rule(figures: Figures) -> str:
    if figures["by_class"] is None:
        return gettext("Rank: by rate, the highest first; equal rates share a rank; no rate, none.")
    return gettext(
        "Rank: within each class of districts, by rate, the highest first; equal rates share a"
        " rank; no rate, none."
    )


_OF_DISTRICTS: Final = frozenset({CLASS, "rank"})
_SENTENCES: Final = (
    Sentence(
        _(
            "Of %(planned)s projects planned to resume or start by then (preliminary projects left"
            " out), %(resumed)s have and %(waiting)s have not: %(rate)s%%."
        ),
        needs="rate",
        otherwise=_("No project was planned to resume or start by then."),
    ),
    Sentence(
        _(
            "Of the provincial key projects among them, %(provincial.resumed)s of"
            " %(provincial.planned)s have: %(provincial.rate)s%%."
        ),
        needs="provincial.rate",
    ),
)
BLOCK: Final = Block(
    name="resumption", place=20, chapter=RESUMPTION, count=count,
    equations=(
        Equation("planned = by_district.planned"),
        Equation("resumed = by_district.resumed"),
        Equation("waiting = by_district.waiting"),
        Equation("planned = by_class.planned"),
        Equation("resumed = by_class.resumed"),
        Equation("waiting = by_class.waiting"),
    ),
    marks=(
        Mark("planned", "Planned to have resumed or started.", planned_at),
        Mark("resumed", "Its last report says that work goes on.", resumed_at),
    ),
    tables=(
        Table(
            title=_("Resumption by district"), headings=(_("district or county"),),
            columns=(
                Column(
                    CLASS, pgettext_lazy("districts", "class"), Format.TEXT, is_nullable=True,
                    words=dict(CountyClass.choices),
                ),
                Column(
                    "planned", pgettext_lazy("bulletin", "planned"), unit="个",
                    link=opens("planned"),
                ),
                Column(
                    "resumed", pgettext_lazy("bulletin", "resumed"), unit="个",
                    link=opens("resumed"),
                ),
                Column(
                    "waiting", pgettext_lazy("bulletin", "not resumed"), unit="个",
                    link=opens("waiting"),
                ),
                Column(
                    "rate", pgettext_lazy("bulletin", "rate"), Format.RATE, "%",
                    is_nullable=True,
                ),
                Column(
                    "rank", _("rank"), is_nullable=True,
                    says=_("by rate within its class, counted from 1"), is_rank=True,
                ),
            ),
            rows=(
                Grouped(
                    ("by_district",), key=Column("code", _("code"), Format.TEXT),
                    title=Column("name", _("name"), Format.TEXT),
                    by=CLASS, sums="by_class", sum_title=_sum_title, lacks=frozenset({"rank"}),
                ),
                Row(_("Provincial key projects"), (PROVINCIAL,), lacks=_OF_DISTRICTS),
                Row(_("In all"), is_total=True, lacks=_OF_DISTRICTS),
            ),
            heading=pgettext_lazy("bulletin", "Progress"), sentences=_SENTENCES,
            says=_said_of_districts, chart="rate", rank_rule=_rank_rule,
            equations=(Equation("planned - resumed = waiting"),),
            note=_(
                "Rate = resumed or started ÷ planned to resume or start by the cut-off, preliminary"
                " projects left out."
            ),
        ),
        Table(
            in_words=True,
            columns=(
                Column("new", pgettext_lazy("bulletin", "added in this period"), unit="个"),
            ),
        ),
    ),
)  # fmt: skip
