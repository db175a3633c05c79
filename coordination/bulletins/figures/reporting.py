"""Who reported for the day of the cut-off. A missing report is unreported, never zero."""

from typing import Any

from coordination.bulletins.queries import planned_at, reported_on_day_of
from coordination.bulletins.week import Period


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
