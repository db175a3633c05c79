"""Whether a ticket's columns are what its events say: the events are told again, one by one.

What a filing wrote is compared by its digest (``filed.py``), status and group with the ranges
(``ranges.py``). Not told by events, and not compared: ``awaits_year``, which follows from the
calendar of its time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import batched
from typing import Any, Final

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from coordination.tickets.clocks.keep import note_red
from coordination.tickets.clocks.lights import is_red
from coordination.tickets.clocks.runs import read_runs
from coordination.tickets.flow import ENDED, Status, Verb
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.models.clock import Clocked
from coordination.tickets.stages import Stage
from projects.record.audit import within
from projects.record.findings import Difference, Finding, finding

_AT_ONCE: Final = 500
_ELSEWHERE: Final = frozenset({"id", "status", "group_id", "awaits_year"})
COMPARED: Final = tuple(
    each.attname for each in Ticket._meta.concrete_fields
    if not each.generated and each.name not in Ticket.FIXED_COLUMNS
    and each.attname not in _ELSEWHERE
)  # fmt: skip
_OF_THE_CLOCK: Final = frozenset(each.attname for each in Clocked._meta.local_fields)
_RED: Final = frozenset({"ever_red", "was_surely_red"})

# Recorded with a ticket by what is done to another row: they note no red light.
_NOT_NOTED: Final = frozenset({Verb.SUBMIT, Verb.HAND_OVER, Verb.LOSE_ORIGINAL})
_MAYBE_NOTED: Final = frozenset({Verb.LINK, Verb.UNLINK})
_NEW_TERM: Final = frozenset({Verb.SUBMIT, Verb.ACCEPT, Verb.REOPEN, Verb.REVIVE, Verb.REGRADE})

# A room above tells here what its verbs do to a ticket.
ALSO: Final[list[Callable[[Ticket, TicketEvent], None]]] = []


def wrong_columns(part: str) -> Iterator[Finding]:
    """Name each of these tickets that has another handler, deadline or count than its events say.

    One whose events cannot be told is named for them. A check runs beside the work: what seems to
    differ is read again under the ticket's lock.
    """
    tickets = Ticket.objects.filter(**within(part)).order_by("pk").iterator(chunk_size=_AT_ONCE)
    for some in batched(tickets, _AT_ONCE):
        events = _events_of(some)
        for ticket in some:
            if any(_named(ticket, events[ticket.pk])):
                yield from _looked_at_again(ticket)


def _looked_at_again(ticket: Ticket) -> list[Finding]:
    with transaction.atomic():
        some = list(Ticket.objects.select_for_update(of=("self",)).filter(pk=ticket.pk))
        events = _events_of(some)
        return [each for locked in some for each in _named(locked, events[locked.pk])]


def _events_of(tickets: Sequence[Ticket]) -> dict[int, list[TicketEvent]]:
    found: dict[int, list[TicketEvent]] = defaultdict(list)
    keys = [each.pk for each in tickets]
    for event in TicketEvent.objects.filter(ticket__in=keys).order_by("ticket_id", "seq"):
        found[event.ticket_id].append(event)
    return found


def _named(ticket: Ticket, events: list[TicketEvent]) -> Iterator[Finding]:
    if not events:  # named for its status
        return
    told = _Told()
    try:
        for event in events:
            told.tell(event)
    except (KeyError, TypeError, ValueError, AttributeError):  # altered, and named for its hash
        return
    names = {name for name in COMPARED if getattr(ticket, name) != getattr(told.ticket, name)}
    if told.may_be_red:
        names -= _RED
    for difference in sorted({_difference_of(name) for name in names}):
        yield finding(Ticket, ticket.pk, difference)


def _difference_of(name: str) -> Difference:
    if name == "handler_id":
        return Difference.HANDLER
    if name == "urgency":
        return Difference.URGENCY
    return Difference.DEADLINE if name in _OF_THE_CLOCK else Difference.EVENTS


class _Told:
    """A ticket as its events tell it so far."""

    def __init__(self) -> None:
        self.ticket = Ticket(version=0)
        self.may_be_red = False  # it was red at an event that may have noted it, or not
        self._events: list[TicketEvent] = []
        self._last_run: dict[str, int] = {}

    def tell(self, event: TicketEvent) -> None:
        """Do to the ticket what the event says."""
        ticket = self.ticket
        self._note_red(event)
        if event.verb == Verb.RECKON_AGAIN:
            self._note_red_again(event)
        _go_on(ticket, event)
        self._set_clocks(event)
        _tell_verb(ticket, event)
        for also in ALSO:
            also(ticket, event)
        self._events.append(event)

    def _note_red(self, event: TicketEvent) -> None:
        if event.verb in _MAYBE_NOTED:
            self.may_be_red |= not self.ticket.ever_red and is_red(self.ticket, event.recorded_at)
        elif event.verb not in _NOT_NOTED:
            note_red(self.ticket, event.recorded_at)
            self.may_be_red = False

    def _note_red_again(self, event: TicketEvent) -> None:
        """Every deadline that was provisional is judged by the true one, where that is known."""
        said = [*event.payload.get("earlier", ()), event.payload.get("clock")]
        settled = {clock["run"]: _moment(clock["due"]) for clock in said if clock}
        steps = (
            (each.verb, each.to_status, each.recorded_at, each.payload) for each in self._events
        )
        was_red = False
        for run in read_runs(steps):
            if run.is_provisional and run.number in settled:
                due = settled[run.number]
                self.ticket.was_surely_red |= run.was_red(due, event.recorded_at)
            elif run.is_provisional:
                was_red |= run.was_red(run.due, event.recorded_at)
        self.ticket.ever_red = self.ticket.was_surely_red or was_red

    def _set_clocks(self, event: TicketEvent) -> None:
        ticket, clock = self.ticket, event.payload.get("clock")
        for earlier in event.payload.get("earlier", ()):
            if earlier["run"] == self._last_run.get(earlier["stage"]):
                _set_due(ticket, earlier, is_new=False)
        if event.verb == Verb.REVIVE:
            ticket.due_at = None
        if clock is None:
            return
        self._last_run[clock["stage"]] = clock["run"]
        _set_due(ticket, clock, is_new=event.verb != Verb.RECKON_AGAIN)
        start = _moment(clock["from"])
        if start != ticket.clock_from:
            ticket.pauses, ticket.resolved_periods = [], []
        if clock["run"] != ticket.clock_run:
            ticket.warned_count = 0
        ticket.clock_from, ticket.clock_run = start, clock["run"]
        ticket.warn_at = _moment(clock["warn"]) if clock["warn"] else None
        ticket.term_amount, ticket.term_unit = clock["amount"], clock["unit"]
        ticket.extension, ticket.due_is_provisional = clock["extension"], clock["provisional"]
        if event.verb in _NEW_TERM:
            ticket.extension_asked, ticket.extension_asked_by_id = 0, None


def _go_on(ticket: Ticket, event: TicketEvent) -> None:
    """What every event does: its status and time, who has the ticket, and when its clock stood."""
    payload, at = event.payload, event.recorded_at
    has_ended = event.to_status in ENDED
    if has_ended and ticket.paused_at is not None and ticket.paused_at < at:
        ticket.pauses = [*ticket.pauses, DateTimeTZRange(ticket.paused_at, at)]
    if paused := payload.get("paused"):
        stood = DateTimeTZRange(_moment(paused["from"]), _moment(paused["until"]))
        name = "resolved_periods" if event.verb == Verb.REDO else "pauses"
        if stood.lower < stood.upper:
            setattr(ticket, name, [*getattr(ticket, name), stood])
    ticket.status, ticket.changed_at = event.to_status, at
    ticket.ended_at = (ticket.ended_at or at) if has_ended else None
    ticket.version += not event.is_internal
    ticket.group_id = payload.get("group", ticket.group_id)
    if "handler" in payload or event.verb == Verb.PASS_ON:
        ticket.handler_id = payload.get("handler")
    ticket.urgency = payload.get("urgency", ticket.urgency)
    if event.to_status != Status.NEED_INFO:
        ticket.paused_at = ticket.answer_due = None
        ticket.answer_is_provisional = False


def _tell_verb(ticket: Ticket, event: TicketEvent) -> None:  # noqa: C901, PLR0912 - a case for each verb
    """What the verb alone does."""
    payload, at = event.payload, event.recorded_at
    match event.verb:
        case Verb.ASK:
            ticket.asked_from, ticket.question_lapsed = event.from_status, False
            ticket.asked_count += 1
            ticket.paused_at, ticket.answer_due = at, _moment(payload["answer_due"])
            ticket.answer_is_provisional = payload["answer_provisional"]
        case Verb.SUPPLEMENT:
            ticket.asked_from, ticket.question_lapsed = "", False
        case Verb.LAPSE:
            ticket.asked_from, ticket.question_lapsed = "", True
            ticket.warned_count += 1
        case Verb.RECKON_AGAIN if "answer_due" in payload:
            ticket.answer_due = _moment(payload["answer_due"])
            ticket.answer_is_provisional = False
        case Verb.PASS_ON:
            ticket.pass_count += payload["from_group"] is not None
        case Verb.REVIVE:
            ticket.asked_from, ticket.pass_count, ticket.question_lapsed = "", 0, False
            ticket.resolved_at = None
        case Verb.ACCEPT if "clock" in payload:
            ticket.resolved_at = None
        case Verb.RESOLVE:
            ticket.resolved_by_id, ticket.resolved_at = event.officer_id, at
        case Verb.REDO | Verb.REOPEN:
            ticket.redo_count += event.verb == Verb.REDO
            ticket.resolved_at = ticket.signed_off_by_id = ticket.signed_off_at = None
            if event.verb == Verb.REOPEN:
                ticket.satisfaction = None
        case Verb.SIGN_OFF:
            ticket.signed_off_by_id, ticket.signed_off_at = event.officer_id, at
        case Verb.CONFIRM:
            ticket.satisfaction = payload["satisfaction"]
        case Verb.URGE:
            ticket.urge_count, ticket.urged_at = ticket.urge_count + 1, at
        case Verb.SUPERVISE:
            ticket.supervise_count += 1
        case Verb.EXTEND:
            ticket.extension_asked, ticket.extension_asked_by_id = (
                payload["amount"],
                event.officer_id,
            )
        case Verb.GRANT | Verb.DENY:
            ticket.extension_asked, ticket.extension_asked_by_id = 0, None


def _set_due(ticket: Ticket, clock: dict[str, Any], *, is_new: bool) -> None:
    due = _moment(clock["due"])
    if clock["stage"] == Stage.ACCEPT:
        ticket.accept_due = due
    elif is_new or ticket.due_at is not None:  # a revived ticket has none
        ticket.due_at = due


def _moment(said: str) -> datetime:
    return datetime.fromisoformat(said)
