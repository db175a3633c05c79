"""The reports that stand on a project whose registration is to be undone."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from projects.progress.models import DailyReport


def reports_on(projects: Iterable[int]) -> dict[int, list[str]]:
    """Of each project with reports one reason."""
    rows = DailyReport.objects.filter(project__in=list(projects)).order_by()
    return {
        project: [_("Daily reports were filed on it.")]
        for project in rows.values_list("project", flat=True).distinct()
    }
