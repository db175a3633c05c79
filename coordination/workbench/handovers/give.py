"""Handing over many projects: the plan, which writes nothing, and each as it was shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from coordination.groups.models import Assignment, ServiceGroup
from coordination.groups.queries import group_of
from coordination.groups.queries_acting import acting_in, acting_officers
from coordination.groups.serve import require_permission
from coordination.staff.models import Officer, Role
from coordination.tickets.flow import OPEN
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.handover import hand_over
from coordination.workbench.departures.queries import To
from coordination.workbench.handovers.queries import (
    CHANGED,
    MOST,
    NOT_OWN,
    Plan,
    chosen_rows,
    plan_to_group,
    plan_to_one,
)
from coordination.workbench.proposals.accept import Outcome, check_present
from projects.record.clock import change
from projects.record.refusals import Checker, Missing, NotAllowed, Refusal, Stale
from projects.record.text import one_line
from projects.register.models import Project


@dataclass(frozen=True)
class Choice:
    """An assignment, and who gets its project, by their ids, as the preview showed it."""

    assignment: int
    group: int
    liaison: int
    deputy: int | None = None


def plan_many(
    *,
    picks: Iterable[int],
    to: str,
    one: Officer | None = None,
    group: ServiceGroup | None = None,
    reason: str,
    by: Officer,
) -> Plan:
    """Where each of the chosen projects would go; writes nothing.

    ``to`` is ``To.ONE`` with ``one``, or ``To.SPREAD`` with ``group``. By the centre, or a group
    lead within his own group. Raises NotAllowed, Invalid by the field.
    """
    with change() as at:
        require_permission(by, "groups.add_assignment")
        rows = chosen_rows(list(picks)[:MOST], by, at)
        check = Checker()
        check.require(rows, "picks", _("Choose projects first."), "required")
        check.require(one_line(reason), "reason", _("Say why."), "required")
        check.require(to in {To.ONE, To.SPREAD}, "to", _("Say where the work goes."), "required")
        if to == To.ONE:
            can = one is not None and acting_officers(at).filter(pk=one.pk).exists()
            check.require(can, "one", _("Choose somebody who can act now."), "cannot-act")
        if to == To.SPREAD:
            able = acting_in([group.pk], at) if group is not None else []
            said = _("Choose a group in which somebody can act.")
            check.require(able, "group", said, "cannot-act")
        check.finish()
        receiving = group_of(one, at) if to == To.ONE and one is not None else group
        if by.role == Role.GROUP_LEAD and receiving != group_of(by, at):
            raise NotAllowed(NOT_OWN)
        if to == To.ONE and one is not None:
            return plan_to_one(rows, one, at)
        plan = plan_to_group(rows, group, at) if group is not None else Plan()
        is_served = plan.planned or all(row.refusal for row in rows)
        check.require(
            is_served, "group",
            _("Besides the present liaisons nobody of this group can act; choose another."),
            "cannot-act",
        )  # fmt: skip
        check.finish()
        return plan


def hand_over_each(*, choices: Iterable[Choice], reason: str, by: Officer) -> list[Outcome]:
    """Hand over each project in a transaction of its own, and return the result of each.

    A refusal of one does not affect the others. Raises NotAllowed to whoever may hand over none,
    and Missing, before any is handed over, if a choice names a row that does not exist.
    """
    require_permission(by, "groups.add_assignment")
    rows = list(choices)[:MOST]
    found = Assignment.objects.select_related("project").in_bulk([row.assignment for row in rows])
    groups = ServiceGroup.objects.in_bulk({row.group for row in rows})
    named = {pk for row in rows for pk in (row.liaison, row.deputy) if pk is not None}
    officers = Officer.objects.in_bulk(named)
    is_known = all(row.assignment in found and row.group in groups for row in rows)
    if not is_known or len(officers) != len(named):
        raise Missing
    outcomes = []
    for row in rows:
        assignment = found[row.assignment]
        try:
            after = hand_over_shown(
                assignment=assignment, group=groups[row.group], liaison=officers[row.liaison],
                deputy=officers[row.deputy] if row.deputy is not None else None,
                reason=reason, by=by,
            )  # fmt: skip
        except Refusal as refusal:
            outcomes.append(Outcome(assignment.project, refusal=" ".join(refusal.reasons)))
        else:
            outcomes.append(Outcome(assignment.project, after, _tickets(after)))
    return outcomes


def hand_over_shown(
    *,
    assignment: Assignment,
    group: ServiceGroup,
    liaison: Officer,
    deputy: Officer | None = None,
    reason: str,
    by: Officer,
) -> Assignment:
    """Hand the project over if this is still its assignment, and both officers are present.

    By and raising as ``handover.hand_over``; Stale if the assignment has changed, Invalid if one
    of the officers is on leave.
    """
    with change() as at:
        Project.objects.select_for_update(of=("self",)).get(pk=assignment.project_id)
        if not Assignment.objects.filter(pk=assignment.pk, during__upper_inf=True).exists():
            raise Stale(CHANGED)
        check_present({"liaison": liaison, "deputy": deputy}, at)
        return hand_over(
            project=assignment.project, group=group, liaison=liaison, deputy=deputy,
            reason=reason, by=by,
        )  # fmt: skip


def _tickets(after: Assignment) -> int:
    rows = Ticket.objects.filter(project=after.project, group=after.group, status__in=sorted(OPEN))
    return rows.count()
