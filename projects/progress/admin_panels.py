"""The panel of a project's daily reports on its page."""

from datetime import timedelta
from typing import Any, Final

from projects.progress.curve import curve
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
    today = day_of(now())
    days = [today - timedelta(days=back) for back in range(DAYS)][::-1]
    rows = that_hold(DailyReport.objects.filter(project=project, day__gte=days[0]))
    found = list(rows.select_related("narrative").order_by("-day"))
    return {
        "reports": found,
        "curve": curve(days, {each.day: each for each in found}) if found else "",
        "since": resumed_since(project),
        "may_report": officer.has_perm("progress.add_dailyreport"),
    }
