"""The clocks of the open tickets as they stood at a moment, read from the events by then alone.

The row of a ticket keeps the clock of now; what is counted for a past moment, and counted again
later, asks here.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any, Final

from django.db.models import Q

from coordination.tickets.clocks.lights import Light, light
from coordination.tickets.flow import RUNNING, Status, Verb
from coordination.tickets.models import TicketEvent
from coordination.tickets.queries_history import standing_at

_AT_ONCE: Final = 5_000
_RUNNING: Final = sorted(RUNNING)
_SAYS: Final = Q(payload__has_key="clock") | Q(verb__in=[Verb.ASK, Verb.LAPSE])


@dataclass(frozen=True)
class PastClock:
    """A ticket whose clock ran or stood then; ``is_paused`` while an answer was awaited."""

    number: str
    kind: str
    project: int
    group: int | None
    due: datetime
    light: Light
    is_paused: bool


@dataclass
class _Read:
    """What the events of one ticket say so far."""

    run: int = 0
    due: datetime | None = None
    warn_at: datetime | None = None
    warned: int = 0
    asked_at: datetime | None = None

    def read(self, verb: str, at: datetime, clock: dict[str, Any] | None) -> None:
        if clock is not None:
            self.warned = self.warned if clock["run"] == self.run else 0
            self.run, self.due = clock["run"], datetime.fromisoformat(clock["due"])
            self.warn_at = datetime.fromisoformat(clock["warn"]) if clock["warn"] else None
        if verb == Verb.ASK:
            self.asked_at = at
        self.warned += verb == Verb.LAPSE


def clocks_at(at: datetime) -> list[PastClock]:
    """Every clock that ran or stood at the moment, the earliest deadline first."""
    columns = ("ticket", "ticket__number", "kind", "project", "group", "status")
    standing = list(standing_at(at).filter(status__in=_RUNNING).values_list(*columns))
    read = _read([ticket for ticket, *_rest in standing], at)
    found = []
    for ticket, number, kind, project, group, status in standing:
        said = read.get(ticket)
        if said is None or said.due is None:  # filed before there were clocks
            continue
        is_paused = status == Status.NEED_INFO
        stands = said.asked_at if is_paused and said.asked_at is not None else at
        shown = light(said.due, said.warn_at, min(at, stands), was_warned=bool(said.warned))
        found.append(PastClock(number, kind, project, group, said.due, shown, is_paused))
    return sorted(found, key=lambda each: (each.due, each.number))


def _read(tickets: Sequence[int], at: datetime) -> dict[int, _Read]:
    """What the events of these tickets say.

    They are asked for by their numbers: joined to them, PostgreSQL would read every event.
    """
    found: dict[int, _Read] = defaultdict(_Read)
    for some in batched(tickets, _AT_ONCE):
        events = TicketEvent.objects.filter(_SAYS, ticket__in=some, recorded_at__lte=at)
        rows = events.order_by("ticket_id", "seq").values_list(
            "ticket_id", "verb", "recorded_at", "payload__clock"
        )
        for ticket, verb, moment, clock in rows:
            found[ticket].read(verb, moment, clock)
    return found
