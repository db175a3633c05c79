"""Chasing departments: by the clockwork, however long nobody looked, and by hand."""

import logging
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.delivery.announce import announce
from coordination.referrals.chasing import Step, next_step
from coordination.referrals.flow import ReferralVerb
from coordination.referrals.letters import REFERRED, send_link
from coordination.referrals.models import Chase, Referral
from coordination.referrals.queries import to_be_looked_at
from coordination.referrals.refer import said_of, waiting
from coordination.staff.models import Officer
from coordination.tickets.clocks.queries import rules
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.step import Step as TicketStep
from coordination.tickets.step import step
from coordination.tickets.telling import in_centre_language, message, responsible
from projects.flow.actors import SYSTEM, System
from projects.record.clock import now
from projects.record.refusals import FieldError, Invalid, NotAllowed
from projects.worktime.calendar import Calendar, day_of

log = logging.getLogger(__name__)

_OVERDUE: Final = _("Ticket %(number)s: a department's answer is overdue")
_REMIND: Final = _("Ticket %(number)s: remind a department that no mail reaches")


def chase(
    *,
    ticket: Ticket,
    referral: Referral | None,
    version: int | None = None,
    by: Officer | System,
) -> Ticket:
    """催办会办: the department gets a fresh link, and the one before opens nothing.

    By the handler or the lead once a day; by the system each step that is due, once. Where no
    mail reaches it, the link stays as it is. Raises Invalid by ``referral`` where none such is
    open or it was chased today, NotAllowed to the system where no step is due.
    """
    with step(ReferralVerb.CHASE, ticket=ticket, version=version, by=by) as this:
        row = waiting(this.ticket, referral)
        kind = _by_hand(row, this) if isinstance(by, Officer) else _by_the_clock(row, this)
        this.internal = True
        this.payload = {**said_of(row), "step": kind.value}
        this.also.append(partial(_record, this, row, kind))
    return this.ticket


def _by_hand(row: Referral, this: TicketStep) -> Step:
    today = Chase.objects.filter(referral=row, step=Step.BY_HAND, day=day_of(this.at))
    if today.exists():
        said = _("This department was chased by an officer today already.")
        raise Invalid([FieldError(("referral",), said, "today")])
    return Step.BY_HAND


def _by_the_clock(row: Referral, this: TicketStep) -> Step:
    given = Chase.objects.filter(referral=row).values_list("step", flat=True)
    due = next_step(row.asked_at, row.due_at, set(given), this.at, rules().calendar)
    if due is None:
        raise NotAllowed(_("No chasing of this department is due."))
    return due


def _record(this: TicketStep, row: Referral, kind: Step, event: TicketEvent) -> None:
    Chase.objects.create(event=event, referral=row, step=kind, day=day_of(this.at))
    is_sent = send_link(row, this.ticket, this.at, kind)
    if kind is Step.OVERDUE:
        _tell(this, row, _OVERDUE)
    elif kind is Step.REMINDED and not is_sent:
        _tell(this, row, _REMIND)


def _tell(this: TicketStep, row: Referral, title: Promise) -> None:
    with in_centre_language():
        said = message(REFERRED, title, this.ticket, str(row.department))
    announce(said, officers=responsible(this.ticket, this.at), at=this.at)


@dataclass(frozen=True)
class Swept:
    """What a sweep came to; ``unknown`` are referrals whose calendar the centre must enter."""

    given: int
    unknown: int


def chase_due() -> Swept:
    """Give every step that is due, each in a transaction of its own.

    Safe to run twice at once: of two, the later finds it done.
    """
    calendar = rules().calendar
    given = unknown = 0
    for each in to_be_looked_at():
        try:
            given += _chased(each, calendar)
        except Invalid as refusal:
            unknown += 1
            said = refusal.errors[0].message
            log.error("referral %s is not chased: %s", each.pk, said)
    return Swept(given, unknown)


def _chased(referral: Referral, calendar: Calendar) -> bool:
    """Whether a step was due; asked on paper first, so that most rows are never locked."""
    steps = {each.step for each in referral.chases.all()}
    if next_step(referral.asked_at, referral.due_at, steps, now(), calendar) is None:
        return False
    try:
        chase(ticket=referral.ticket, referral=referral, by=SYSTEM)
    except NotAllowed:  # answered, recalled, or chased by another in between
        return False
    return True
