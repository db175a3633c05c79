"""Which tickets may have an escalation step due, and what their next step depends on."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from coordination.escalation.flow import EscalationVerb
from coordination.escalation.ladder import LADDER, Level, Overdue
from coordination.escalation.models import Escalation
from coordination.escalation.queries_reminders import warned_too_late, window_of
from coordination.tickets.clocks.keep import pauses_of
from coordination.tickets.clocks.queries import rules
from coordination.tickets.flow import RUNNING
from coordination.tickets.models import Ticket, TicketEvent
from projects.flow.actors import Barred
from projects.record.clock import now
from projects.worktime.queries import working_calendar

_AT_ONCE: Final = 500


def steps_of(ticket: Ticket) -> QuerySet[Escalation]:
    """Every step that was given, by deadline and level; those annulled among them."""
    rows = Escalation.objects.filter(ticket=ticket).select_related("annulment")
    return rows.order_by("run", "level", "annulled_before")


def overdue_of(ticket: Ticket) -> Overdue | None:
    """What the next step depends on; None where the clock stands, or has ended."""
    due = ticket.due_at or ticket.accept_due
    if ticket.status not in RUNNING or ticket.paused_at is not None or due is None:
        return None
    given = steps_of(ticket).filter(_of_deadline(ticket.clock_run, due), annulment=None)
    warn_at, warn_until = window_of(ticket, due, rules().calendar)
    return Overdue(
        due=due,
        warn_at=warn_at,
        warn_until=warn_until,
        given=dict(given.values_list("level", "recorded_at")),
        explained_at=explained_at(ticket, ticket.clock_run, now()),
        pauses=pauses_of(ticket),
    )


def explained_at(ticket: Ticket, run: int, until: datetime) -> datetime | None:
    """When the delay of this run's deadline was last explained, by then."""
    explained = TicketEvent.objects.filter(
        ticket=ticket, verb=EscalationVerb.EXPLAIN, payload__run=run, recorded_at__lte=until
    )
    return explained.order_by("-seq").values_list("recorded_at", flat=True).first()


def _of_deadline(run: int | OuterRef, due: datetime | OuterRef) -> Q:
    """Steps of that run; and a reminder of the same deadline by an earlier run is not repeated."""
    return Q(run=run) | Q(level=Level.L0, due=due)


def explain_barred(ticket: Ticket, _by: object) -> Barred | None:
    """There must be a delay to explain."""
    due = ticket.due_at or ticket.accept_due
    return Barred(_("It is not overdue.")) if due is None or due >= now() else None


def candidates(at: datetime) -> Iterator[Ticket]:
    """Those near or past their deadline with a step left, in batches, by partial indexes.

    The unique index over ticket, run and level says what was given for the deadline.
    """
    given = Escalation.objects.filter(ticket=OuterRef("pk"), annulment=None)
    last = given.filter(run=OuterRef("clock_run"), level=LADDER[-1])
    reminder = given.filter(
        _of_deadline(OuterRef("clock_run"), OuterRef("clock_due")), level=Level.L0
    )
    overdue = Q(clock_due__lt=at) & ~Exists(last)
    warned = Q(warn_at__lte=at) | warned_too_late(at, working_calendar())
    near = Q(clock_due__gte=at) & warned & ~Exists(reminder)
    rows = Ticket.objects.filter(overdue | near, status__in=RUNNING, paused_at=None)
    after = 0
    while found := list(rows.filter(pk__gt=after).order_by("pk")[:_AT_ONCE]):
        yield from found
        after = found[-1].pk
