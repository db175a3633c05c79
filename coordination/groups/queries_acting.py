"""Who can act for a group, and so who answers for each project.

An officer *can act* at a moment if his account is active, his role serves projects, he is a member
of the group, the group is in service, and he is not on leave. The rule stands here once, as SQL
that is asked of the present rows or of the facts recorded up to a moment.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final

from django.db.models import QuerySet

from coordination.groups.models import Assignment, ServiceGroup
from coordination.staff.models import Officer, Role
from projects.record.reading import columns_of, row_of, rows

SERVING_ROLES: Final = (Role.LIAISON, Role.GROUP_LEAD)


class Facts(Enum):
    """Which rows are asked: the present ones, or the revisions recorded up to the moment."""

    PRESENT = (
        "SELECT id, name, role, is_active FROM staff_officer",
        "SELECT id, name, is_active FROM groups_servicegroup",
    )
    RECORDED = (
        """SELECT DISTINCT ON (officer_id) officer_id AS id, name, role, is_active
            FROM staff_officerrevision AS revision WHERE recorded_at <= %(at)s
            ORDER BY officer_id, recorded_at DESC, revision.id DESC""",
        """SELECT DISTINCT ON (group_id) group_id AS id, name, is_active
            FROM groups_grouprevision AS revision WHERE recorded_at <= %(at)s
            ORDER BY group_id, recorded_at DESC, revision.id DESC""",
    )


def with_acting(facts: Facts) -> str:
    """The common table expressions ``officer``, ``own`` (groups), ``member`` and ``acting``.

    ``member``: officers in service by group, on leave or not; ``acting``: those who can act. Takes
    the parameter ``at``.
    """
    officers, groups = facts.value
    return f"""
        WITH officer AS ({officers}), own AS ({groups}), member AS (
            SELECT serves.officer_id, serves.group_id, officer.role
            FROM groups_membership AS serves JOIN officer ON officer.id = serves.officer_id
            WHERE officer.is_active AND officer.role IN ('{Role.LIAISON}', '{Role.GROUP_LEAD}')
                AND serves.during @> %(at)s AND serves.recorded_at <= %(at)s
        ), acting AS MATERIALIZED (
            SELECT member.officer_id, member.group_id, member.role
            FROM member JOIN own ON own.id = member.group_id
            WHERE own.is_active AND NOT EXISTS (
                SELECT FROM groups_leave AS away WHERE away.officer_id = member.officer_id
                    AND away.during @> %(at)s AND away.recorded_at <= %(at)s)
        )
    """  # noqa: S608 - names of our own


# Liaison, deputy, group lead, in this order; of several leads the one with the lowest id.
ANSWERS: Final = f"""
    SELECT acting.officer_id FROM acting
    WHERE acting.group_id = serving.group_id AND (
        acting.officer_id IN (serving.liaison_id, serving.deputy_id)
        OR acting.role = '{Role.GROUP_LEAD}')
    ORDER BY acting.officer_id IS DISTINCT FROM serving.liaison_id,
        acting.officer_id IS DISTINCT FROM serving.deputy_id, acting.officer_id
    LIMIT 1
"""  # noqa: S608 - names of our own
# What an enterprise is told of who serves it, and no more.
_BY_WHOM: Final = ("id", "project_id", "group_id", "liaison_id", "deputy_id")
_WHO: Final = ("id", "name", "mobile")
_ANSWERING: Final = ("id", "name", "role", "mobile")  # in the order of the model
_GROUP: Final = ("id", "name")
_SERVING: Final = f"""
    {with_acting(Facts.PRESENT)}
    SELECT {columns_of(Assignment, "serving", _BY_WHOM)},
        {columns_of(ServiceGroup, "its_group", _GROUP)},
        {columns_of(Officer, "liaison", _WHO)}, {columns_of(Officer, "deputy", _WHO)},
        {columns_of(Officer, "answering", _ANSWERING)}
    FROM groups_assignment AS serving
    JOIN groups_servicegroup AS its_group ON its_group.id = serving.group_id
    JOIN staff_officer AS liaison ON liaison.id = serving.liaison_id
    LEFT JOIN staff_officer AS deputy ON deputy.id = serving.deputy_id
    LEFT JOIN staff_officer AS answering ON answering.id = ({ANSWERS})
    WHERE serving.project_id = ANY(%(projects)s) AND serving.during @> %(at)s
