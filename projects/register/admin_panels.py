"""The register's panels: an enterprise's projects, and what a project came from and became."""

from typing import Any, Final

from projects.house.timelines import timeline_page
from projects.record.clock import now
from projects.register.models import Enterprise, Project, ProjectParticipant
from projects.register.queries_scopes import seen_among
from projects.register.queries_succession import (
    bundled_sums,
    came_from,
    exit_of,
    goes_on_in,
    parts_sums,
)
from projects.worktime.calendar import day_of

SHOWN: Final = 50
NEWEST: Final = 12  # entries of the timeline


def participations(enterprise: Enterprise, officer: Any) -> dict[str, Any]:
    """Those that hold today first, then those that are over; at most fifty.

    Of projects of which the officer may know.
    """
    at = now()
    today = day_of(at)
    rows = seen_among(ProjectParticipant.objects.filter(enterprise=enterprise), officer, at)
    found = list(rows.select_related("project__district").order_by("-during")[:SHOWN])
    return {
        "present": [row for row in found if today in row.during],
        "over": [row for row in found if today not in row.during],
    }


def succession(project: Project, officer: Any) -> dict[str, Any] | None:
    """What the project came from, or how it left and in what it goes on; None of most projects.

    None, too, for whoever may not see exits: they name projects of which he may not know.
    """
    if not officer.has_perm("register.view_projectexit"):
        return None
    left, before = exit_of(project), came_from(project)
    if left is None and not before:
        return None
    parts = goes_on_in(left) if left is not None else []
    sums = parts_sums(left, parts) if left is not None else bundled_sums(project, before)
    return {"left": left, "parts": parts, "before": before, "sums": sums}


def timeline(project: Project, officer: Any) -> dict[str, Any]:
    """The newest of what happened to the project, in all rooms."""
    return {"page": timeline_page("register.project", project, officer, most=NEWEST)}
