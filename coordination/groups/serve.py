"""Verbs for memberships in groups, and for leaves."""

from datetime import date, datetime
from typing import Final

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from coordination.groups.models import Leave, Membership, ServiceGroup
from coordination.groups.queries import group_of
from coordination.staff.models import Officer
from projects.record.acts import record_act
from projects.record.clock import change
from projects.record.days import beginning, ending
from projects.record.refusals import Checker, NotAllowed, Stale

JOINED_GROUP: Final = "joined_group"
LEFT_GROUP: Final = "left_group"


def require_permission(by: Officer, permission: str) -> None:
    """Raise NotAllowed unless the officer's role has the permission."""
    if not by.has_perm(permission):
        raise NotAllowed(_("Your role does not allow this."))


def locked(officer: Officer) -> Officer:
    """His row, locked without hindering the foreign keys of rows that name him."""
    return Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)


def end_membership(officer: Officer, at: datetime, by: Officer) -> None:
    """Let a locked officer serve in no group from ``at`` on; the caller judges who may.

    Raises Stale where he joined one after that.
    """
    for membership in Membership.objects.filter(officer=officer, during__upper_inf=True):
        if membership.during.lower > at:  # a concurrent one with a later time was first
            raise Stale
        membership.during = DateTimeTZRange(membership.during.lower, at)
        membership.ended_at, membership.ended_by = at, by
        membership.save(update_fields=["during", "ended_at", "ended_by"])
        record_act(LEFT_GROUP, about=officer, changes={"group": (membership.group, None)}, by=by)


def join_group(*, officer: Officer, group: ServiceGroup, by: Officer) -> Membership:
    """Let the officer serve in the group from now on, and no longer in another one.

    His projects and tickets stay where they are: ``relieve_officer`` of the workbench moves them.
    By officers who may add memberships (duty desk, director). Raises NotAllowed, Invalid.
    """
    require_permission(by, "groups.add_membership")
    with change() as at:
        officer = locked(officer)
        check = Checker()
        check.require(group.is_active, "group", _("This group is not in service."))
        check.require(officer.is_active, "officer", _("This officer's account is inactive."))
        check.require(
            group_of(officer, at) != group, "group", _("The officer already serves in it.")
        )
        check.finish()
        end_membership(officer, at, by)
        record_act(JOINED_GROUP, about=officer, changes={"group": (None, group)}, by=by)
        return Membership.objects.create(
            officer=officer, group=group, during=DateTimeTZRange(at, None), recorded_at=at,
            recorded_by=by,
        )  # fmt: skip


def take_leave(
    *, officer: Officer, start: datetime | date, end: datetime | date, reason: str = "", by: Officer
) -> Leave:
    """Record a leave from ``start`` to ``end``; the deputies of his projects stand in.

    A day without a time is a whole day: the leave begins with it, and ends when it ends.
    By a group lead for his own group, by the centre for anyone. Raises NotAllowed, Invalid.
    """
    require_permission(by, "groups.add_leave")
    first, last = beginning(start) or start, ending(end) or end
    with change() as at:
        officer = locked(officer)
        if by.role == "group_lead" and group_of(officer, at) != group_of(by, at):
            raise NotAllowed(_("This officer does not serve in your group."))
        check = Checker()
        check.require(first < last, "end", _("The end must be after the start."), "date-order")
        check.require(last > at, "end", _("This leave is already over."), "date-order")
        check.require(
            first >= last  # an invalid range, reported above
            or not Leave.objects.filter(officer=officer, during__overlap=(first, last)).exists(),
            "start", _("This officer is already on leave at that time."), "overlap",
        )  # fmt: skip
        check.finish()
        return Leave.objects.create(
            officer=officer, during=DateTimeTZRange(first, last), reason=reason, recorded_at=at,
            recorded_by=by,
        )  # fmt: skip


def end_leave(*, leave: Leave, by: Officer) -> Leave:
    """End the leave now; one that had not begun becomes empty.

    By officers who may change leaves. Raises NotAllowed if it is over or was ended already.
    """
    require_permission(by, "groups.change_leave")
    with change() as at:
        leave = Leave.objects.select_for_update().get(pk=leave.pk)
        if leave.ended_at is not None or leave.during.upper <= at:
            raise NotAllowed(_("This leave is already over."))
        leave.during = DateTimeTZRange(leave.during.lower, max(at, leave.during.lower))
        leave.ended_at, leave.ended_by = at, by
        leave.save(update_fields=["during", "ended_at", "ended_by"])
        return leave
