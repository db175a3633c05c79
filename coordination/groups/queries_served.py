"""The projects that a group serves, or an officer as liaison, where an address names either."""

from datetime import datetime
from typing import Any

from coordination.groups.models import Assignment, ServiceGroup
from coordination.staff.models import Officer
from projects.record.finding import id_of
from projects.register.models import Project
from projects.register.queries_served import Served


def served_by_group(value: str, at: datetime) -> Served | None:
    """The projects of the group with this id."""
    found = ServiceGroup.objects.filter(pk=id_of(value) or 0).first()
    return None if found is None else _served("group", found, at, group=found)


def served_by_officer(value: str, at: datetime) -> Served | None:
    """The projects of the officer with this id."""
    found = Officer.objects.filter(pk=id_of(value) or 0).first()
    return None if found is None else _served("officer", found, at, liaison=found)


def _served(name: str, row: Any, at: datetime, **whose: Any) -> Served:
    own = Assignment.objects.filter(during__contains=at, **whose)
    return Served(name, str(row.pk), str(row), Project.objects.filter(pk__in=own.values("project")))
