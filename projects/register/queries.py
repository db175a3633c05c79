"""Which projects an enterprise takes part in, which decides what it may see and file.

Also the register as it was recorded up to a given time.
"""

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from projects.register.models import (
    Enterprise,
    Phase,
    Project,
    ProjectParticipant,
    ProjectRevision,
)


def projects_of(enterprise: Enterprise, on: date) -> QuerySet[Project]:
    """The projects in which the enterprise takes part on that day, in any role."""
    own = ProjectParticipant.objects.filter(enterprise=enterprise, during__contains=on)
    return Project.objects.filter(pk__in=own.values("project"))


def enterprises_of(project: Project, on: date) -> QuerySet[Enterprise]:
    """The enterprises that take part in the project on that day, in any role."""
    own = ProjectParticipant.objects.filter(project=project, during__contains=on)
    return Enterprise.objects.filter(pk__in=own.values("enterprise"))


def register_at(at: datetime) -> QuerySet[ProjectRevision]:
    """Each project's latest revision at that time."""
    latest = (
        ProjectRevision.objects.filter(recorded_at__lte=at)
        .order_by("project_id", "-number")
        .distinct("project_id")
    )
    return ProjectRevision.objects.filter(pk__in=latest.values("pk")).order_by("project_id")


def planned_at(at: datetime) -> QuerySet[ProjectRevision]:
    """The revisions whose project was planned to resume or start by that day."""
    return (
        register_at(at)
        .filter(planned_resumption__lte=timezone.localdate(at))
        .exclude(phase=Phase.PRELIMINARY)
    )
