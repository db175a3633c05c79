"""Who serves which project, and when."""

from datetime import date, datetime, time, timedelta

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
from coordination.staff.models import Officer
from projects.register.models import Project, ProjectRevision
from projects.register.queries import current_projects, register_at


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


def projects_answered_by(officer: Officer, at: datetime) -> QuerySet[Assignment]:
    """The assignments in which the officer is liaison or deputy at that moment."""
    return Assignment.objects.filter(Q(liaison=officer) | Q(deputy=officer), during__contains=at)
