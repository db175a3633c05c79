"""Accepting a proposal, unchanged or with another liaison."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from coordination.groups.models import Assignment, ServiceGroup
from coordination.groups.queries import away
from coordination.staff.models import Officer
from coordination.tickets.flow import OPEN
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.handover import take_on
from coordination.workbench.proposals.queries import staff_at
from coordination.workbench.proposals.spread import deputy_of
from projects.record.clock import change
from projects.record.refusals import Checker, Missing, Refusal
from projects.register.models import Project


@dataclass(frozen=True)
class Choice:
    """The desk's choice for one project; without a deputy, the proposed one is used."""

    project: int
    group: int
    liaison: int
    deputy: int | None = None


@dataclass(frozen=True)
class Outcome:
    """The result of one choice; ``refusal`` is empty if it was accepted."""

    project: Project
    assignment: Assignment | None = None
    tickets: int = 0  # open tickets that its group has now
    refusal: str = ""


def accept_proposal(
    *,
    project: Project,
    group: ServiceGroup,
    liaison: Officer,
    deputy: Officer | None = None,
    by: Officer,
) -> Assignment:
    """Assign the project from now on, with its tickets that wait for a group.

    Without a deputy, one of the group is chosen. Rights and errors are those of
    ``handover.take_on``: NotAllowed if the project is served by now, Invalid if the officers do
    not serve in the group; also Invalid if one of them is now on leave.
    """
    with change() as at:
        if deputy is None:
            staff = staff_at(at)
            found = deputy_of(group.pk, liaison.pk, staff.candidates)
            deputy = staff.officers[found] if found is not None else None
        check_present({"liaison": liaison, "deputy": deputy}, at)
        return take_on(project=project, group=group, liaison=liaison, deputy=deputy, by=by)


def check_present(named: Mapping[str, Officer | None], at: datetime) -> None:
    """Raise Invalid by the field of each officer who is on leave at that moment."""
    check = Checker()
    absent = set(away(at).values_list("officer_id", flat=True))
    for field, officer in named.items():
        is_here = officer is None or officer.pk not in absent
        check.require(is_here, field, _("This officer is on leave."), "on-leave")
    check.finish()


def accept_each(*, choices: Iterable[Choice], by: Officer) -> list[Outcome]:
    """Accept each in a transaction of its own, and return the result of each.

    A refusal of one does not affect the others. Raises Missing, before any is accepted, if a
    choice names a project or officer that does not exist.
    """
    rows = list(choices)
    projects = Project.objects.in_bulk([row.project for row in rows])
    groups = ServiceGroup.objects.in_bulk([row.group for row in rows])
    named = {pk for row in rows for pk in (row.liaison, row.deputy) if pk is not None}
    officers = Officer.objects.in_bulk(named)
    is_known = all(row.project in projects and row.group in groups for row in rows)
    if not is_known or len(officers) != len(named):
        raise Missing
    return [
        _outcome(
            projects[row.project], groups[row.group], officers[row.liaison],
            officers[row.deputy] if row.deputy is not None else None, by,
        )
        for row in rows
    ]  # fmt: skip


def _outcome(
    project: Project, group: ServiceGroup, liaison: Officer, deputy: Officer | None, by: Officer
) -> Outcome:
    try:
        done = accept_proposal(project=project, group=group, liaison=liaison, deputy=deputy, by=by)
    except Refusal as refusal:
        return Outcome(project, refusal=" ".join(refusal.reasons))
    tickets = Ticket.objects.filter(project=project, group=done.group, status__in=sorted(OPEN))
    return Outcome(project, done, tickets.count())
