"""Who serves which project, and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from coordination.groups.models import Assignment, Leave, Membership, ServiceGroup
from coordination.staff.models import Officer
from projects.record.reading import columns_of, row_of, rows
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


# What an enterprise is told of who serves it, and no more. Asked with every filing and verb, so
# written by hand; whether the deputy stands in is known by the same look at the leaves.
_BY_WHOM: Final = ("id", "project_id", "group_id", "liaison_id", "deputy_id")
_WHO: Final = ("id", "name", "mobile")
_GROUP: Final = ("id", "name")
_SERVING: Final = f"""
    SELECT {columns_of(Assignment, "serving", _BY_WHOM)},
        {columns_of(ServiceGroup, "own", _GROUP)},
        {columns_of(Officer, "liaison", _WHO)}, {columns_of(Officer, "deputy", _WHO)},
        deputy.id IS NOT NULL
            AND EXISTS (SELECT FROM groups_leave AS away
                WHERE away.officer_id = liaison.id AND away.during @> %(at)s)
            AND NOT EXISTS (SELECT FROM groups_leave AS away
                WHERE away.officer_id = deputy.id AND away.during @> %(at)s)
    FROM groups_assignment AS serving
    JOIN groups_servicegroup AS own ON own.id = serving.group_id
    JOIN staff_officer AS liaison ON liaison.id = serving.liaison_id
    LEFT JOIN staff_officer AS deputy ON deputy.id = serving.deputy_id
    WHERE serving.project_id = ANY(%(projects)s) AND serving.during @> %(at)s
"""  # noqa: S608 - names of our own
_STANDS_IN: Final = """
    SELECT serving.deputy_id FROM groups_assignment AS serving
    WHERE serving.project_id = %(project)s AND serving.group_id = %(group)s
        AND serving.during @> %(at)s
        AND EXISTS (SELECT FROM groups_leave AS away
            WHERE away.officer_id = %(officer)s AND away.during @> %(at)s)
        AND NOT EXISTS (SELECT FROM groups_leave AS away
            WHERE away.officer_id = serving.deputy_id AND away.during @> %(at)s)
        AND serving.deputy_id IS NOT NULL
"""


@dataclass(frozen=True)
class Serving:
    """The current assignment with the officers' public columns, and the officer answering now."""

    assignment: Assignment
    officer: Officer


def serving_each(projects: Iterable[int], at: datetime) -> dict[int, Serving]:
    """Who serves each project at that moment, by its id."""
    found = rows(_SERVING, {"projects": list(set(projects)), "at": at})
    serving = [_serving(*each) for each in found]
    return {each.assignment.project_id: each for each in serving}


def _serving(*columns: Any) -> Serving:
    """From a row of ``_SERVING``."""
    assignment = row_of(Assignment, columns[:5], _BY_WHOM)
    assignment.group = row_of(ServiceGroup, columns[5:7], _GROUP)
    assignment.liaison = row_of(Officer, columns[7:10], _WHO)
    if columns[10] is not None:
        assignment.deputy = row_of(Officer, columns[10:13], _WHO)
    answers = assignment.deputy if columns[13] else assignment.liaison
    return Serving(assignment, answers or assignment.liaison)


def standing_in(*, officer: int, project: int, group: int | None, at: datetime) -> int | None:
    """The project's deputy in that group while the officer is on leave, and the deputy is not."""
    asked = {"officer": officer, "project": project, "group": group, "at": at}
    return next((deputy for (deputy,) in rows(_STANDS_IN, asked)), None)


def answering(assignment: Assignment, at: datetime) -> Officer:
    """The liaison, or the deputy while the liaison is on leave and the deputy is not."""
    return answering_each([assignment], at)[assignment.pk]


def answering_each(assignments: Iterable[Assignment], at: datetime) -> dict[int, Officer]:
    """The same of many, by the assignment's id, with one look at who is away."""
    given = list(assignments)
    asked = {pk for row in given for pk in (row.liaison_id, row.deputy_id) if row.deputy_id}
    away = set[int]()
    if asked:
        leaves = Leave.objects.filter(officer__in=asked, during__contains=at)
        away = set(leaves.values_list("officer_id", flat=True))
    return {row.pk: _answering(row, away) for row in given}


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
