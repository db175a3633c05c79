"""Coverage: which projects are served, which assignments are broken and why, and who has none."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from coordination.groups.queries_acting import ANSWERS, SERVING_ROLES, Facts, with_acting
from projects.record.reading import rows
from projects.register.models import ProjectRevision
from projects.register.queries import register_at


class Reason(TextChoices):
    """Why an assignment in force is broken; the first that holds."""

    GROUP_OUT_OF_SERVICE = "group_out_of_service", _("The group is out of service.")
    GROUP_EMPTY = "group_empty", _("Nobody serves in the group.")
    LIAISON_INACTIVE = "liaison_inactive", _("The liaison's account is inactive.")
    LIAISON_ROLE = "liaison_role", _("The liaison has another role now.")
    LIAISON_MOVED = "liaison_moved", _("The liaison left the group.")
    ON_LEAVE = "on_leave", _("The liaison is on leave, and nobody stands in.")


SERVED: Final = "served"
UNSERVED: Final = "unserved"

_PROJECTS: Final = {
    Facts.PRESENT: (
        "SELECT id AS project_id, code, name FROM register_project WHERE left_at IS NULL"
    ),
    Facts.RECORDED: (
        "SELECT DISTINCT ON (revision.project_id) revision.project_id, project.code, revision.name"
        " FROM register_projectrevision AS revision"
        " JOIN register_project AS project ON project.id = revision.project_id"
        " WHERE revision.recorded_at <= %(at)s AND NOT EXISTS ("
        "  SELECT FROM register_projectexit AS own"
        "  WHERE own.project_id = revision.project_id AND own.recorded_at <= %(at)s"
        "  AND NOT EXISTS (SELECT FROM register_projectreturn AS undone"
        "   WHERE undone.exit_id = own.id AND undone.recorded_at <= %(at)s))"
        " ORDER BY revision.project_id, revision.number DESC"
    ),
}
_ROLES: Final = ", ".join(f"'{role}'" for role in SERVING_ROLES)
_STATE: Final = f"""
    CASE WHEN serving.id IS NULL THEN '{UNSERVED}'
        WHEN EXISTS ({ANSWERS}) THEN '{SERVED}'
        WHEN its_group.is_active IS NOT TRUE THEN '{Reason.GROUP_OUT_OF_SERVICE}'
        WHEN NOT EXISTS (SELECT FROM member WHERE member.group_id = serving.group_id)
            THEN '{Reason.GROUP_EMPTY}'
        WHEN liaison.is_active IS NOT TRUE THEN '{Reason.LIAISON_INACTIVE}'
        WHEN liaison.role NOT IN ({_ROLES}) THEN '{Reason.LIAISON_ROLE}'
        WHEN NOT EXISTS (SELECT FROM member WHERE member.group_id = serving.group_id
            AND member.officer_id = serving.liaison_id) THEN '{Reason.LIAISON_MOVED}'
        ELSE '{Reason.ON_LEAVE}' END
"""  # noqa: S608 - names of our own


def _states(facts: Facts) -> str:
    """Each project with its state, as a subquery after ``with_acting``."""
    return f"""
        {with_acting(facts)}, state AS (
            SELECT project.project_id, project.code, project.name, serving.id AS assignment_id,
                its_group.name AS group_name, liaison.name AS liaison_name, {_STATE} AS state
            FROM ({_PROJECTS[facts]}) AS project
            LEFT JOIN groups_assignment AS serving
                ON serving.project_id = project.project_id AND serving.during @> %(at)s
            LEFT JOIN own AS its_group ON its_group.id = serving.group_id
            LEFT JOIN officer AS liaison ON liaison.id = serving.liaison_id)
    """  # noqa: S608 - names of our own


@dataclass(frozen=True)
class Coverage:
    """The number of projects: served one-to-one, with a broken assignment, with none."""

    served: int
    unserved: int
    broken: Counter[str]  # by reason

    @property
    def projects(self) -> int:
        """All of them."""
        return self.served + self.unserved + self.broken.total()

    @property
    def broken_total(self) -> int:
        """How many assignments are broken."""
        return self.broken.total()

    @property
    def is_complete(self) -> bool:
        """Whether there are projects, and every one is served."""
        return 0 < self.projects == self.served


def coverage(at: datetime, facts: Facts = Facts.PRESENT) -> Coverage:
    """How many of the projects are served at that moment."""
    statement = f"{_states(facts)} SELECT state, count(*) FROM state GROUP BY state"  # noqa: S608 - names of our own
    found = Counter(dict(rows(statement, {"at": at})))
    return Coverage(served=found.pop(SERVED, 0), unserved=found.pop(UNSERVED, 0), broken=found)


@dataclass(frozen=True)
class NotServed:
    """A project that is not served; without an assignment the last three are None."""

    project: int
    code: str
    name: str
    state: str  # UNSERVED or a Reason
    assignment: int | None
    group: str | None
    liaison: str | None

    @property
    def reason(self) -> str:
        """In words; empty where there is no assignment."""
        return "" if self.state == UNSERVED else str(Reason(self.state).label)


def not_served(
    at: datetime, facts: Facts = Facts.PRESENT, *, projects: Iterable[int] | None = None
) -> list[NotServed]:
    """Every project that is not served at that moment, ordered by code; of ``projects`` alone."""
    only = "" if projects is None else "AND project_id = ANY(%(projects)s)"
    statement = f"""
        {_states(facts)}
        SELECT project_id, code, name, state, assignment_id, group_name, liaison_name FROM state
        WHERE state <> '{SERVED}' {only} ORDER BY code, project_id
    """  # noqa: S608 - names of our own
    given = list(projects) if projects is not None else []
    return [NotServed(*each) for each in rows(statement, {"at": at, "projects": given})]


def broken(at: datetime) -> list[NotServed]:
    """The projects whose assignment is broken now, ordered by code."""
    return [each for each in not_served(at) if each.state != UNSERVED]


def broken_reason(project: int, at: datetime) -> str:
    """Why the project's assignment is broken now, in words; empty where it is not."""
    return next((each.reason for each in not_served(at, projects=[project])), "")


def truly_served_at(at: datetime) -> QuerySet[ProjectRevision]:
    """The projects registered at that moment that were served then, by the facts recorded."""
    others = [each.project for each in not_served(at, Facts.RECORDED)]
    return register_at(at).exclude(project__in=others)
