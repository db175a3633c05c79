"""The panel of a project's daily reports on its page."""

from datetime import timedelta
from typing import Any, Final

from projects.progress.models import DailyReport
from projects.progress.queries import resumed_since, that_hold
from projects.record.clock import now
from projects.register.models import Project
from projects.worktime.calendar import day_of

DAYS: Final = 30


def reports(project: Project, officer: Any) -> dict[str, Any] | None:
    """The reports of the last thirty days as they hold, the latest first; None for who may not."""
    if not officer.has_perm("progress.view_dailyreport"):
        return None
    since = day_of(now()) - timedelta(days=DAYS)
    rows = that_hold(DailyReport.objects.filter(project=project, day__gt=since))
    return {
        "reports": list(rows.select_related("narrative").order_by("-day")),
        "since": resumed_since(project),
        "may_report": officer.has_perm("progress.add_dailyreport"),
    }
