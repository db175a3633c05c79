"""Verbs of the one-to-one assignment of projects: assign, hand over, end; never backdated.

They do not move open tickets, which this room does not know: use ``tickets.handover`` for that.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from coordination.groups.models import Assignment, ServiceGroup
from coordination.groups.queries import group_of
from coordination.groups.queries_acting import SERVING_ROLES, acting_in
from coordination.groups.serve import require_permission
from coordination.staff.models import Officer, Role
from projects.record.clock import change
from projects.record.refusals import Checker, NotAllowed, Stale
from projects.record.text import one_line
from projects.register.current import require_current
from projects.register.models import Project


def _check_people(
    group: ServiceGroup, liaison: Officer, deputy: Officer | None, at: datetime
) -> None:
    check = Checker()
    check.require(group.is_active, "group", _("This group is not in service."))
    for field, officer in (("liaison", liaison), ("deputy", deputy)):
        if officer is not None:
            serves = officer.is_active and officer.role in SERVING_ROLES
            check.require(
                serves and group_of(officer, at) == group,
                field, _("This officer does not serve in that group."), "not-in-group",
            )  # fmt: skip
    check.require(deputy != liaison, "deputy", _("The deputy must be someone else."))
    check.finish()
    named = {officer.pk for officer in (liaison, deputy) if officer is not None}
    acting = {each.officer for each in acting_in([group.pk], at)}
    check.require(
        named & acting, "liaison", _("On leave, and no deputy who could act for him."), "on-leave"
    )
    check.finish()


def _require_leadership(by: Officer, groups: set[ServiceGroup], at: datetime) -> None:
    """The centre may assign anything; a group lead only within his own group."""
    require_permission(by, "groups.add_assignment")
    if by.role == Role.GROUP_LEAD and groups != {group_of(by, at)}:
        raise NotAllowed(_("A group lead assigns only within his own group."))


def _open_assignment(project: Project) -> Assignment | None:
    """The current assignment of a locked project: the one with an open end.

    Not found by time: a concurrent transaction with a later time may have committed first.
    """
    return (
        Assignment.objects.filter(project=project, during__upper_inf=True)
        .select_related("group", "liaison", "deputy")
        .first()
    )


def assign(
    *,
    project: Project,
    group: ServiceGroup,
    liaison: Officer,
    deputy: Officer | None = None,
    reason: str = "",
    by: Officer,
) -> Assignment:
    """Assign an unserved project to the group and the liaison from now on.

    By the centre, or a group lead for his own group. Raises NotAllowed if it is served already or
    has left the register, Invalid if the officers do not serve in the group.
    """
    with change() as at:
        project = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        require_current(project)
        _require_leadership(by, {group}, at)
        if _open_assignment(project):
            raise NotAllowed(_("This project is already served; hand it over instead."))
        _check_people(group, liaison, deputy, at)
        return Assignment.objects.create(
            project=project, group=group, liaison=liaison, deputy=deputy, reason=reason,
            opened_by=by, during=DateTimeTZRange(at, None),
        )  # fmt: skip


def hand_over(
    *,
    project: Project,
    group: ServiceGroup,
    liaison: Officer,
    deputy: Officer | None = None,
    reason: str,
    by: Officer,
) -> tuple[Assignment, Assignment]:
    """Close the range in force and open the next at the same instant: no gap, no overlap.

    By the centre, or a group lead within his own group. Returns the closed one and the new one.
    Raises NotAllowed if nobody serves the project, Stale if it was handed over at the same time,
    Invalid as ``assign`` does.
    """
    with change() as at:
        project = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        before = _open_assignment(project)
        if before is None:
            raise NotAllowed(_("Nobody serves this project; assign it instead."))
        if before.during.lower >= at:  # a concurrent one with a later time was first
            raise Stale
        _require_leadership(by, {group, before.group}, at)
        check = Checker()
        check.require(one_line(reason), "reason", _("Say why."), "required")
        check.require(
            (before.group, before.liaison, before.deputy) != (group, liaison, deputy),
            "liaison", _("They already answer for this project."), "unchanged",
        )  # fmt: skip
        check.finish()
        _check_people(group, liaison, deputy, at)
        before.during = DateTimeTZRange(before.during.lower, at)
        before.closed_by = by
        before.save(update_fields=["during", "closed_by"])
        after = Assignment.objects.create(
            project=project, group=group, liaison=liaison, deputy=deputy, reason=reason,
            opened_by=by, during=DateTimeTZRange(at, None),
        )  # fmt: skip
        return before, after


def end_assignments(projects: Iterable[int], at: datetime, by: Officer) -> None:
    """End who serves these locked projects, which leave the register at ``at``.

    Their open tickets stay with the group and the handler that they have. Raises Stale where one
    was assigned at a later time. Joins a ``change()``.
    """
    for row in Assignment.objects.filter(project__in=list(projects), during__upper_inf=True):
        if row.during.lower >= at:
            raise Stale
        row.during, row.closed_by = DateTimeTZRange(row.during.lower, at), by
        row.save(update_fields=["during", "closed_by"])


def end_assignment(*, assignment: Assignment, by: Officer) -> Assignment:
    """Let nobody serve the project from now on, as before it was assigned by mistake.

    By the centre, or a group lead within his own group. Raises NotAllowed if it has ended, Stale
    as ``end_assignments`` does.
    """
    with change() as at:
        project = Project.objects.select_for_update(of=("self",)).get(pk=assignment.project_id)
        row = _open_assignment(project)
        if row != assignment:
            raise NotAllowed(_("This assignment has ended already."))
        _require_leadership(by, {assignment.group}, at)
        end_assignments([project.pk], at, by)
        assignment.refresh_from_db()
        return assignment
