"""Who serves which project, and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from coordination.groups.models import Assignment, Leave, Membership, ServiceGroup
from coordination.staff.models import Officer
from projects.register.models import Project, ProjectRevision
from projects.register.queries import register_at


def group_of(officer: Officer, at: datetime) -> ServiceGroup | None:
    """The group in which the officer serves at that moment."""
    membership = (
        Membership.objects.filter(officer=officer, during__contains=at)
        .select_related("group")
        .first()
    )
    return membership.group if membership else None


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


# The columns that enterprises may see of those who serve them.
_TOLD: Final = (
    "project", "group__name",
    *(f"{who}__{what}" for who in ("liaison", "deputy") for what in ("name", "mobile")),
)  # fmt: skip


@dataclass(frozen=True)
class Serving:
    """The current assignment with the officers' public columns, and the officer answering now."""

    assignment: Assignment
    officer: Officer


def serving_each(projects: Iterable[int], at: datetime) -> dict[int, Serving]:
    """Who serves each project at that moment, by the project's id."""
    found = Assignment.objects.filter(project__in=set(projects), during__contains=at)
    rows = list(found.select_related("group", "liaison", "deputy").only(*_TOLD))
    officers = answering_each(rows, at)
    return {row.project_id: Serving(row, officers[row.pk]) for row in rows}


def answering(assignment: Assignment, at: datetime) -> Officer:
    """The liaison, or the deputy while the liaison is on leave and the deputy is not."""
    return answering_each([assignment], at)[assignment.pk]


def answering_each(assignments: Iterable[Assignment], at: datetime) -> dict[int, Officer]:
    """The answering officers of many assignments, by their ids; leaves are read once."""
    rows = list(assignments)
    asked = {pk for row in rows for pk in (row.liaison_id, row.deputy_id) if row.deputy_id}
    away = set[int]()
    if asked:
        leaves = Leave.objects.filter(officer__in=asked, during__contains=at)
        away = set(leaves.values_list("officer_id", flat=True))
    return {row.pk: _answering(row, away) for row in rows}


def _answering(assignment: Assignment, away: set[int]) -> Officer:
    needed = assignment.liaison_id in away and assignment.deputy_id not in away
    return assignment.deputy if needed and assignment.deputy else assignment.liaison


def away(at: datetime) -> QuerySet[Leave]:
    """Every leave in force at that moment."""
    return Leave.objects.filter(during__contains=at)


def stood_in_for(officer: Officer, at: datetime) -> QuerySet[Assignment]:
    """The assignments in which he stands in: as deputy of a liaison who is on leave."""
    absent = away(at).values("officer")
    return Assignment.objects.filter(deputy=officer, liaison__in=absent, during__contains=at)


def unserved(at: datetime) -> QuerySet[Project]:
    """Projects without an assignment at that moment; allowed in the database, not in practice."""
    served = Assignment.objects.filter(project=OuterRef("pk"), during__contains=at)
    return Project.objects.filter(~Exists(served))


def served_at(at: datetime) -> QuerySet[ProjectRevision]:
    """The projects registered at that moment that had an assignment then."""
    covering = Assignment.objects.filter(project=OuterRef("project"), during__contains=at)
    return register_at(at).filter(Exists(covering))


@dataclass(frozen=True)
class Coverage:
    """The number of projects, and how many are served one-to-one."""

    projects: int
    served: int

    @property
    def is_complete(self) -> bool:
        """Whether every project is served."""
        return self.projects == self.served


def coverage(at: datetime) -> Coverage:
    """How many of the projects are served at that moment."""
    projects = Project.objects.count()
    return Coverage(projects=projects, served=projects - unserved(at).count())


def who_answered(project: Project, day: date) -> list[tuple[Assignment, Officer]]:
    """Who answered for the project on that day (Asia/Shanghai), in order; several if it changed.

    Each with the officer who answered when that part of the day began: the liaison, or the
    deputy who stood in.
    """
    begins = timezone.make_aware(datetime.combine(day, time.min))
    ends = begins + timedelta(days=1)
    assignments = (
        Assignment.objects.filter(project=project, during__overlap=(begins, ends))
        .select_related("group", "liaison", "deputy")
        .order_by("during")
    )
    return [(each, answering(each, max(begins, each.during.lower))) for each in assignments]


def projects_answered_by(officer: Officer, at: datetime) -> QuerySet[Assignment]:
    """The assignments in which the officer is liaison or deputy at that moment."""
    return Assignment.objects.filter(Q(liaison=officer) | Q(deputy=officer), during__contains=at)
