"""The reports that hold: of each day the latest revision, of each project the latest day."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from projects.progress.models import DailyReport
from projects.register.models import Project


def latest_report(project: Project) -> DailyReport | None:
    """The last word on the project: the latest revision of its latest day."""
    return DailyReport.objects.filter(project=project).order_by("-day", "-revision").first()


def reports_as_known_at(cut_off: datetime) -> QuerySet[DailyReport]:
    """For each project its latest report, as recorded up to the cut-off, of days up to it."""
    return (
        DailyReport.objects.filter(recorded_at__lte=cut_off, day__lte=timezone.localdate(cut_off))
        .order_by("project", "-day", "-revision")
        .distinct("project")
    )