"""  # noqa: S608 - names of our own


@dataclass(frozen=True)
class Serving:
    """The current assignment with the officers' public columns, and the officer answering now.

    ``officer`` is the liaison, the deputy or the lead; None where none of them can act.
    """

    assignment: Assignment
    officer: Officer | None

    @property
    def answers_as(self) -> str:
        """As what the officer answers; ``duty_desk`` where there is none."""
        if self.officer is None:
            return "duty_desk"
        named = {self.assignment.deputy_id: "deputy", self.assignment.liaison_id: "liaison"}
        others = "group_lead" if self.officer.role == Role.GROUP_LEAD else "member"
        return named.get(self.officer.pk, others)


def serving_each(projects: Iterable[int], at: datetime) -> dict[int, Serving]:
    """Who serves each project at that moment, by its id, in one query."""
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
    answering = row_of(Officer, columns[13:17], _ANSWERING) if columns[13] is not None else None
    return Serving(assignment, answering)


def answering(assignment: Assignment, at: datetime, facts: Facts = Facts.PRESENT) -> Officer | None:
    """The liaison, the deputy or the lead, the first who can act; None where none of them can."""
    statement = f"""
        {with_acting(facts)}
        SELECT ({ANSWERS}) FROM groups_assignment AS serving WHERE serving.id = %(assignment)s
    """  # noqa: S608 - names of our own
    ((found,),) = rows(statement, {"assignment": assignment.pk, "at": at})
    return None if found is None else Officer.objects.get(pk=found)


@dataclass(frozen=True)
class ActingOfficer:
    """An officer who can act for a group."""

    officer: int
    group: int
    role: str


def acting_in(groups: Iterable[int], at: datetime) -> list[ActingOfficer]:
    """Who can act for these groups now: leads first, then by their ids."""
    statement = f"""
        {with_acting(Facts.PRESENT)}
        SELECT officer_id, group_id, role FROM acting WHERE group_id = ANY(%(groups)s)
        ORDER BY role <> '{Role.GROUP_LEAD}', officer_id
    """  # noqa: S608 - names of our own
    return [
        ActingOfficer(*each) for each in rows(statement, {"groups": list(set(groups)), "at": at})
    ]


def unmanned_groups(at: datetime) -> list[int]:
    """The groups for which nobody can act now, those out of service included."""
    statement = f"""
        {with_acting(Facts.PRESENT)}
        SELECT id FROM own WHERE NOT EXISTS (SELECT FROM acting WHERE acting.group_id = own.id)
    """  # noqa: S608 - names of our own
    return [pk for (pk,) in rows(statement, {"at": at})]


def acting_officers(at: datetime) -> QuerySet[Officer]:
    """Every officer who can act for his group now."""
    statement = f"{with_acting(Facts.PRESENT)} SELECT officer_id FROM acting"  # noqa: S608 - names of our own
    return Officer.objects.filter(pk__in=[pk for (pk,) in rows(statement, {"at": at})])


_ACTING_GROUP: Final = f"""
    {with_acting(Facts.PRESENT)}
    SELECT acting.officer_id, acting.group_id, acting.role, serving.liaison_id, serving.deputy_id
    FROM acting LEFT JOIN groups_assignment AS serving ON serving.group_id = acting.group_id
        AND serving.project_id = %(project)s AND serving.during @> %(at)s
    WHERE acting.group_id = %(group)s ORDER BY acting.role <> '{Role.GROUP_LEAD}', acting.officer_id
"""  # noqa: S608 - names of our own


@dataclass(frozen=True)
class ActingGroup:
    """Who can act for a group now, leads first, and who of it is named for one project."""

    officers: list[ActingOfficer]
    named: tuple[int | None, ...] = ()  # liaison and deputy, where the group serves the project

    @property
    def ids(self) -> set[int]:
        """The officers who can act."""
        return {each.officer for each in self.officers}

    @property
    def first(self) -> int | None:
        """The liaison, the deputy or the lead, the first who can act."""
        leads = [each.officer for each in self.officers if each.role == Role.GROUP_LEAD]
        order = [*self.named, *leads]
        return next((each for each in order if each in self.ids), None)


def acting_group_of(*, group: int, project: int, at: datetime) -> ActingGroup:
    """Who can act for the group, and who of it the project is assigned to."""
    found = rows(_ACTING_GROUP, {"group": group, "project": project, "at": at})
    return ActingGroup([ActingOfficer(*each[:3]) for each in found], found[0][3:] if found else ())
