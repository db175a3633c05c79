"""Deadlines that were provisional are reckoned again once the year's days off are entered."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from coordination.tickets.clocks import keep
from coordination.tickets.clocks.queries import rules
from coordination.tickets.clocks.runs import Run, runs_of
from coordination.tickets.flow import ENDED, Verb
from coordination.tickets.models import Ticket
from coordination.tickets.stages import Stage
from coordination.tickets.step import Step, step
from coordination.tickets.telling import tell_of_deadline
from projects.flow.actors import SYSTEM, System
from projects.record.refusals import NotAllowed
from projects.worktime.calendar import Calendar
from projects.worktime.reckon import reckon
from projects.worktime.remind import not_before
from projects.worktime.spans import Span

log = logging.getLogger(__name__)

_AT_ONCE: Final = 500


@dataclass(frozen=True)
class Settled:
    """A deadline that is certain now: the later of the provisional and the true one."""

    run: Run
    before: datetime
    due: datetime
    warn_at: datetime

    @property
    def clock(self) -> dict[str, Any]:
        """What the event says of it."""
        run = self.run
        return {
            "stage": run.stage, "from": keep.said(run.start), "amount": run.span.amount,
            "unit": run.span.unit, "extension": 0, "due": keep.said(self.due),
            "run": run.number, "provisional": False, "warn": keep.said(self.warn_at),
        }  # fmt: skip


@dataclass
class Again:
    """The verb under way: what could be settled, and the years that are still awaited."""

    step: Step
    calendar: Calendar
    settled: list[Settled] = field(default_factory=list)
    awaited: list[int] = field(default_factory=list)
    payload: dict[str, Any] = field(default_factory=dict)


# A room above settles what of its own was provisional, and adds it to the payload.
SETTLERS: Final[list[Callable[[Again], None]]] = []


def reckon_again(*, ticket: Ticket, version: int | None = None, by: System) -> Ticket:
    """重新核算期限: of the provisional and the true deadline the later holds.

    By the system alone, whatever the ticket's status: a ticket that was accepted, resolved or
    written off meanwhile is judged by the true deadline too. Where what was provisional counts no
    more (the question is answered, say), the event says nothing and the ticket awaits no year.
    Raises NotAllowed where it awaits none, or the year is still not entered.
    """
    with step(Verb.RECKON_AGAIN, ticket=ticket, version=version, by=by) as this:
        again = Again(this, rules().calendar)
        runs = runs_of(this.ticket)
        _settle_runs(again, runs)
        _settle_answer(again)
        for settle in SETTLERS:
            settle(again)
        years = min(again.awaited, default=None)
        if not again.payload and years is not None and years == this.ticket.awaits_year:
            raise NotAllowed(_("No deadline of this ticket can be reckoned again."))
        this.ticket.awaits_year = years
        this.internal = this.ticket.status in ENDED or not again.payload
        this.payload = again.payload
        this.also.append(lambda _event: tell_of_deadline(this.ticket, _moved(again), this.at))
    return this.ticket


def _moved(again: Again) -> datetime | None:
    """The running deadline, if it is another one now."""
    last = again.settled[-1] if "clock" in again.payload else None
    return last.due if last is not None and last.due != last.before else None


def _settle_runs(again: Again, runs: list[Run]) -> None:
    this, was_red = again.step, False
    for run in runs:
        if not run.is_provisional:
            continue
        found = reckon(run.start, run.span, again.calendar, run.pauses)
        if found.unknown_year is not None:
            again.awaited.append(found.unknown_year)
            was_red = was_red or run.was_red(run.due, this.at)
            continue
        found = not_before(run.due, found, start=run.start, span=run.span, calendar=again.calendar)
        settled = Settled(run, run.due, found.due, found.warn_at)
        again.settled.append(settled)
        _write(again, settled, [each for each in runs if each.stage == run.stage][-1], runs[-1])
        this.ticket.was_surely_red |= run.was_red(found.due, this.at)
    this.ticket.ever_red = this.ticket.was_surely_red or was_red


def _write(again: Again, settled: Settled, last_of_stage: Run, last: Run) -> None:
    """Put the deadline into the row if the row still keeps it, and into the payload."""
    ticket, run = again.step.ticket, settled.run
    if run is last_of_stage and run.stage == Stage.ACCEPT:
        ticket.accept_due = settled.due
    elif run is last_of_stage and ticket.due_at is not None:  # a revived ticket has none
        ticket.due_at = settled.due
    if run is not last:
        again.payload.setdefault("earlier", []).append(settled.clock)
        return
    ticket.warn_at, ticket.due_is_provisional = settled.warn_at, False
    extension = ticket.extension
    amount = settled.run.span.amount - extension
    again.payload["clock"] = settled.clock | {"amount": amount, "extension": extension}


def _settle_answer(again: Again) -> None:
    """The term for an answer that is awaited now."""
    ticket = again.step.ticket
    if not ticket.answer_is_provisional or ticket.paused_at is None or ticket.answer_due is None:
        return
    asked = ticket.events.filter(verb=Verb.ASK).order_by("seq").last()
    if asked is None:
        raise RuntimeError("an answer is awaited, and nobody asked")
    span = Span(asked.payload["answer_amount"], asked.payload["answer_unit"])
    found = reckon(ticket.paused_at, span, again.calendar)
    if found.unknown_year is not None:
        again.awaited.append(found.unknown_year)
        return
    ticket.answer_due = max(found.due, ticket.answer_due)
    ticket.answer_is_provisional = False
    again.payload["answer_due"] = keep.said(ticket.answer_due)


def reckon_all_again(most: int | None = None) -> int:
    """Reckon every provisional deadline again whose year is entered; says how many tickets.

    Each ticket in a transaction of its own. Safe to run twice at once: of two, the later finds it
    done. ``most`` limits the number of tickets, for a caller that cannot wait.
    """
    return sum(_is_settled(ticket) for ticket in islice(_waiting(), most))


def _waiting() -> Iterator[Ticket]:
    """Those that await a year which is entered now, in batches."""
    calendar, after = rules().calendar, 0
    awaited = Ticket.objects.filter(awaits_year__isnull=False).order_by("awaits_year")
    years = awaited.values_list("awaits_year", flat=True).distinct()
    known = [year for year in years if year is not None and calendar.is_known(year)]
    rows = Ticket.objects.filter(awaits_year__in=known).order_by("pk")
    while found := list(rows.filter(pk__gt=after)[:_AT_ONCE]):
        yield from found
        after = found[-1].pk


def _is_settled(ticket: Ticket) -> bool:
    try:
        reckon_again(ticket=ticket, by=SYSTEM)
    except NotAllowed:  # its year is not entered, or another worker was faster
        return False
    except Exception:  # one ticket must not keep the others waiting
        log.exception("ticket %s could not be reckoned again", ticket.number)
        return False
    return True
