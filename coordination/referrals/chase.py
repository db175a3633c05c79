"""Chasing departments for an answer: by the timetable and by officers."""

from datetime import datetime
from functools import partial
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.delivery.announce import announce
from coordination.referrals.chasing import ChaseKind, next_chase
from coordination.referrals.flow import ReferralVerb
from coordination.referrals.letters import REFERRED, send_link
from coordination.referrals.models import Chase, Referral
from coordination.referrals.queries import referrals_to_chase
from coordination.referrals.refer import open_referral, payload_of
from coordination.staff.models import Officer
from coordination.tickets.clocks.queries import rules
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.step import Step, step
from coordination.tickets.telling import in_centre_language, message, responsible
from projects.flow.actors import SYSTEM, System
from projects.record.clock import now
from projects.record.refusals import FieldError, Invalid, NotAllowed
from projects.worktime.calendar import Calendar, day_of

_OVERDUE: Final = _("Ticket %(number)s: a department's answer is overdue")
_REMIND: Final = _("Ticket %(number)s: remind a department that no mail reaches")


def chase(
    *,
    ticket: Ticket,
    referral: Referral | None,
    version: int | None = None,
    by: Officer | System,
) -> Ticket:
    """催办会办: mail the department a new link, which replaces the open one.

    By the handler or the lead once a day; by the system once before and once after the due time.
    A department that cannot be mailed keeps its link. Raises Invalid by ``referral`` where it is
    not open or an officer chased it today, NotAllowed to the system where nothing is due.
    """
    with step(ReferralVerb.CHASE, ticket=ticket, version=version, by=by) as current:
        row = open_referral(current.ticket, referral)
        if isinstance(by, Officer):
            kind = _require_not_chased_today(row, current.at)
        else:
            kind = _require_due(row, current.at)
        current.internal = True
        current.payload = {**payload_of(row), "step": kind.value}
        current.also.append(partial(_record, current, row, kind))
    return current.ticket


def _require_not_chased_today(referral: Referral, at: datetime) -> ChaseKind:
    today = Chase.objects.filter(referral=referral, step=ChaseKind.BY_HAND, day=day_of(at))
    if today.exists():
        message = _("This department was chased by an officer today already.")
        raise Invalid([FieldError(("referral",), message, "today")])
    return ChaseKind.BY_HAND


def _require_due(referral: Referral, at: datetime) -> ChaseKind:
    done = Chase.objects.filter(referral=referral).values_list("step", flat=True)
    kind = next_chase(referral.asked_at, referral.due_at, set(done), at, rules().calendar)
    if kind is None:
        raise NotAllowed(_("No chasing of this department is due."))
    return kind


def _record(current: Step, row: Referral, kind: ChaseKind, event: TicketEvent) -> None:
    Chase.objects.create(event=event, referral=row, step=kind, day=day_of(current.at))
    is_sent = send_link(row, current.ticket, current.at, kind)
    if kind is ChaseKind.OVERDUE:
        _notify_handlers(current, row, _OVERDUE)
    elif kind is ChaseKind.REMINDED and not is_sent:
        _notify_handlers(current, row, _REMIND)


def _notify_handlers(current: Step, row: Referral, title: Promise) -> None:
    with in_centre_language():
        notice = message(REFERRED, title, current.ticket, str(row.department))
    announce(notice, officers=responsible(current.ticket, current.at), at=current.at)


def chase_due() -> int:
    """Chase every department for which that is due, each in its own transaction; returns how many.

    Safe to run twice at once: the later one finds the referral chased.
    """
    calendar = rules().calendar
    return sum(_chase_if_due(referral, calendar) for referral in referrals_to_chase())


def _chase_if_due(referral: Referral, calendar: Calendar) -> bool:
    """Whether it was chased; first checked without a lock, since most are not due."""
    done = {row.step for row in referral.chases.all()}
    if next_chase(referral.asked_at, referral.due_at, done, now(), calendar) is None:
        return False
    try:
        chase(ticket=referral.ticket, referral=referral, by=SYSTEM)
    except NotAllowed:  # answered, recalled or chased meanwhile
        return False
    return True
