"""Taking an officer or a group out of service, with all projects and open tickets, in one verb.

One transaction: everything is done or nothing. Locks are taken in one order for all: projects,
then tickets, each by their ids, then the officer or the group.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from coordination.groups import assign
from coordination.groups.models import ServiceGroup
from coordination.groups.posts import end_posts, has_posts
from coordination.groups.queries import group_of
from coordination.groups.queries_acting import SERVING_ROLES, acting_in, acting_officers
from coordination.groups.serve import end_membership, join_group, require_permission
from coordination.staff.models import ADMINISTRATORS, Officer, Role
from coordination.staff.revise import keep_an_administrator
from coordination.tickets.flow import OPEN, Verb
from coordination.tickets.models import Ticket
from coordination.tickets.step import record_step
from coordination.tickets.verbs.handover import hand_over
from coordination.workbench.departures.queries import (
    Given,
    Plan,
    To,
    plan_group,
    plan_officer,
    work_of,
)
from coordination.workbench.departures.telling import broken_projects, tell_what_is_left
from projects.record.clock import change
from projects.record.refusals import Checker, NotAllowed, Stale
from projects.record.text import one_line
from projects.register.models import Project


class Kind(TextChoices):
    """What happens to the officer."""

    LEAVE_GROUP = "leave_group", _("Leaves the group")
    MOVE = "move", _("Moves to another group")
    DEACTIVATE = "deactivate", _("Account is deactivated")
    CHANGE_ROLE = "change_role", _("Gets another role")


@dataclass(frozen=True)
class Relief:
    """What happens to an officer, and to his projects and open tickets."""

    officer: Officer
    kind: str
    to: str
    reason: str
    group: ServiceGroup | None = None  # to which he moves
    role: str = ""  # that he gets
    one: Officer | None = None  # who gets everything

    def plan(self, at: datetime) -> Plan:
        """Nothing moves where his new role serves projects too."""
        if self.kind == Kind.CHANGE_ROLE and self.role in SERVING_ROLES:
            found = Plan()
        else:
            found = plan_officer(self.officer, to=self.to, one=self.one, at=at)
        chosen = [each.pk if each is not None else None for each in (self.group, self.one)]
        found.entered = (self.officer.pk, self.kind, self.to, self.role, *chosen)
        return found


@dataclass(frozen=True)
class Closing:
    """What happens to the projects and open tickets of a group."""

    group: ServiceGroup
    to: str
    reason: str
    one: ServiceGroup | None = None  # the group that gets everything

    def plan(self, at: datetime) -> Plan:
        """By present workload."""
        found = plan_group(self.group, to=self.to, one=self.one, at=at)
        found.entered = (self.group.pk, self.to, self.one.pk if self.one is not None else None)
        return found


_CHANGED: Final = _(
    "Nothing was done: projects, open tickets or what you entered changed since this was shown. "
    "Look at it again, then confirm."
)
_BY_LEADS = frozenset({Kind.LEAVE_GROUP, Kind.DEACTIVATE})
_ENDS_POSTS = frozenset({Kind.CHANGE_ROLE, Kind.DEACTIVATE})  # a reporter's, and a leader's


def plan_relief(*, relief: Relief, by: Officer) -> Plan:
    """What ``relieve_officer`` would do now, by the same rules; writes nothing."""
    with change() as at:
        _check_officer(relief, by, at)
        plan = relief.plan(at)
        _require_own_work(plan, by, at)
        return plan


def relieve_officer(*, relief: Relief, shown: str | None = None, by: Officer) -> Plan:
    """Deactivate an officer, move him, or give him another role, and say who gets his work.

    ``relief.to``: spread over his group by workload, all to ``one``, or left, so that they show as
    broken. By the centre, with posts and the centre's own officers by the director; administrators
    by who may change accounts, but never the last system administrator; a group lead may let a
    liaison of his own group leave it or deactivate him, and give the work of his group to somebody
    of it. The duty desk is told what is broken or left. The reason is kept with the officer's
    revision and with each ticket. ``shown`` is the mark of the plan that was confirmed. Returns
    what was done. Raises NotAllowed, Invalid by the field, Stale where something else would be
    done than was shown.
    """
    with change(whole=True) as at:
        _check_officer(relief, by, at)
        plan = _locked(lambda: relief.plan(at))
        _require_own_work(plan, by, at)
        _require_shown(plan, shown)
        keep_an_administrator(relief.officer)
        row = Officer.objects.select_for_update(no_key=True).get(pk=relief.officer.pk)
        if _rights(row) != _rights(relief.officer):  # changed since it was judged above
            raise Stale
        before = broken_projects(at)
        # First the officer, so that who is told of the tickets can act, or is the duty desk.
        if relief.kind == Kind.MOVE and relief.group is not None:
            join_group(officer=row, group=relief.group, by=by)
        elif relief.kind == Kind.LEAVE_GROUP:
            end_membership(row, at, by)
        if relief.kind in _ENDS_POSTS:
            end_posts(row, at, by)
        row.is_active = row.is_active and relief.kind != Kind.DEACTIVATE
        row.role = relief.role if relief.kind == Kind.CHANGE_ROLE else row.role
        row.record_revision(changed=["is_active", "role"], at=at, reason=relief.reason, by=by)
        _carry_out(plan, relief.reason, by, at)
        tell_what_is_left(str(row), plan=plan, before=before, by=by)
        return plan


def withdraw_post(*, officer: Officer, reason: str, by: Officer) -> Officer:
    """Take back a post that was given by mistake, before it was used: the account has none again.

    By who gives posts. Raises NotAllowed, also where projects, open tickets or districts are his,
    or he serves in a group; Invalid without a reason.
    """
    require_permission(by, "staff.assign_post")
    with change() as at:
        row = Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)
        if row == by:
            raise NotAllowed(_("Nobody takes himself out of service."))
        if row.role in {"", *ADMINISTRATORS}:
            raise NotAllowed(_("This officer has no post of the desk."))
        check = Checker()
        check.require(one_line(reason), "reason", _("Say why."), "required")
        check.finish()
        if group_of(row, at) is not None or any(work_of(row, at)) or has_posts(row):
            raise NotAllowed(_("This post is in use: give him another on his own page."))
        row.role = ""
        row.record_revision(changed=["role"], at=at, reason=reason, by=by)
        return row


def plan_closing(*, closing: Closing, by: Officer) -> Plan:
    """What ``close_group`` would do now, by the same rules; writes nothing."""
    with change() as at:
        _check_group(closing, by, at)
        return closing.plan(at)


def close_group(*, closing: Closing, shown: str | None = None, by: Officer) -> Plan:
    """Take a group out of service, and say which group gets its projects and open tickets.

    ``closing.to``: spread over all other groups by workload, all to group ``one``, or left, so
    that they show as broken. By the centre. Returns what was done. Raises as ``relieve_officer``.
    """
    with change(whole=True) as at:
        _check_group(closing, by, at)
        plan = _locked(lambda: closing.plan(at))
        _require_shown(plan, shown)
        row = ServiceGroup.objects.select_for_update(no_key=True).get(pk=closing.group.pk)
        before = broken_projects(at)
        row.is_active = False
        row.record_revision(changed=["is_active"], at=at, reason=closing.reason, by=by)
        _carry_out(plan, closing.reason, by, at)
        tell_what_is_left(str(row), plan=plan, before=before, by=by)
        return plan


def _check_officer(relief: Relief, by: Officer, at: datetime) -> None:
    officer, kind, one = relief.officer, relief.kind, relief.one
    _require_right(relief, by, at)
    own = group_of(officer, at)
    check = Checker()
    check.require(kind in Kind.values, "kind", _("Choose what happens."), "required")
    check.require(relief.to in To.values, "to", _("Say where the work goes."), "required")
    check.require(one_line(relief.reason), "reason", _("Say why."), "required")
    if kind == Kind.DEACTIVATE:
        check.require(officer.is_active, "kind", _("The account is inactive already."))
    if kind == Kind.LEAVE_GROUP:
        check.require(own, "kind", _("The officer serves in no group."))
    if kind == Kind.MOVE:
        is_open = relief.group is not None and relief.group.is_active
        check.require(is_open, "group", _("Choose a group in service."))
        check.require(
            relief.group is None or relief.group != own,
            "group", _("The officer already serves in it."),
        )  # fmt: skip
    if kind == Kind.CHANGE_ROLE:
        is_new = relief.role in set(Role) - ADMINISTRATORS and relief.role != officer.role
        check.require(is_new, "role", _("Choose another role."), "required")
    if relief.to == To.ONE:
        can = one is not None and one != officer and acting_officers(at).filter(pk=one.pk).exists()
        check.require(can, "one", _("Choose somebody else who can act now."), "cannot-act")
    check.finish()


def _rights(officer: Officer) -> tuple[str, bool, bool]:
    return officer.role, officer.is_active, officer.is_superuser


def _require_right(relief: Relief, by: Officer, at: datetime) -> None:
    """The centre; for a liaison of his own group its lead. Nobody relieves himself.

    Posts and officers of the centre itself are the director's matter. Administrators, whoever has
    no role yet, and superusers are deactivated by who may change accounts; the director gives a
    first post to whoever has no role.
    """
    officer, has_post = relief.officer, relief.officer.role not in {"", *ADMINISTRATORS}
    if officer == by:
        raise NotAllowed(_("Nobody takes himself out of service."))
    is_first_post = not officer.role and relief.kind == Kind.CHANGE_ROLE
    if officer.is_superuser or not (has_post or is_first_post):
        require_permission(by, "staff.change_officer")
        if relief.kind != Kind.DEACTIVATE:
            raise NotAllowed(_("A role is granted or changed on the officer's own page."))
        return
    if by.role == Role.GROUP_LEAD:
        _require_own_group(relief, by, at)
        return
    require_permission(by, "groups.change_membership")
    if relief.kind == Kind.CHANGE_ROLE or officer.role not in SERVING_ROLES:
        require_permission(by, "staff.assign_post")


def _require_own_group(relief: Relief, by: Officer, at: datetime) -> None:
    """A lead lets a liaison of his group go, and gives the work to somebody of it."""
    own = group_of(by, at)
    is_own = own is not None and group_of(relief.officer, at) == own
    if not is_own or relief.officer.role != Role.LIAISON or relief.kind not in _BY_LEADS:
        raise NotAllowed(_("A group lead does this only with a liaison of his own group."))
    if relief.to == To.ONE and relief.one is not None and group_of(relief.one, at) != own:
        raise NotAllowed(_("A group lead assigns only within his own group."))


def _require_own_work(plan: Plan, by: Officer, at: datetime) -> None:
    """A lead moves projects and tickets neither out of his own group nor into it."""
    if by.role != Role.GROUP_LEAD:
        return
    own = group_of(by, at)
    groups: set[int | None] = {
        *(pk for each in plan.moves for pk in (each.assignment.group_id, each.group)),
        *(pk for each in plan.given for pk in (each.ticket.group_id, each.group)),
    }
    if own is None or not groups <= {own.pk}:
        raise NotAllowed(_("A group lead assigns only within his own group."))


def _check_group(closing: Closing, by: Officer, at: datetime) -> None:
    require_permission(by, "groups.change_membership")
    group, one = closing.group, closing.one
    check = Checker()
    check.require(group.is_active, "to", _("This group is not in service."))
    check.require(closing.to in To.values, "to", _("Say where the work goes."), "required")
    check.require(one_line(closing.reason), "reason", _("Say why."), "required")
    if closing.to == To.ONE:
        can = one is not None and one != group and bool(acting_in([one.pk], at))
        check.require(
            can, "one", _("Choose another group in which somebody can act."), "cannot-act"
        )
    check.finish()


def _locked(plan: Callable[[], Plan]) -> Plan:
    """The plan with its projects and tickets locked.

    While its projects are locked, nothing is filed for them. Raises Stale where other projects
    have to be moved than those that were locked.
    """
    projects = _projects_of(plan())
    list(Project.objects.select_for_update(of=("self",)).filter(pk__in=projects).order_by("pk"))
    found = plan()
    if _projects_of(found) != projects:
        raise Stale(_CHANGED)
    tickets = [each.pk for each in found.along] + [each.ticket.pk for each in found.given]
    list(Ticket.objects.select_for_update(of=("self",)).filter(pk__in=tickets).order_by("pk"))
    return found


def _require_shown(plan: Plan, shown: str | None) -> None:
    """Raise Stale unless it is the plan that was confirmed; None where none was shown."""
    if shown is not None and plan.mark != shown:
        raise Stale(_CHANGED)


def _projects_of(plan: Plan) -> list[int]:
    return sorted(each.assignment.project_id for each in plan.moves)


def _carry_out(plan: Plan, reason: str, by: Officer, at: datetime) -> None:
    groups = ServiceGroup.objects.in_bulk()
    officers = Officer.objects.in_bulk(_named(plan))
    for move in plan.moves:
        transfer = hand_over if move.takes_tickets else assign.hand_over
        transfer(
            project=move.assignment.project,
            group=groups[move.group],
            liaison=officers[move.liaison],
            deputy=officers[move.deputy] if move.deputy is not None else None,
            reason=reason,
            by=by,
        )
    for given in plan.given:
        _give(given, at=at, by=by)


def _named(plan: Plan) -> set[int]:
    named = (pk for each in plan.moves for pk in (each.liaison, each.deputy))
    return {pk for pk in named if pk is not None}


def _give(given: Given, *, at: datetime, by: Officer) -> None:
    """One ticket to its new handler, with its event; nothing where somebody was first.

    The enterprise reads the event, so it does not say why an officer leaves; his revision does.
    """
    row = Ticket.objects.select_for_update(of=("self",)).get(pk=given.ticket.pk)
    had = (given.ticket.group_id, given.ticket.handler_id)
    if row.status not in OPEN or (row.group_id, row.handler_id) != had:
        return
    payload = {
        "from_group": row.group_id, "from_handler": row.handler_id,
        "group": given.group, "handler": given.handler,
    }  # fmt: skip
    row.group_id, row.handler_id = given.group, given.handler
    record_step(
        Verb.HAND_OVER, thing=row, to=row.status, at=max(at, row.changed_at), payload=payload,
        text={}, by=by,
    )  # fmt: skip
