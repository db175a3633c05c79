"""The block of resumption: planned and resumed projects, also by district."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.house.amounts import ranks, rate
from projects.house.blocks import (
    Block,
    Column,
    Format,
    Listed,
    Mark,
    Period,
    Row,
    Sentence,
    Table,
)
from projects.house.equations import Equation
from projects.house.outline import RESUMPTION
from projects.progress.queries import resumed_at
from projects.register.models import District, Level
from projects.register.queries import planned_at


def _pair(planned: int, resumed: int) -> dict[str, Any]:
    return {"planned": planned, "resumed": resumed, "rate": rate(resumed, planned)}


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
    """Count planned and resumed projects at the period's end."""
    return figures_at(period.end)


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
_SENTENCE: Final = Sentence(
    _("Of %(planned)s projects planned to resume or start, %(resumed)s have: %(rate)s%%."),
    needs="rate",
    otherwise=_("No project was planned to resume or start by then."),
)
BLOCK: Final = Block(
    name="resumption", place=20, chapter=RESUMPTION, count=count,
    equations=(
        Equation("planned = by_district.planned"),
        Equation("resumed = by_district.resumed"),
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
                Column(
                    "rate", pgettext_lazy("bulletin", "rate"), Format.RATE, "%",
                    is_nullable=True,
                ),
                Column("rank", _("rank"), is_nullable=True, says=_("by rate, counted from 1")),
            ),
            rows=(
                Listed(
                    ("by_district",), key=Column("code", _("code"), Format.TEXT),
                    title=Column("name", _("name"), Format.TEXT),
                ),
                Row(_("Provincial key projects"), ("provincial",), lacks=_NO_RANK),
                Row(_("In all"), is_total=True, lacks=_NO_RANK),
            ),
            sentences=(_SENTENCE,), chart="rate",
        ),
    ),
)  # fmt: skip
