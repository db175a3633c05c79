"""Assigning or handing over a project together with its open tickets."""

from coordination.groups import assign
from coordination.groups.models import Assignment, ServiceGroup
from coordination.staff.models import Officer
from coordination.tickets.flow import OPEN, Verb
from coordination.tickets.models import Ticket
from coordination.tickets.queries_responsible import serving_now
from coordination.tickets.step import record_step
from projects.record.clock import change
from projects.register.models import Project


def take_on(
    *,
    project: Project,
    group: ServiceGroup,
    liaison: Officer,
    deputy: Officer | None = None,
    reason: str = "",
    by: Officer,
) -> Assignment:
    """First assignment of a project that nobody serves; its waiting tickets come along.

    By and raising as ``groups.assign.assign``.
    """
    with change():
        after = assign.assign(
            project=project, group=group, liaison=liaison, deputy=deputy, reason=reason, by=by
        )
        _move_tickets(None, after, by)
        return after


def hand_over(
    *,
    project: Project,
    group: ServiceGroup,
    liaison: Officer,
    deputy: Officer | None = None,
    reason: str,
    by: Officer,
) -> Assignment:
    """The project changes hands at one instant, and so does every open ticket of it.

    A ticket that was passed on to another group stays there. By and raising as
    ``groups.assign.hand_over``.
    """
    with change():
        before, after = assign.hand_over(
            project=project, group=group, liaison=liaison, deputy=deputy, reason=reason, by=by
        )
        _move_tickets(before.group, after, by)
        return after


def _move_tickets(group: ServiceGroup | None, after: Assignment, by: Officer) -> None:
    """Every open ticket of the project that this group had, in one order for all (no deadlock)."""
    with change() as at:
        handler = serving_now([after.project_id], at)[after.project_id].officer
        rows = (
            Ticket.objects.select_for_update(of=("self",))
            .filter(project=after.project, group=group, status__in=OPEN)
            .order_by("pk")
        )
        for row in rows:
            payload = {
                "from_group": row.group_id,
                "from_handler": row.handler_id,
                "group": after.group_id,
                "handler": handler.pk if handler else None,
            }
            row.group, row.handler = after.group, handler
            record_step(
                Verb.HAND_OVER,
                thing=row,
                to=row.status,
                at=max(at, row.changed_at),
                payload=payload,
                text={},
                by=by,
            )
