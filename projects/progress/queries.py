"""Current reports: each day's latest revision, and each project's latest day."""

from datetime import date, datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.progress.models import DailyReport
from projects.record.clock import now
from projects.record.refusals import Missing
from projects.register.models import Enterprise, ParticipantRole, Project, ProjectParticipant

# Suppliers do not see a project's reports.
REPORTING: Final = (ParticipantRole.OWNER, ParticipantRole.CONTRACTOR)


def reporting_projects(enterprise: Enterprise, on: date) -> QuerySet[Project]:
    """The projects on which the enterprise reports that day: those that it owns or builds."""
    own = ProjectParticipant.objects.filter(
        enterprise=enterprise, role__in=REPORTING, during__contains=on
    )
    return Project.objects.filter(pk__in=own.values("project"))


def reported_project(enterprise: Enterprise, code: str) -> Project:
    """The project of that code. Raises Missing unless the enterprise owns or builds it today."""
    found = reporting_projects(enterprise, on=timezone.localdate(now())).filter(code=code).first()
    if found is None:
        raise Missing(_("Only its owner and its contractors report on a project."))
    return found


def revisions(project: Project) -> QuerySet[DailyReport]:
    """All revisions of the project's reports, with their texts."""
    rows = DailyReport.objects.filter(project=project)
    return rows.select_related("narrative", "api_key", "reporter").prefetch_related("flags")


def that_hold(rows: QuerySet[DailyReport]) -> QuerySet[DailyReport]:
    """Of each day the latest revision."""
    later = DailyReport.objects.filter(
        project=OuterRef("project"), day=OuterRef("day"), revision__gt=OuterRef("revision")
    )
    return rows.filter(~Exists(later))


def resumed_since(project: Project) -> date | None:
    """The first day of the unbroken run of resumed days that lasts to the latest report.

    Uses the latest revision of each day, so late and amended reports count as they are now.
    """
    since = None
    days = DailyReport.objects.filter(project=project).order_by("-day", "-revision").distinct("day")
    for day, resumed in days.values_list("day", "resumed"):
        if not resumed:
            break
        since = day
    return since


def reports_as_known_at(
    cut_off: datetime, known_at: datetime | None = None
) -> QuerySet[DailyReport]:
    """For each project its latest report, as recorded up to the cut-off, of days up to it.

    With ``known_at`` as recorded up to that moment. Each is looked up by its project, so years of
    reports cost no more than a week of them.
    """
    known: QuerySet[Any] = DailyReport.objects.filter(
        project=OuterRef("pk"), recorded_at__lte=known_at or cut_off,
        day__lte=timezone.localdate(cut_off),
    )  # fmt: skip
    latest = Subquery(known.order_by("-day", "-revision").values("pk")[:1])
    return DailyReport.objects.filter(
        pk__in=Project.objects.annotate(latest=latest).values("latest")
    )


def resumed_at(at: datetime, known_at: datetime | None = None) -> QuerySet[DailyReport]:
    """Each project's latest report, if it says that work has resumed; as known then or later."""
    latest = reports_as_known_at(at, known_at)
    return DailyReport.objects.filter(pk__in=latest.values("pk"), resumed=True)


def headcounts_at(at: datetime, known_at: datetime | None = None) -> QuerySet[DailyReport]:
    """Each project's report of that day as recorded by then, if it states both its headcounts.

    With ``known_at`` as recorded up to that moment.
    """
    newest = (
        reported_on_day_of(at, known_at).order_by("project_id", "-revision").distinct("project_id")
    )
    return DailyReport.objects.filter(
        pk__in=newest.values("pk"), workers_required__isnull=False, workers_on_site__isnull=False
    )


def reported_on_day_of(at: datetime, known_at: datetime | None = None) -> QuerySet[DailyReport]:
    """The reports for that day that were recorded by that time, or by ``known_at``."""
    day = timezone.localdate(at)
    return DailyReport.objects.filter(recorded_at__lte=known_at or at, day=day)


def ever_at_work(at: datetime, known_at: datetime | None = None) -> QuerySet[DailyReport]:
    """Of each day up to then the report that held, if it says that work goes on."""
    known = DailyReport.objects.filter(
        recorded_at__lte=known_at or at, day__lte=timezone.localdate(at)
    )
    later = known.filter(
        project=OuterRef("project"), day=OuterRef("day"), revision__gt=OuterRef("revision")
    )
    return known.filter(~Exists(later), resumed=True)
