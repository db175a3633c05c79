"""The panel of a project's page with its reporters, and what they were sent today."""

from typing import Any

from django.utils import timezone

from coordination.monitoring.queries import contacts_of, has_reported
from projects.progress.queries_reporting import open_flags
from projects.record.clock import now
from projects.register.models import Project


def reporters_panel(project: Project, officer: Any) -> dict[str, Any] | None:
    """The reporters, with today's state; None for who may not see them."""
    if not officer.has_perm("progress.view_reporter"):
        return None
    day = timezone.localdate(now())
    return {
        "contacts": contacts_of([project.pk], day).get(project.pk, []), "day": day,
        "is_reported": has_reported(project.pk, day),
        "flags": list(open_flags().filter(report__project=project).select_related("report")),
        "may_name": officer.has_perm("progress.add_reporter"),
        "may_send": officer.has_perm("monitoring.add_asking"),
        "may_settle": officer.has_perm("progress.add_flagsettlement"),
    }  # fmt: skip
