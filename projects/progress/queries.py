"""The reports that hold: of each day the latest revision, of each project the latest day."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from projects.progress.models import DailyReport
from projects.register.models import Project


def latest_report(project: Project) -> DailyReport | None:
    """The last word on the project: the latest revision of its latest day."""
    return DailyReport.objects.filter(project=project).order_by("-day", "-revision").first()


def resumed_since(project: Project) -> date | None:
    """The first day of the unbroken run of resumed days that lasts to the latest report.

    By the latest revision of each day, so late and amended reports count as what they say now.
    """
    since = None
    days = DailyReport.objects.filter(project=project).order_by("-day", "-revision").distinct("day")
    for day, resumed in days.values_list("day", "resumed"):
        if not resumed:
            break
        since = day
    return since


def reports_as_known_at(cut_off: datetime) -> QuerySet[DailyReport]:
    """For each project its latest report, as recorded up to the cut-off, of days up to it."""
    return (
        DailyReport.objects.filter(recorded_at__lte=cut_off, day__lte=timezone.localdate(cut_off))
        .order_by("project_id", "-day", "-revision")
        .distinct("project_id")
    )
