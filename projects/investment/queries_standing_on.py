"""Plans and months' ends that stand on what an import registered, and keep it from undoing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from projects.investment.models import (
    FlagSettlement,
    MonthEnd,
    PlanAcknowledgement,
    PlanIssue,
    PlanRevision,
    StatisticalStatus,
)

_ON_A_PROJECT: Final = (PlanRevision, PlanIssue, MonthEnd, StatisticalStatus, FlagSettlement)


def investment_on(projects: Iterable[int], since: datetime | None) -> dict[int, list[str]]:
    """Of each project with plans, issues, months or statuses from that moment on, one reason."""
    keys, found = list(projects), set[int]()
    for model in _ON_A_PROJECT:
        rows = model._default_manager.filter(project__in=keys).order_by()
        rows = rows if since is None else rows.filter(recorded_at__gte=since)
        found.update(rows.values_list("project", flat=True).distinct())
    return {project: [_("Plans or months of investment were recorded on it.")] for project in found}


def investment_of(
    projects: Iterable[int], since: datetime | None
) -> dict[tuple[int, int], list[str]]:
    """Of each project and enterprise that stated a month or acknowledged a plan, one reason."""
    keys, found = list(projects), set[tuple[int, int]]()
    for rows, project in (
        (MonthEnd.objects.filter(project__in=keys), "project"),
        (PlanAcknowledgement.objects.filter(issue__project__in=keys), "issue__project"),
    ):
        own = rows.filter(api_key__isnull=False).order_by()
        own = own if since is None else own.filter(recorded_at__gte=since)
        found.update(own.values_list(project, "api_key__enterprise").distinct())
    return {key: [_("Plans or months of investment were recorded on it.")] for key in found}
