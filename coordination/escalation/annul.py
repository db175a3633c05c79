"""Annul steps of the ladder that were given for a provisional deadline, and not by the true one."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

from django.utils.translation import gettext_lazy as _

from coordination.delivery.announce import announce
from coordination.escalation.escalate import TOLD, URGED
from coordination.escalation.ladder import Level, Overdue, next_level
from coordination.escalation.models import Annulment, Escalation
from coordination.escalation.queries import explained_at, steps_of
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.step import Step
from coordination.tickets.telling import by_when, in_centre_language, message
from coordination.tickets.verbs.reckon_again import Again, Settled
from projects.worktime.calendar import Calendar
from projects.worktime.reckon import reckon
from projects.worktime.remind import not_before, reminder_window

_ANNULLED: Final = _("Ticket %(number)s: urged by a provisional deadline, which is annulled")


def annul_steps(again: Again) -> None:
    """Annul each step that the ladder would not have given at its moment by the true deadline.

    A step that it would have given stands. Steps are compared with the deadline that they were
    given for, so those of a deadline that was never provisional are left alone.
    """
    ticket, wrong = again.step.ticket, list[Escalation]()
    given = steps_of(ticket).filter(annulment=None).order_by("recorded_at")
    for settled in again.settled:
        run = settled.run
        steps = [each for each in given if each.run == run.number and each.due in run.told]
        wrong += wrong_steps(ticket, steps, settled, again.calendar)
    if wrong:
        again.payload["annulled"] = [each.pk for each in wrong]
        due = max(each.due for each in again.settled)
        again.step.also.append(partial(_record, again.step, wrong, due))


def wrong_steps(
    ticket: Ticket, steps: Sequence[Escalation], settled: Settled, calendar: Calendar
) -> list[Escalation]:
    """The steps of one deadline, given in order, that the true deadline would not have had.

    Each is compared with the deadline of its moment: pauses that came later have moved it since.
    """
    run, wrong = settled.run, list[Escalation]()
    right: dict[str, datetime] = {}  # what stands
    for each in steps:
        pauses = [pause for pause in run.pauses if pause.ends <= each.recorded_at]
        found = not_before(
            each.due, reckon(run.start, run.span, calendar, pauses),
            start=run.start, span=run.span, calendar=calendar,
        )  # fmt: skip
        warn_at, warn_until = reminder_window(
            start=run.start, due=found.due, warn_at=found.warn_at, unit=run.span.unit,
            calendar=calendar,
        )  # fmt: skip
        explained = explained_at(ticket, each.run, each.recorded_at)
        stands = Overdue(found.due, warn_at, right, explained, warn_until, pauses)
        if next_level(stands, each.recorded_at, calendar) == each.level:
            right[each.level] = each.recorded_at
        else:
            wrong.append(each)
    return wrong


def _record(this: Step, wrong: Sequence[Escalation], due: datetime, event: TicketEvent) -> None:
    """Write that they are annulled, and tell whoever was told of the highest of them."""
    Annulment.objects.bulk_create(
        Annulment(escalation=each, event=event, recorded_at=this.at) for each in wrong
    )
    highest = max(Level(each.level) for each in wrong)
    if highest is Level.L0:  # a reminder: the true deadline has its own
        return
    telling = TOLD[highest]
    with in_centre_language():
        said = message(URGED, _ANNULLED, this.ticket, by_when(due))
    group = this.ticket.group_id if telling.in_group else None
    announce(said, officers=telling.whom(this.ticket, this.at), group=group, at=this.at)
