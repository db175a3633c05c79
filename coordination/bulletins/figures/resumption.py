"""Who was to resume or start by now, who has, and how the districts compare."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from coordination.bulletins.queries import planned_at, resumed_at
from coordination.bulletins.week import Period
from projects.record.amounts import ranks, rate
from projects.register.models import District, Level


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
    """Planned and resumed, in all, of the provincial ones, and by district.

    Every district valid on the day is listed, and any other that has a project planned.
    """
    planned = list(planned_at(period.end).values_list("project_id", "level", "district_id"))
    going = set(resumed_at(period.end).values_list("project_id", flat=True))
    resumed = [row for row in planned if row[0] in going]
    provincial = [
        [row for row in rows if row[1] == Level.PROVINCIAL] for rows in (planned, resumed)
    ]
    of_planned = Counter(row[2] for row in planned)
    districts = District.objects.filter(valid__contains=period.day) | District.objects.filter(
        pk__in=of_planned
    )
    return {
        **_pair(len(planned), len(resumed)),
        "provincial": _pair(len(provincial[0]), len(provincial[1])),
        "by_district": _by_district(
            districts.values_list("pk", "code", "name"),
            of_planned,
            Counter(row[2] for row in resumed),
        ),
    }
