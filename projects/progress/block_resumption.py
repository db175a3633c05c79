"""The block of resumption: planned and resumed projects, also by district."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from projects.house.amounts import ranks, rate
from projects.house.blocks import (
    Block,
    Column,
    Figures,
    Format,
    Listed,
    Mark,
    Period,
    Row,
    Table,
)
from projects.house.equations import Equation
from projects.house.outline import RESUMPTION
from projects.house.sentences import Sentence
from projects.progress.queries import resumed_at
from projects.register.models import District, Level
from projects.register.queries import planned_at


def _pair(planned: int, resumed: int) -> dict[str, Any]:
    return {
        "planned": planned, "resumed": resumed, "waiting": planned - resumed,
        "rate": rate(resumed, planned),
    }  # fmt: skip


def _by_district(
    districts: Iterable[tuple[int, str, str]], planned: Counter[int], resumed: Counter[int]
) -> list[dict[str, Any]]:
    rows = [
        {"code": code, "name": name, **_pair(planned[key], resumed[key])}
        for key, code, name in districts
    ]
    for row, rank in zip(rows, ranks([row["rate"] for row in rows]), strict=True):
        row["rank"] = rank
    return sorted(rows, key=lambda row: (row["rank"] is None, row["rank"] or 0, row["code"]))


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
        return gettext("This week %(number)s fewer are at work.") % {"number": -number}
    if number:
        return gettext("This week %(number)s were added.") % {"number": number}
    return gettext("None was added this week.")


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
    districts = District.objects.filter(
        valid__contains=timezone.localdate(at)
    ) | District.objects.filter(pk__in=of_planned)
    return {
        **_pair(len(planned), len(resumed)),
        "provincial": _pair(len(provincial[0]), len(provincial[1])),
        "by_district": _by_district(
            districts.values_list("pk", "code", "name"),
            of_planned,
            Counter(row[2] for row in resumed),
        ),
    }


_NO_RANK: Final = frozenset({"rank"})
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
    ),
    marks=(
        Mark("planned", "Planned to have resumed or started.", planned_at),
        Mark("resumed", "Its last report says that work goes on.", resumed_at),
    ),
    tables=(
        Table(
            title=_("Resumption by district"), headings=(_("district or county"),),
            columns=(
                Column("planned", pgettext_lazy("bulletin", "planned"), unit="个"),
                Column("resumed", pgettext_lazy("bulletin", "resumed"), unit="个"),
                Column("waiting", pgettext_lazy("bulletin", "not resumed"), unit="个"),
                Column(
                    "rate", pgettext_lazy("bulletin", "rate"), Format.RATE, "%",
                    is_nullable=True,
                ),
                Column(
                    "rank", _("rank"), is_nullable=True, says=_("by rate, counted from 1"),
                    is_rank=True,
                ),
            ),
            rows=(
                Listed(
                    ("by_district",), key=Column("code", _("code"), Format.TEXT),
                    title=Column("name", _("name"), Format.TEXT),
                ),
                Row(_("Provincial key projects"), ("provincial",), lacks=_NO_RANK),
                Row(_("In all"), is_total=True, lacks=_NO_RANK),
            ),
            heading=pgettext_lazy("bulletin", "Progress"), sentences=_SENTENCES,
            says=_said_of_districts, chart="rate",
            equations=(Equation("planned - resumed = waiting"),),
            note=_(
                "Rate = resumed or started ÷ planned to resume or start by the cut-off, preliminary"
                " projects left out."
            ),
        ),
        Table(
            in_words=True,
            columns=(
                Column("new", pgettext_lazy("bulletin", "added this week"), unit="个"),
            ),
        ),
    ),
)  # fmt: skip
