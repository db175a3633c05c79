"""A ticket's deadline in sentences, for its page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from coordination.tickets.clocks import keep
from coordination.tickets.clocks.lights import Light, light_of
from coordination.tickets.flow import RUNNING, Status
from coordination.tickets.models import Ticket
from coordination.tickets.stages import Stage
from projects.worktime.queries import working_calendar
from projects.worktime.reckon import reckon, stood_until
from projects.worktime.sentence import (
    Given,
    Reckoned,
    say_asked_for,
    say_how,
    say_lateness,
    say_must,
    say_provisional,
    say_resolved,
    say_standing,
    say_was_due,
    say_would_be_due,
)

_SETTLED: Final = frozenset({Status.RESOLVED, Status.CLOSED})


@dataclass(frozen=True)
class Account:
    """A clock in words, in the reader's language.

    ``lateness`` is how much it is overdue, or has left; empty while the clock stands, and once the
    ticket is resolved. ``must`` is by when, and ``how`` explains it. The light is None once the
    ticket is resolved; ``in_time`` is None before.
    """

    stage: Stage
    due: datetime
    light: Light | None
    in_time: bool | None
    lateness: str
    must: str
    how: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """By when, and how this follows."""
        return (self.must, *self.how)


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
        lateness, must, *how = _running(ticket, clock, at)
        return Account(stage, clock.due, light_of(ticket, at), None, lateness, must, tuple(how))
    resolved = ticket.resolved_at
    if resolved is None or ticket.status not in _SETTLED:
        return None
    must, how = say_resolved(resolved, clock.due, at), [say_was_due(clock, at)]
    return Account(
        stage, clock.due, None, resolved <= clock.due, "", must, (*how, *_provisional(ticket))
    )


def _running(ticket: Ticket, clock: Reckoned, at: datetime) -> list[str]:
    """How late, by when, and how this follows."""
    if ticket.paused_at is not None and ticket.answer_due is not None:
        standing = say_standing(ticket.paused_at, ticket.answer_due, at)
        said = ["", standing, say_would_be_due(clock, at)]
    else:
        must = say_must(clock.due, at, accepted=ticket.due_at is None)
        said = [say_lateness(clock.due, at), must, say_how(ticket.filed_at, clock, at)]
    if ticket.extension_asked:
        who = str(ticket.extension_asked_by or "")
        said.append(say_asked_for(ticket.extension_asked, ticket.term_unit, who))
    return [*said, *_provisional(ticket)]


def _provisional(ticket: Ticket) -> list[str]:
    """That a deadline shown is provisional, and why."""
    is_provisional = ticket.due_is_provisional or ticket.answer_is_provisional
    if not is_provisional or ticket.awaits_year is None:
        return []
    return [say_provisional(ticket.awaits_year)]


def reckoned_of(ticket: Ticket) -> Reckoned | None:
    """The deadline, and what it was reckoned from; None where there were no clocks yet."""
    due = ticket.due_at or ticket.accept_due
    if due is None or ticket.clock_from is None:
        return None
    return Reckoned(
        ticket.clock_from, due, ticket.term_amount, ticket.term_unit, ticket.extension,
        *_by_calendar_of_today(ticket, ticket.clock_from, due),
    )  # fmt: skip


def _by_calendar_of_today(
    ticket: Ticket, start: datetime, due: datetime
) -> tuple[Given, Given, datetime | None]:
    """What was added for questions and for resolutions, if this still leads to the deadline.

    Otherwise days off or service hours were edited since, and it says when the deadline was told.
    """
    calendar = working_calendar()
    if not calendar.hours:
        return 0, 0, told_at(ticket, due)
    asked, resolved = keep.asked_periods(ticket), keep.resolved_periods(ticket)
    if reckon(start, ticket.span, calendar, [*asked, *resolved]).due != due:
        return 0, 0, told_at(ticket, due)
    for_questions, for_resolutions = (
        stood_until(due, start, ticket.span, calendar, pauses) for pauses in (asked, resolved)
    )
    return for_questions, for_resolutions, None


def told_at(ticket: Ticket, due: datetime) -> datetime:
    """When an event first gave this deadline."""
    told = ticket.events.filter(payload__clock__due=keep.said(due)).order_by("seq")
    return told.values_list("recorded_at", flat=True).first() or ticket.filed_at
