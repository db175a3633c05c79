"""The reports and reporters that stand on what an import registered, and keep it from undoing."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from projects.progress.models import DailyReport, Reporter


def reports_on(projects: Iterable[int], since: datetime | None) -> dict[int, list[str]]:
    """Of each project with reports recorded from that moment on, whoever did, one reason."""
    rows = DailyReport.objects.filter(project__in=list(projects)).order_by()
    rows = rows if since is None else rows.filter(recorded_at__gte=since)
    return {
        project: [_("Daily reports were filed on it.")]
        for project in rows.values_list("project", flat=True).distinct()
    }


def reporters_on(projects: Iterable[int], since: datetime | None) -> dict[int, list[str]]:
    """Of each project with reporters named from that moment on, one reason."""
    return {project: reasons for (project, _by), reasons in reporters_of(projects, since).items()}


def reports_of(projects: Iterable[int], since: datetime | None) -> dict[tuple[int, int], list[str]]:
    """Of each project and enterprise that reported on it, by its key or a reporter, one reason."""
    rows = DailyReport.objects.filter(project__in=list(projects), officer=None).order_by()
    rows = rows if since is None else rows.filter(recorded_at__gte=since)
    rows = rows.annotate(of=Coalesce("api_key__enterprise", "reporter__enterprise"))
    return {
        (project, enterprise): [_("Daily reports were filed on it.")]
        for project, enterprise in rows.values_list("project", "of").distinct()
    }


def reporters_of(
    projects: Iterable[int], since: datetime | None
) -> dict[tuple[int, int], list[str]]:
    """Of each project and enterprise with reporters named from that moment on, one reason."""
    rows = Reporter.objects.filter(project__in=list(projects)).order_by()
    rows = rows if since is None else rows.filter(named_at__gte=since)
    return {
        (project, enterprise): [_("Reporters were named on it.")]
        for project, enterprise in rows.values_list("project", "enterprise").distinct()
    }
