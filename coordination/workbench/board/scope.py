"""Whose figures an officer may open a board of, and the view that he asked for.

The duty desk, the director and the auditor see everybody's, every group's and every officer's; a
lead his group's and those of whoever serves in it; a liaison his group's and his own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q

from coordination.groups.models import Assignment, ServiceGroup
from coordination.groups.queries import group_of, members_of
from coordination.staff.models import Officer, Role
from projects.house.widgets import View, Whose
from projects.record.finding import id_of
from projects.record.refusals import Missing

CENTRE: Final = frozenset({Role.DUTY_DESK, Role.DIRECTOR, Role.AUDITOR})
READERS: Final = CENTRE | {Role.GROUP_LEAD, Role.LIAISON}
BY_OFFICER: Final = "officer"  # the value of ``by`` that divides the loads by officers


@dataclass(frozen=True)
class Choice:
    """A board that the officer may open: its name, the query of its address, and whether it is."""

    name: str
    query: str
    is_open: bool


def view_of(reader: Officer, asked: Mapping[str, str], at: datetime) -> View:
    """The view that the address asks for; his own first board where it asks for none.

    ``group`` is a group's code, ``officer`` an officer's id. Raises Missing where there is none
    such that he may see.
    """
    own = None if reader.role in CENTRE else group_of(reader, at)
    if asked.get("officer"):
        return _of_officer(reader, _officer(reader, asked["officer"], own, at), asked, at)
    if asked.get("group"):
        group = ServiceGroup.objects.filter(code=asked["group"]).first()
        if group is None or (reader.role not in CENTRE and group != own):
            raise Missing
        return _of_group(reader, group, asked, at)
    if reader.role in CENTRE:
        return View(at, reader, asked=asked)
    if reader.role == Role.GROUP_LEAD and own is not None:
        return _of_group(reader, own, asked, at)
    return _of_officer(reader, reader, asked, at)


def public_view(at: datetime) -> View:
    """What hangs on a wall: everybody's figures, read by nobody in particular."""
    return View(at)


def _officer(reader: Officer, given: str, own: ServiceGroup | None, at: datetime) -> Officer:
    pk = id_of(given)
    if pk == reader.pk:
        return reader
    rows = Officer.objects.filter(pk=pk or 0)
    if reader.role == Role.GROUP_LEAD and own is not None:
        working = Q(pk__in=members_of(own, at).values("pk")) | Q(
            pk__in=Assignment.objects.filter(group=own, during__contains=at).values("liaison")
        )
        rows = rows.filter(working)
    elif reader.role not in CENTRE:
        rows = rows.none()
    found = rows.first()
    if found is None:
        raise Missing
    return found


def _of_group(reader: Officer, group: ServiceGroup, asked: Mapping[str, str], at: datetime) -> View:
    served = Assignment.objects.filter(group=group, during__contains=at)
    return View(at, reader, group=group, projects=served.values("project"), asked=asked)


def _of_officer(reader: Officer, officer: Officer, asked: Mapping[str, str], at: datetime) -> View:
    served = Assignment.objects.filter(liaison=officer, during__contains=at)
    return View(at, reader, officer=officer, projects=served.values("project"), asked=asked)


def groups_for(reader: Officer, view: View) -> list[Choice]:
    """The groups whose boards he may open; those out of service where they still have projects."""
    if reader.role in CENTRE:
        served = Assignment.objects.filter(during__contains=view.at)
        rows = ServiceGroup.objects.filter(Q(is_active=True) | Q(pk__in=served.values("group")))
        groups = list(rows)
        if view.group is not None and view.group not in groups:
            groups.append(view.group)
    else:
        own = view.group or group_of(reader, view.at)
        groups = [own] if own is not None else []
    return [Choice(each.name, f"?group={each.code}", each == view.group) for each in groups]


def choices_for(reader: Officer, view: View) -> dict[str, list[Choice]]:
    """The boards that he may open, by whose they are."""
    everybody = reader.role in CENTRE
    may_own = reader.role not in CENTRE
    own = [Choice("", f"?officer={reader.pk}", view.officer == reader)] if may_own else []
    if view.officer is not None and view.officer != reader:
        own = [Choice(str(view.officer), f"?officer={view.officer.pk}", is_open=True), *own]
    return {
        Whose.ALL: [Choice("", "?", view.whose == Whose.ALL)] if everybody else [],
        Whose.GROUP: groups_for(reader, view),
        Whose.OFFICER: own,
    }
