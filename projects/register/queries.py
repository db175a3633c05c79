"""Which projects an enterprise takes part in, which decides what it may see and file.

Also the register as it was recorded up to a given time.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from projects.record.clock import now
from projects.register.models import (
    District,
    DistrictClass,
    Enterprise,
    Phase,
    Project,
    ProjectExit,
    ProjectParticipant,
    ProjectReturn,
    ProjectRevision,
)


def projects_of(enterprise: Enterprise, on: date) -> QuerySet[Project]:
    """The projects in which the enterprise takes part on that day, in any role.

    Those among them that have left the register, too.
    """
    own = ProjectParticipant.objects.filter(enterprise=enterprise, during__contains=on)
    return Project.objects.filter(pk__in=own.values("project"))


def enterprises_of(project: Project, on: date) -> QuerySet[Enterprise]:
    """The enterprises that take part in the project on that day, in any role."""
    own = ProjectParticipant.objects.filter(project=project, during__contains=on)
    return Enterprise.objects.filter(pk__in=own.values("enterprise"))


def current_projects() -> QuerySet[Project]:
    """The projects in the register now: those that have not left it."""
    return Project.objects.filter(left_at__isnull=True)


def holder_of_code(national_code: str) -> QuerySet[Project]:
    """The project of the register that has this national code, if any; none has an empty one."""
    rows = current_projects().filter(national_code=national_code)
    return rows if national_code else rows.none()


def exits_at(at: datetime) -> QuerySet[ProjectExit]:
    """The exits in force at that moment, as recorded by then: those without a return."""
    undone = ProjectReturn.objects.filter(recorded_at__lte=at)
    return ProjectExit.objects.filter(recorded_at__lte=at).exclude(pk__in=undone.values("exit"))


def moves_between(after: datetime, until: datetime) -> list[tuple[datetime, int, bool]]:
    """When each project left the register (True) or came back, in the order of time."""
    within: dict[str, Any] = {"recorded_at__gt": after, "recorded_at__lte": until}
    exits = ProjectExit.objects.filter(**within).values_list("recorded_at", "project_id")
    returns = ProjectReturn.objects.filter(**within).values_list("recorded_at", "exit__project_id")
    found = [(*each, True) for each in exits.order_by()]
    found += [(*each, False) for each in returns.order_by()]
    return sorted(found)


def known_at(at: datetime) -> QuerySet[ProjectRevision]:
    """Each project's latest revision at that time, of those that have left, too.

    For what was filed on a project: its name and its district stay those of its last revision.
    """
    latest = (
        ProjectRevision.objects.filter(recorded_at__lte=at)
        .order_by("project_id", "-number")
        .distinct("project_id")
    )
    return ProjectRevision.objects.filter(pk__in=latest.values("pk")).order_by("project_id")


def register_at(at: datetime) -> QuerySet[ProjectRevision]:
    """The latest revision at that time of each project that was in the register then."""
    return known_at(at).exclude(project__in=exits_at(at).values("project"))


def successors_of(project: Project) -> list[Project]:
    """In which projects one that left goes on now; none of one that is in the register.

    A successor that left in its turn is followed to its own. Ordered by code.
    """
    found: dict[int, Project] = {}
    seen = {project.pk}
    asked = {project.pk}
    while asked:
        own = exits_at(now()).filter(project__in=asked)
        next_ones = Project.objects.filter(predecessions__exit__in=own).exclude(pk__in=seen)
        rows = list(next_ones.distinct())
        seen |= {each.pk for each in rows}
        found |= {each.pk: each for each in rows if each.left_at is None}
        asked = {each.pk for each in rows if each.left_at is not None}
    return sorted(found.values(), key=lambda each: each.code)


def listed_at(at: datetime) -> QuerySet[ProjectRevision]:
    """The revisions whose project was in a batch of that day's year."""
    return register_at(at).filter(batch__year=timezone.localdate(at).year)


def planned_at(at: datetime) -> QuerySet[ProjectRevision]:
    """The revisions whose project was planned to resume or start by that day."""
    return (
        register_at(at)
        .filter(planned_resumption__lte=timezone.localdate(at))
        .exclude(phase=Phase.PRELIMINARY)
    )


class Unit(NamedTuple):
    """A district as bulletins list it; ``pk`` is by what projects are counted."""

    pk: int
    code: str
    name: str


def districts_at(at: datetime, having: Iterable[int]) -> list[Unit]:
    """Every district valid on that day, and those among ``having``, ordered by code."""
    valid = District.objects.filter(valid__contains=timezone.localdate(at))
    rows = valid | District.objects.filter(pk__in=set(having))
    return [Unit(*row) for row in rows.order_by("code").values_list("pk", "code", "name")]


def classes_at(at: datetime) -> dict[int, str]:
    """The class of each district that is in one on that day, as recorded up to that moment."""
    newest = (
        DistrictClass.objects.filter(recorded_at__lte=at, since__lte=timezone.localdate(at))
        .order_by("district_id", "-since", "-pk")
        .distinct("district_id")
    )
    return {key: each for key, each in newest.values_list("district_id", "assigned") if each}
