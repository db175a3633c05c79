"""Which projects a district reporter and a leader in charge may know of, and who they are."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from coordination.groups.models import DistrictPost, Responsibility
from coordination.staff.models import Officer, Role
from projects.register.models import District, Project


def limit_by_role(reader: Any, at: datetime) -> Q | None:
    """The projects of a reporter's districts, or those a leader answers for; None of others."""
    if not isinstance(reader, Officer):
        return None
    if reader.role == Role.DISTRICT_REPORTER:
        posts = DistrictPost.objects.filter(officer=reader, during__contains=at)
        return Q(district__in=posts.values("district"))
    if reader.role == Role.LEADER:
        own = Responsibility.objects.filter(officer=reader, during__contains=at)
        return Q(pk__in=own.values("project"))
    return None


def districts_of(officer: Officer, at: datetime) -> list[District]:
    """The districts for which he reports at that moment, by their codes."""
    posts = DistrictPost.objects.filter(officer=officer, during__contains=at)
    return list(District.objects.filter(pk__in=posts.values("district")).order_by("code"))


def leader_of(project: Project, at: datetime) -> Officer | None:
    """The leader who answers for the project at that moment."""
    return Officer.objects.filter(
        responsibilities__project=project, responsibilities__during__contains=at
    ).first()
