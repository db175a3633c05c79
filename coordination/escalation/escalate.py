"""Giving the escalation steps that are due; done by the system alone."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from coordination.delivery.announce import announce
from coordination.escalation.flow import EscalationVerb
from coordination.escalation.ladder import Level, next_level
from coordination.escalation.models import Escalation
from coordination.escalation.queries import candidates, overdue_of
from coordination.escalation.queries_annulled import count_annulled
from coordination.staff.models import Officer, Role
from coordination.tickets.clocks.queries import rules
from coordination.tickets.models import Ticket
from coordination.tickets.step import Step, step
from coordination.tickets.telling import (
    Audience,
    Telling,
    by_when,
    in_centre_language,
    leading,
    message,
    on_duty,
    responsible,
)
from projects.flow.actors import SYSTEM, System
from projects.house.rooms import Topic
from projects.record.clock import change, now
from projects.record.refusals import Invalid, NotAllowed

log = logging.getLogger(__name__)

REMINDED: Final = Topic("ticket.reminded", _("A deadline comes near"))
URGED: Final = Topic("ticket.urged", _("Urging and supervision of what is overdue"))


def directing(_ticket: Ticket, _at: datetime) -> Iterable[int]:
    """The director."""
    return Officer.objects.filter(is_active=True, role=Role.DIRECTOR).values_list("pk", flat=True)


def everyone(*audiences: Audience) -> Audience:
    """All of them, together."""
    return lambda ticket, at: [each for whom in audiences for each in whom(ticket, at)]


TOLD: Final[dict[Level, Telling]] = {
    Level.L0: Telling(REMINDED, _("Ticket %(number)s is due soon")),
    Level.L1: Telling(
        URGED, _("Urging (催办通知书): ticket %(number)s is overdue"),
        everyone(responsible, leading), in_group=True,
    ),
    Level.L2: Telling(
        URGED, _("Supervision (督办函): ticket %(number)s is still overdue"),
        everyone(responsible, leading, on_duty), in_group=True,
    ),
    Level.L3: Telling(
        URGED, _("Ticket %(number)s will be named in the bulletin"),
        everyone(responsible, leading, on_duty, directing), in_group=True,
    ),
    Level.L4: Telling(
        URGED, _("Ticket %(number)s needs a talk with the official in charge (约谈)"),
        everyone(leading, on_duty, directing), in_group=True,
    ),
}  # fmt: skip


def escalate(*, ticket: Ticket, version: int | None = None, by: System) -> Ticket:
    """升级: give the one step that is due now, and tell the officers whom it concerns.

    By the system alone. Raises NotAllowed where no step is due: it was given meanwhile, or the
    ticket was worked on; Invalid where the desk has no service hours.
    """
    with change():  # the step, its record and what is said of it, together
        with step(EscalationVerb.ESCALATE, ticket=ticket, version=version, by=by) as this:
            stands = overdue_of(this.ticket)
            level = next_level(stands, this.at, rules().calendar) if stands else None
            if stands is None or level is None:
                raise NotAllowed(_("No escalation step is due for this ticket."))
            this.internal = True  # between the centre and its officers
            run = this.ticket.clock_run
            this.payload = {"level": level.value, "due": stands.due.isoformat(), "run": run}
        _record(this, level, stands.due)
        return this.ticket


def _record(this: Step, level: Level, due: datetime) -> None:
    Escalation.objects.create(
        event=this.done(), ticket=this.ticket, run=this.ticket.clock_run, level=level, due=due,
        recorded_at=this.at, annulled_before=count_annulled(this.ticket, level),
    )  # fmt: skip
    telling = TOLD[level]
    with in_centre_language():
        said = message(telling.topic, telling.title, this.ticket, by_when(due))
    group = this.ticket.group_id if telling.in_group else None
    announce(said, officers=telling.whom(this.ticket, this.at), group=group, at=this.at)


@dataclass(frozen=True)
class Swept:
    """How many steps a sweep gave; ``unknown`` counts tickets without service hours."""

    given: int
    unknown: int


def sweep() -> Swept:
    """Give every step that is due, each in a transaction of its own.

    Safe to run twice at once: of two, the later finds it done.
    """
    given = unknown = 0
    for ticket in candidates(now()):
        try:
            escalate(ticket=ticket, by=SYSTEM)
            given += 1
        except NotAllowed:
            continue
        except Invalid as refusal:
            unknown += 1
            log.error("ticket %s is not escalated: %s", ticket.number, refusal.errors[0].message)
    return Swept(given, unknown)
