"""Which projects an enterprise takes part in, which decides what it may see and file.

Also the register as it was recorded up to a given time.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from projects.register.models import (
    District,
    DistrictClass,
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
