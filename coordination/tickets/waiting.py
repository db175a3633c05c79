"""What waits for an officer: the reasons why a ticket is his to work on or to decide today.

A reason is a value of the house's ``Waiting``. A ticket waits for one reason only, the first that
holds in their order. The first page shows the reasons as sections, and the queue has them as a
filter, so that both show the same tickets. Another room adds its own in its ``room.py``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import BooleanField, Case, CharField, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coordination.groups.models import ServiceGroup
from coordination.groups.queries import group_of
from coordination.groups.queries_acting import ActingOfficer, acting_in, unmanned_groups
from coordination.staff.models import Officer, Role
from coordination.tickets.clocks.lights import Light, lit
from coordination.tickets.flow import RUNNING, Status, Verb
from coordination.tickets.models import Ticket
from coordination.tickets.queries import AWAITING_SIGNATURE, tickets_for
from coordination.tickets.queries_responsible import standing_in_among
from coordination.tickets.standing import LAST_PASS
from projects.house.rooms import rooms
from projects.house.waiting import Waiting
from projects.worktime.calendar import end_of

NOTHING: Final = Q(pk__in=[])
# Every open ticket; each part is served by a partial index, however many have ended.
IS_OPEN: Final = Q(clock_due__isnull=False) | Q(status=Status.RESOLVED)
# The verbs whose event is an answer that the officer waited for; a room above adds its own.
ANSWERS: Final[set[str]] = {Verb.SUPPLEMENT}
_OUR_TURN: Final = Q(status__in=[Status.SUBMITTED, Status.IN_PROGRESS])
IN_GROUPS: Final = frozenset({Role.LIAISON, Role.GROUP_LEAD})
_CENTRE: Final = frozenset({Role.DUTY_DESK, Role.DIRECTOR})


@dataclass(frozen=True)
class Viewpoint:
    """An officer at a moment, and which tickets are his by his role.

    ``own`` are those that he works on: which he handles or stands in for, a lead also those of
    his group without a handler, the duty desk those without a group or of a group in which nobody
    can act. ``led`` are those on which he decides in place of a lead.
    """

    officer: Officer
    at: datetime
    group: ServiceGroup | None
    own: Q
    led: Q

    def mine(self, condition: Q) -> Q:
        """His own tickets that fulfil the condition; NOTHING where he can have none."""
        return NOTHING if self.own == NOTHING else self.own & condition


def viewpoint_of(officer: Officer, at: datetime) -> Viewpoint:
    """The officer's viewpoint at that moment; an auditor or administrator owns nothing."""
    group = group_of(officer, at) if officer.role in IN_GROUPS else None
    return viewpoint_in(group, officer, at, acting_in([group.pk], at) if group else [])


def viewpoint_in(
    group: ServiceGroup | None, officer: Officer, at: datetime, able: Sequence[ActingOfficer]
) -> Viewpoint:
    """The same of one who serves in that group, in which these can act."""
    if officer.role == Role.DUTY_DESK:
        unmanned = Q(group__in=unmanned_groups(at))
        by_leads = Q(resolved_by__role=Role.GROUP_LEAD)
        return Viewpoint(officer, at, None, Q(group=None) | unmanned, by_leads | unmanned)
    if officer.role == Role.DIRECTOR:
        return Viewpoint(officer, at, None, NOTHING, NOTHING)
    if group is None or officer.role not in IN_GROUPS:
        return Viewpoint(officer, at, None, NOTHING, NOTHING)
    own = Q(group=group) & (Q(handler=officer) | standing_in_among(officer, group, able, at))
    if officer.role != Role.GROUP_LEAD:
        return Viewpoint(officer, at, group, own, NOTHING)
    return Viewpoint(officer, at, group, own | Q(group=group, handler=None), Q(group=group))


def _overdue(view: Viewpoint) -> Q:
    return view.mine(_OUR_TURN & lit(Light.RED, view.at))


def _due_today(view: Viewpoint) -> Q:
    until = end_of(timezone.localdate(view.at))
    return view.mine(_OUR_TURN & Q(clock_due__lte=until))


def _extension(view: Viewpoint) -> Q:
    """Asked for, and not by himself: the lead decides, of what a lead asks for the director."""
    asked = Q(extension_asked__gt=0, status__in=sorted(RUNNING))
    if view.officer.role == Role.DIRECTOR:
        return asked & (
            Q(extension_asked_by__role=Role.GROUP_LEAD) | Q(group__in=unmanned_groups(view.at))
        )
    if view.officer.role != Role.GROUP_LEAD:
        return NOTHING
    return asked & view.led & ~Q(extension_asked_by=view.officer)


def _resolved(view: Viewpoint) -> Q:
    if view.led == NOTHING:
        return NOTHING
    unsigned = Q(status=Status.RESOLVED, signed_off_by=None)
    return unsigned & view.led & ~Q(resolved_by=view.officer)


def _countersign(view: Viewpoint) -> Q:
    if view.officer.role not in _CENTRE:
        return NOTHING
    mine = Q(signed_off_by=view.officer) | Q(resolved_by=view.officer)
    return AWAITING_SIGNATURE & ~mine


def _lapsed(view: Viewpoint) -> Q:
    return view.mine(_OUR_TURN & Q(question_lapsed=True))


def _to_accept(view: Viewpoint) -> Q:
    return view.mine(Q(status=Status.SUBMITTED))


