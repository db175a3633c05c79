"""Which projects an enterprise takes part in; this decides what it may see and file."""

from datetime import date

from django.db.models import QuerySet

from projects.register.models import Enterprise, Project, ProjectParticipant


def projects_of(enterprise: Enterprise, on: date) -> QuerySet[Project]:
    """The projects in which the enterprise takes part on that day, in any role."""
    own = ProjectParticipant.objects.filter(enterprise=enterprise, during__contains=on)
    return Project.objects.filter(pk__in=own.values("project"))


def takes_part(*, enterprise: Enterprise, project: Project, on: date) -> bool:
    """Whether the enterprise takes part in the project on that day."""
    return ProjectParticipant.objects.filter(
        enterprise=enterprise, project=project, during__contains=on
    ).exists()


def enterprises_of(project: Project, on: date) -> QuerySet[Enterprise]:
    """The enterprises that take part in the project on that day, in any role."""
    own = ProjectParticipant.objects.filter(project=project, during__contains=on)
    return Enterprise.objects.filter(pk__in=own.values("enterprise"))
