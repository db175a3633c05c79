"""What each verb does to a ticket's clock, on the row that the verb has locked.

Each gives what the verb's event says of it. The row keeps what the running clock is reckoned
from, so that it can be reckoned again after a pause, an extension or another urgency.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from coordination.tickets.clocks.lights import is_red
from coordination.tickets.clocks.queries import Rules, rules
from coordination.tickets.models import Ticket
from coordination.tickets.stages import Stage
from projects.worktime.reckon import Pause, reckon
from projects.worktime.remind import not_before
from projects.worktime.spans import Span

type Said = dict[str, Any]


def start_acceptance(ticket: Ticket, at: datetime, found: Rules) -> Said:
    """The acceptance clock runs from the moment of submission."""
    start(ticket, at, found.term(Stage.ACCEPT, ticket.kind, ticket.urgency))
    begin_run(ticket)
    return _set(ticket, found, Stage.ACCEPT)


def start_handling(ticket: Ticket, at: datetime) -> Said:
    """The handling clock starts when a ticket is first accepted; passed on, it runs on."""
    return {} if ticket.due_at is not None else start_anew(ticket, at)


def start_anew(ticket: Ticket, at: datetime) -> Said:
    """A whole handling term from now, with nothing of the last one."""
    found = rules()
    start(ticket, at, found.term(Stage.HANDLE, ticket.kind, ticket.urgency))
    ticket.resolved_at = None
    begin_run(ticket)
    return _set(ticket, found, Stage.HANDLE)


def start(ticket: Ticket, at: datetime, span: Span) -> None:
    """Another term from that moment, of which nothing is given back or added yet."""
    ticket.clock_from = at
    ticket.pauses, ticket.resolved_periods = [], []
    set_term(ticket, span)


def set_term(ticket: Ticket, span: Span) -> None:
    """Another term from the same start; an extension falls away with the term before."""
    ticket.term_amount, ticket.term_unit = span.amount, span.unit
    ticket.due_is_provisional = False
    ticket.extension = ticket.extension_asked = 0
    ticket.extension_asked_by_id = None


def begin_run(ticket: Ticket) -> None:
    """Another deadline begins to run: warnings and steps of the ladder are counted anew."""
    ticket.clock_run += 1
    ticket.warned_count = 0


def stage_of(ticket: Ticket) -> Stage:
    """Which clock runs or stands."""
    return Stage.ACCEPT if ticket.due_at is None else Stage.HANDLE


def set_again(ticket: Ticket, by: Rules) -> Said:
    """Reckon the running clock again from what the row keeps of it."""
    return _set(ticket, by, stage_of(ticket))


def _set(ticket: Ticket, by: Rules, stage: Stage) -> Said:
    if ticket.clock_from is None:  # filed before there were clocks
        return {}
    found = reckon(ticket.clock_from, ticket.span, by.calendar, pauses_of(ticket))
    if ticket.due_is_provisional and not found.is_provisional:  # its year was entered just now
        told = _due_at(ticket, stage) or found.due
        found = not_before(
            told, found, start=ticket.clock_from, span=ticket.span, calendar=by.calendar
        )
    ticket.warn_at = found.warn_at
    ticket.due_is_provisional = found.is_provisional
    await_year(ticket, found.unknown_year)
    if stage is Stage.ACCEPT:
        ticket.accept_due = found.due
    else:
        ticket.due_at = found.due
    return _clock(ticket, ticket.clock_from, found.due)


def _clock(ticket: Ticket, start: datetime, due: datetime) -> Said:
    return {
        "clock": {
            "stage": stage_of(ticket).value, "from": said(start), "amount": ticket.term_amount,
            "unit": ticket.term_unit, "extension": ticket.extension, "due": said(due),
            "run": ticket.clock_run, "provisional": ticket.due_is_provisional,
            "warn": said(ticket.warn_at) if ticket.warn_at else None,
        }
    }  # fmt: skip


def _due_at(ticket: Ticket, stage: Stage) -> datetime | None:
    return ticket.accept_due if stage is Stage.ACCEPT else ticket.due_at


def await_year(ticket: Ticket, year: int | None) -> None:
    """Note that something is provisional until this year is entered; None notes nothing."""
    if year is not None:
        ticket.awaits_year = min(year, ticket.awaits_year or year)


def pauses_of(ticket: Ticket) -> list[Pause]:
    """When the running clock stood, so far."""
    return [*asked_periods(ticket), *resolved_periods(ticket)]


def asked_periods(ticket: Ticket) -> list[Pause]:
    """When the running clock stood for an answer."""
    return [Pause(each.lower, each.upper) for each in ticket.pauses]


def resolved_periods(ticket: Ticket) -> list[Pause]:
    """When the running clock stood because the ticket was resolved, until it was redone."""
    return [Pause(each.lower, each.upper) for each in ticket.resolved_periods]


@lru_cache(maxsize=64)  # many filed at once have one moment and one deadline
def said(moment: datetime) -> str:
    """A moment as payloads write it."""
    return moment.astimezone(UTC).isoformat()


def pause(ticket: Ticket, at: datetime) -> Said:
    """The clock stands until the answer, but no longer than the term for one."""
    known = rules()
    span = known.term(Stage.ANSWER, ticket.kind)
    found = reckon(at, span, known.calendar)
    ticket.paused_at, ticket.answer_due = at, found.due
    ticket.answer_is_provisional = found.is_provisional
    await_year(ticket, found.unknown_year)
    return {
        "answer_due": said(found.due), "answer_provisional": found.is_provisional,
        "answer_amount": span.amount, "answer_unit": span.unit,
    }  # fmt: skip


def resume(ticket: Ticket, at: datetime) -> Said:
    """The clock runs on from the answer, or from when the question lapsed if that was earlier."""
    begun, until = ticket.paused_at, min(at, ticket.answer_due or at)
    _stand_no_more(ticket, until)
    paused = {"from": said(begun), "until": said(until)} if begun else None
    return {"paused": paused, **set_again(ticket, rules())}


def _stand_no_more(ticket: Ticket, until: datetime) -> None:
    if ticket.paused_at is not None and ticket.paused_at < until:
        ticket.pauses = [*ticket.pauses, DateTimeTZRange(ticket.paused_at, until)]
    ticket.paused_at = ticket.answer_due = None
    ticket.answer_is_provisional = False


def give_back(ticket: Ticket, at: datetime) -> Said:
    """Redone: the clock stood from the resolution until now, and another run begins.

    What was resolved after its deadline keeps that deadline: nothing of it is given back.
    """
    resolved, due = ticket.resolved_at, ticket.due_at
    ticket.resolved_at = None
    begin_run(ticket)
    if resolved is None or due is None or ticket.clock_from is None:
        return {}
    stands = _clock(ticket, ticket.clock_from, due)
    if resolved >= at:
        return stands
    ticket.resolved_periods = [*ticket.resolved_periods, DateTimeTZRange(resolved, at)]
    stood = {"paused": {"from": said(resolved), "until": said(at)}}
    return {**stood, **(stands if due < resolved else set_again(ticket, rules()))}


def stop(ticket: Ticket, at: datetime) -> None:
    """Resolved or ended: the clock stops, and its deadline stays as it was."""
    _stand_no_more(ticket, at)


def note_red(ticket: Ticket, at: datetime) -> None:
    """What was ever overdue stays known; every verb notes it before it changes anything."""
    if is_red(ticket, at):
        ticket.ever_red = True
        ticket.was_surely_red = ticket.was_surely_red or not ticket.due_is_provisional
