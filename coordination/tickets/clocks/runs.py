"""The deadlines that a ticket had, read from its events.

The row keeps the running deadline alone. When a year's days off are entered, an earlier deadline
that was provisional must be reckoned again too: a ticket that was accepted meanwhile may have been
accepted in time.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from coordination.tickets.flow import ENDED, Status, Verb
from coordination.tickets.models import Ticket
from projects.worktime.reckon import Pause
from projects.worktime.spans import Span

_STOPPED: Final = ENDED | {Status.RESOLVED}


@dataclass
class Run:
    """One deadline by its number, as the last event of it said; times are moments of the record.

    It is provisional until it was reckoned again, even if a verb set it anew in between;
    ``told`` are the moments that it was given until then.
    """

    stage: str
    number: int
    start: datetime
    span: Span
    due: datetime
    is_provisional: bool
    told: set[datetime] = field(default_factory=set)
    pauses: list[Pause] = field(default_factory=list)
    paused_at: datetime | None = None
    ended_at: datetime | None = None

    def was_red(self, due: datetime, at: datetime) -> bool:
        """Whether that deadline had passed with the clock running, by then."""
        ends = (each for each in (self.paused_at, self.ended_at) if each is not None)
        return due < min(ends, default=at)


def runs_of(ticket: Ticket) -> list[Run]:
    """All of the ticket's deadlines, the earliest first."""
    events = ticket.events.order_by("seq")
    return read_runs(events.values_list("verb", "to_status", "recorded_at", "payload"))


def read_runs(events: Iterable[tuple[str, str, datetime, dict[str, Any]]]) -> list[Run]:
    """The deadlines of a ticket's events, given in their order."""
    runs: list[Run] = []
    for verb, to_status, at, payload in events:
        if runs and verb != Verb.REDO:
            _continue(runs[-1], verb, at, payload)
        for clock in (*payload.get("earlier", ()), payload.get("clock")):
            if clock is not None:
                _set(runs, clock, at, is_settled=verb == Verb.RECKON_AGAIN)
        if runs and verb == Verb.REDO:  # the time since the resolution is the next deadline's
            _continue(runs[-1], verb, at, payload)
        if runs:
            stopped = runs[-1].ended_at or at
            runs[-1].ended_at = stopped if to_status in _STOPPED else None
    return runs


def _continue(run: Run, verb: str, at: datetime, payload: dict[str, Any]) -> None:
    if verb == Verb.ASK:
        run.paused_at = at
    if "paused" in payload:
        run.paused_at = None
        if payload["paused"]:
            given = payload["paused"]
            run.pauses.append(Pause(_moment(given["from"]), _moment(given["until"])))


def _set(runs: list[Run], clock: dict[str, Any], at: datetime, *, is_settled: bool) -> None:
    """Another word on a deadline that there is, or a new one, which ends the one before."""
    found = next((each for each in runs if each.number == clock["run"]), None)
    if found is None:
        found = Run(
            clock["stage"], clock["run"], _moment(clock["from"]), Span(0, ""), at,
            is_provisional=False,
        )  # fmt: skip
        if runs:
            _follow(runs[-1], found, at)
        runs.append(found)
    found.span = Span(clock["amount"] + clock["extension"], clock["unit"])
    found.due = _moment(clock["due"])
    found.is_provisional = clock["provisional"] or (found.is_provisional and not is_settled)
    if found.is_provisional:
        found.told.add(found.due)


def _follow(before: Run, run: Run, at: datetime) -> None:
    """End the deadline before; of the same term the pauses count, and a question goes on."""
    if before.ended_at is None:
        before.ended_at, run.paused_at = at, before.paused_at
    if (before.stage, before.start) == (run.stage, run.start):
        run.pauses = list(before.pauses)


def _moment(said: str) -> datetime:
    return datetime.fromisoformat(said)
