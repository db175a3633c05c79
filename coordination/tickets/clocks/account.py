"""A ticket's deadline in sentences, for its page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from coordination.tickets.clocks import keep
from coordination.tickets.clocks.lights import Light, light_of
from coordination.tickets.clocks.queries import rules
from coordination.tickets.flow import RUNNING, Status
from coordination.tickets.models import Ticket
from coordination.tickets.stages import Stage
from projects.record.refusals import Invalid
from projects.worktime.reckon import reckon, stood_until
from projects.worktime.sentence import (
    Given,
    Reckoned,
    say_asked_for,
    say_due,
    say_resolved,
    say_standing,
    say_was_due,
    say_would_be_due,
)

_SETTLED: Final = frozenset({Status.RESOLVED, Status.CLOSED})


@dataclass(frozen=True)
class Account:
    """A clock in words, in the reader's language.

    The light is None once the ticket is resolved; ``in_time`` is None before.
    """

    stage: Stage
    due: datetime
    light: Light | None
    in_time: bool | None
    sentences: tuple[str, ...]


def account_of(ticket: Ticket, at: datetime) -> Account | None:
    """The account of a clock that runs, is paused or was stopped by the resolution, else None.

    There is none of a ticket that was filed before there were clocks, nor of one that ended
    without being resolved.
    """
    clock = reckoned_of(ticket)
    if clock is None:
        return None
    stage = keep.stage_of(ticket)
    if ticket.status in RUNNING:
        said = tuple(_running(ticket, clock, at))
        return Account(stage, clock.due, light_of(ticket, at), None, said)
    resolved = ticket.resolved_at
    if resolved is None or ticket.status not in _SETTLED:
        return None
    said = (say_resolved(resolved, clock.due, at), say_was_due(clock, at))
    return Account(stage, clock.due, None, resolved <= clock.due, said)


def _running(ticket: Ticket, clock: Reckoned, at: datetime) -> list[str]:
    said = [say_was_due(clock, at) if clock.due < at else say_due(clock, at)]
    if ticket.paused_at is not None and ticket.answer_due is not None:
        standing = say_standing(ticket.paused_at, ticket.answer_due, at)
        said = [standing, say_would_be_due(clock, at)]
    if ticket.extension_asked:
        who = str(ticket.extension_asked_by or "")
        said.append(say_asked_for(ticket.extension_asked, ticket.term_unit, who))
    return said


def reckoned_of(ticket: Ticket) -> Reckoned | None:
    """The deadline, and what it was reckoned from; None where there were no clocks yet."""
    due = ticket.due_at or ticket.accept_due
    if due is None or ticket.clock_from is None:
        return None
    return Reckoned(
        ticket.clock_from, due, ticket.term_amount, ticket.term_unit, ticket.extension,
        *_given_back(ticket, ticket.clock_from, due),
    )  # fmt: skip


def _given_back(ticket: Ticket, start: datetime, due: datetime) -> tuple[Given | None, Given]:
    """For questions and for resolutions, by today's calendar where it leads to the deadline."""
    asked, resolved = keep.asked_periods(ticket), keep.resolved_periods(ticket)
    if not asked and not resolved:
        return 0, 0
    try:
        calendar = rules().calendar
        if reckon(start, ticket.span, calendar, [*asked, *resolved]).due != due:
            return None, 0
        for_questions, for_resolutions = (
            stood_until(due, start, ticket.span, calendar, pauses) for pauses in (asked, resolved)
        )
    except Invalid:  # a year, or the service hours, were taken away since
        return None, 0
    return for_questions, for_resolutions