def _third_transfer(view: Viewpoint) -> Q:
    """Passed on so often that the duty desk alone may, and still accepted by nobody."""
    if view.officer.role != Role.DUTY_DESK:
        return NOTHING
    return Q(pass_count=LAST_PASS, status=Status.SUBMITTED)


def _late_in_group(view: Viewpoint) -> Q:
    """What others of his group are late with."""
    if view.group is None or view.officer.role != Role.GROUP_LEAD:
        return NOTHING
    return Q(group=view.group) & _OUR_TURN & lit(Light.RED, view.at)


# What he has done his part of.


def _asked_extension(view: Viewpoint) -> Q:
    return view.mine(Q(extension_asked__gt=0, extension_asked_by=view.officer))


def _asked_enterprise(view: Viewpoint) -> Q:
    return view.mine(Q(status=Status.NEED_INFO))


def _resolved_by_him(view: Viewpoint) -> Q:
    if view.group is None:
        return NOTHING
    return Q(status=Status.RESOLVED, resolved_by=view.officer, signed_off_by=None)


def _signed_by_him(view: Viewpoint) -> Q:
    if view.group is None and view.officer.role not in _CENTRE:
        return NOTHING
    mine = Q(signed_off_by=view.officer) | Q(resolved_by=view.officer)
    return AWAITING_SIGNATURE & mine


def _accept(ticket: Ticket) -> str:
    return Verb.ACCEPT if ticket.status == Status.SUBMITTED and ticket.group_id else ""


def _sign(ticket: Ticket) -> str:
    return Verb.SIGN_OFF if ticket.ever_red else Verb.WRITE_OFF


_OWN: Final = (
    Waiting("overdue", _("Overdue"), 10, _overdue, _accept),
    Waiting("due-today", _("Due today"), 20, _due_today, _accept),
    Waiting(
        "extension", _("Extensions to decide"), 30, _extension, lambda _ticket: Verb.GRANT,
        refusal=Verb.DENY, asked_by=Verb.EXTEND,
    ),
    Waiting(
        "write-off", _("To be written off"), 40, _resolved, _sign,
        refusal=Verb.REDO, asked_by=Verb.RESOLVE,
    ),
    Waiting(
        "countersign", _("To be countersigned"), 50, _countersign, lambda _t: Verb.COUNTERSIGN,
        refusal=Verb.REDO, asked_by=Verb.SIGN_OFF,
    ),
    Waiting("third-transfer", _("Passed on twice, accepted by nobody"), 60, _third_transfer),
    Waiting("lapsed", _("Questions left unanswered"), 70, _lapsed),
    Waiting("accept", _("To be accepted"), 80, _to_accept, _accept),
    Waiting("group-overdue", _("Others of the group are late"), 200, _late_in_group),
    Waiting(
        "extension-asked", _("Extensions asked for"), 500, _asked_extension, is_for_others=True
    ),
    Waiting("enterprise", _("Awaiting the enterprise"), 510, _asked_enterprise, is_for_others=True),
    Waiting("resolved", _("Resolved, not written off"), 520, _resolved_by_him, is_for_others=True),
    Waiting("signed", _("Signed, not countersigned"), 530, _signed_by_him, is_for_others=True),
)  # fmt: skip


def reasons() -> Sequence[Waiting]:
    """Every reason, the rooms' included, in their order."""
    added = (each for room in rooms() for each in room.waits)
    return sorted((*_OWN, *added), key=lambda each: each.order)


def waiting_for(view: Viewpoint) -> QuerySet[Any]:
    """The tickets that wait for the officer, each with the code of its ``reason``.

    Without those that wait for others through him.
    """
    found = [(each.code, each.condition(view)) for each in reasons() if not each.is_for_others]
    cases = [When(condition, then=Value(code)) for code, condition in found if condition != NOTHING]
    reason = Case(*cases, default=None, output_field=CharField(null=True))
    rows = tickets_for(view.officer).filter(IS_OPEN)
    return rows.annotate(reason=reason).filter(reason__isnull=False)


def reasons_of(ticket: Ticket, view: Viewpoint) -> list[Waiting]:
    """Every reason why this ticket waits for the officer, in their order; one query."""
    found = {f"reason_{number}": each for number, each in enumerate(reasons())}
    told = {
        name: Case(When(condition, then=True), default=False, output_field=BooleanField())
        for name, each in found.items()
        if not each.is_for_others and (condition := each.condition(view)) != NOTHING
    }
    if not told:
        return []
    row = Ticket.objects.filter(IS_OPEN, pk=ticket.pk).annotate(**told).values(*told).first()
    return [found[name] for name, holds in (row or {}).items() if holds]


def waiting_through(view: Viewpoint) -> Mapping[str, Q]:
    """The tickets that wait for others, of which he has done his part, by the reason's code."""
    return {each.code: each.condition(view) for each in reasons() if each.is_for_others}


def waits(code: str, view: Viewpoint) -> Q:
    """The tickets of one reason, or of all that wait for him where ``code`` is empty.

    Raises KeyError where there is no such reason.
    """
    if not code:
        return Q(pk__in=waiting_for(view).values("pk"))
    reason = {each.code: each for each in reasons()}[code]
    if reason.is_for_others:
        condition: Q = reason.condition(view)
        return IS_OPEN & condition
    return Q(pk__in=waiting_for(view).filter(reason=code).values("pk"))
