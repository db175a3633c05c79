"""Of many projects and days the report that holds, and the last before it: read once for all."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from projects.progress.models import DailyReport, ReportNarrative
from projects.record.reading import columns_of, row_of
from projects.record.reading import rows as answer
from projects.register.models import Project
from projects.register.queries import planned_at
from projects.register.queries_scopes import seen_among

type Key = tuple[int, date]  # project, day

_LATEST: Final = """
    SELECT given.at, {columns}
    FROM unnest(%(at)s::int[], %(projects)s::bigint[], %(days)s::date[]) AS given (at, project, day)
    CROSS JOIN LATERAL (
        SELECT * FROM progress_dailyreport AS own
        WHERE own.project_id = given.project AND own.day {compared} given.day
        ORDER BY own.day DESC, own.revision DESC LIMIT 1
    ) AS own
"""


@dataclass(frozen=True)
class Standing:
    """Of a project and a day the report that holds, with its texts, and the last one before it."""

    filed: DailyReport | None = None
    words: ReportNarrative | None = None
    last: DailyReport | None = None
    last_words: ReportNarrative | None = None


def standings_of(keys: Collection[Key]) -> dict[Key, Standing]:
    """How each stands, by three queries."""
    filed, last = _latest(keys, "="), _latest(keys, "<")
    found = [each.pk for each in (*filed.values(), *last.values())]
    words = ReportNarrative.objects.in_bulk(found)

    def of(row: DailyReport | None) -> ReportNarrative | None:
        return None if row is None else words.get(row.pk)

    return {
        key: Standing(filed.get(key), of(filed.get(key)), last.get(key), of(last.get(key)))
        for key in keys
    }


def _latest(keys: Collection[Key], compared: str) -> dict[Key, DailyReport]:
    asked = list(keys)
    parameters: dict[str, Any] = {
        "at": list(range(len(asked))), "projects": [project for project, _day in asked],
        "days": [day for _project, day in asked],
    }  # fmt: skip
    statement = _LATEST.format(columns=columns_of(DailyReport, "own"), compared=compared)
    return {asked[at]: row_of(DailyReport, values) for at, *values in answer(statement, parameters)}


def projects_to_report(at: datetime, by: Any) -> list[Project]:
    """The projects of which the officer may know that are planned to be at work, by their codes."""
    planned = planned_at(at).values("project")
    rows = seen_among(Project.objects.filter(pk__in=planned), by, at, by="pk")
    return list(rows.filter(left_at=None).select_related("district").order_by("code"))
