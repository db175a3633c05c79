"""Who serves which project, and when."""

from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from coordination.groups.models import (
    Assignment,
    GroupRevision,
    Leave,
    Membership,
    ServiceGroup,
)
from coordination.groups.queries_acting import Facts, answering
from coordination.staff.models import SCOPED, Officer, Role
from projects.register.models import Project, ProjectRevision
from projects.register.queries import current_projects, register_at
from projects.register.queries_scopes import projects_seen_by

_ALL_PROJECTS: Final = frozenset({Role.DUTY_DESK, Role.DIRECTOR, Role.AUDITOR})


def group_of(officer: Officer, at: datetime) -> ServiceGroup | None:
    """The group in which the officer serves at that moment."""
    membership = (
        Membership.objects.filter(officer=officer, during__contains=at)
        .select_related("group")
        .first()
    )
    return membership.group if membership else None


def group_names_at(at: datetime) -> dict[int, str]:
    """The name of each group by its id, as it was recorded up to that moment."""
    rows = GroupRevision.objects.filter(recorded_at__lte=at).distinct("group")
    return dict(rows.order_by("group", "-recorded_at", "-pk").values_list("group", "name"))


def members_of(group: ServiceGroup | int, at: datetime) -> QuerySet[Officer]:
    """The officers who serve in the group (given as a row or an id) at that moment."""
    return Officer.objects.filter(
        is_active=True, memberships__group=group, memberships__during__contains=at
    )


def assignment_of(project: Project, at: datetime) -> Assignment | None:
    """The one assignment that covers the project at that moment."""
    return (
        Assignment.objects.filter(project=project, during__contains=at)
        .select_related("group", "liaison", "deputy")
        .first()
    )


def away(at: datetime) -> QuerySet[Leave]:
    """Every leave in force at that moment."""
    return Leave.objects.filter(during__contains=at)


def unserved(at: datetime) -> QuerySet[Project]:
    """Projects of the register without an assignment at that moment; not allowed in practice."""
    served = Assignment.objects.filter(project=OuterRef("pk"), during__contains=at)
    return current_projects().filter(~Exists(served))


def served_at(at: datetime) -> QuerySet[ProjectRevision]:
    """The projects registered at that moment that had an assignment then."""
    covering = Assignment.objects.filter(project=OuterRef("project"), during__contains=at)
    return register_at(at).filter(Exists(covering))


def who_answered(project: Project, day: date) -> list[tuple[Assignment, Officer | None]]:
    """Who answered for the project on that day (Asia/Shanghai), in order; several if it changed.

    Each with the officer who answered when that part of the day began, by the facts recorded
    then: the liaison, or the deputy or lead who stood in; None where none of them could act.
    """
    begins = timezone.make_aware(datetime.combine(day, time.min))
    ends = begins + timedelta(days=1)
    assignments = (
        Assignment.objects.filter(project=project, during__overlap=(begins, ends))
        .select_related("group", "liaison", "deputy")
        .order_by("during")
    )
    return [
        (each, answering(each, max(begins, each.during.lower), Facts.RECORDED))
        for each in assignments
    ]


def projects_for(officer: Officer, at: datetime) -> QuerySet[Project]:
    """The projects that concern an officer at that moment.

    A liaison's are those that he serves, a lead's those of his group, a district reporter's those
    of his districts, a leader's those that he answers for; the centre's and the auditors' all;
    others have none.
    """
    if officer.role in _ALL_PROJECTS:
        return Project.objects.all()
    if officer.role in SCOPED:
        return projects_seen_by(officer, at)
    group = group_of(officer, at) if officer.role in {Role.LIAISON, Role.GROUP_LEAD} else None
    if group is None:
        return Project.objects.none()
    served = Assignment.objects.filter(group=group, during__contains=at)
    if officer.role == Role.LIAISON:
        served = served.filter(liaison=officer)
    return Project.objects.filter(pk__in=served.values("project"))


def projects_answered_by(officer: Officer, at: datetime) -> QuerySet[Assignment]:
    """The assignments in which the officer is liaison or deputy at that moment."""
    return Assignment.objects.filter(Q(liaison=officer) | Q(deputy=officer), during__contains=at)
