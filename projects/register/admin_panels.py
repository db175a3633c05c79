"""The register's own panel on an enterprise's page: the projects that it takes part in."""

from typing import Any, Final

from projects.record.clock import now
from projects.register.models import Enterprise, ProjectParticipant
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
