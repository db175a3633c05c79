"""The reports that hold: of each day the latest revision, of each project the latest day."""

from datetime import date, datetime
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from projects.progress.models import DailyReport
from projects.register.models import Enterprise, ParticipantRole, Project, ProjectParticipant

# A supplier is told who serves a project, not how its site fares.
REPORTING: Final = (ParticipantRole.OWNER, ParticipantRole.CONTRACTOR)


def reporting_projects(enterprise: Enterprise, on: date) -> QuerySet[Project]:
    """The projects on which the enterprise reports that day: those that it owns or builds."""
    own = ProjectParticipant.objects.filter(
        enterprise=enterprise, role__in=REPORTING, during__contains=on
    )
    return Project.objects.filter(pk__in=own.values("project"))


def revisions(project: Project) -> QuerySet[DailyReport]:
    """All that was reported of the project, with its words."""
    rows = DailyReport.objects.filter(project=project)
    return rows.select_related("narrative", "api_key")


def that_hold(rows: QuerySet[DailyReport]) -> QuerySet[DailyReport]:
    """Of each day the last revision."""
    later = DailyReport.objects.filter(
        project=OuterRef("project"), day=OuterRef("day"), revision__gt=OuterRef("revision")
    )
    return rows.filter(~Exists(later))


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


def resumed_at(at: datetime) -> QuerySet[DailyReport]:
    """The reports that say that work goes on: the last one of each project's last day."""
    latest = reports_as_known_at(at)
    return DailyReport.objects.filter(pk__in=latest.values("pk"), resumed=True)


def reported_on_day_of(at: datetime) -> QuerySet[DailyReport]:
    """What had been reported for that day by that moment."""
    return DailyReport.objects.filter(recorded_at__lte=at, day=timezone.localdate(at))
