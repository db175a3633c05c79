"""The register's panels: an enterprise's projects, and what a project came from and became."""

from typing import Any, Final

from projects.record.clock import now
from projects.register.models import Enterprise, Project, ProjectParticipant
from projects.register.queries_succession import (
    bundled_sums,
    came_from,
    exit_of,
    goes_on_in,
    parts_sums,
)
from projects.worktime.calendar import day_of

SHOWN: Final = 50


def participations(enterprise: Enterprise, _officer: Any) -> dict[str, Any]:
    """Those that hold today first, then those that are over; at most fifty."""
    today = day_of(now())
    rows = ProjectParticipant.objects.filter(enterprise=enterprise)
    found = list(rows.select_related("project__district").order_by("-during")[:SHOWN])
    return {
        "present": [row for row in found if today in row.during],
        "over": [row for row in found if today not in row.during],
    }


def succession(project: Project, _officer: Any) -> dict[str, Any] | None:
    """What the project came from, or how it left and in what it goes on; None of most projects."""
    left, before = exit_of(project), came_from(project)
    if left is None and not before:
        return None
    parts = goes_on_in(left) if left is not None else []
    sums = parts_sums(left, parts) if left is not None else bundled_sums(project, before)
    return {"left": left, "parts": parts, "before": before, "sums": sums}
