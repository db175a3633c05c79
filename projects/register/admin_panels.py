"""The register's own panel on an enterprise's page: the projects that it takes part in."""

from typing import Any, Final

from projects.record.clock import now
from projects.register.models import Enterprise, ProjectParticipant
from projects.register.queries_scopes import seen_among
from projects.worktime.calendar import day_of

SHOWN: Final = 50


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
