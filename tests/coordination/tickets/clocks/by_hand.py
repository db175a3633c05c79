"""The check-off ledger, counted by hand from what is on record."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from coordination.tickets.models import Ticket, TicketEvent
from coordination.workbench.ledger.queries import By
from tests.coordination.tickets.clocks.witness import minute_of


@dataclass(frozen=True)
class Move:
    """One event, as the count by hand reads it."""

    at: int
    ticket: int
    kind: str
    group: int
    came_from: int | None  # another group, where it moved
    before: str
    after: str


OPEN: Final = {"submitted", "in_progress", "need_info", "resolved"}
FATES: Final = {"closed": "written_off", "declined": "declined", "withdrawn": "withdrawn"}


def moves_of(rows: dict[int, Ticket]) -> list[Move]:
    moves: list[Move] = []
    groups: dict[int, int] = {}
    for event in TicketEvent.objects.filter(ticket__in=rows).order_by("pk"):
        was = groups.get(event.ticket_id)
        if event.verb in {"submit", "pass_on", "hand_over", "revive"}:
            groups[event.ticket_id] = event.payload["group"]
        group = groups[event.ticket_id]
        was_open = event.from_status in OPEN  # else it comes back, wherever it is from
        came_from = was if was_open and was not in {None, group} else None
        moment, kind = minute_of(event.recorded_at), rows[event.ticket_id].kind
        status = (event.from_status, event.to_status)
        moves.append(Move(moment, event.ticket_id, kind, group, came_from, *status))
    return moves


def counted(moves: list[Move], by: By, start: int, end: int) -> dict[Any, Counter[str]]:
    """The ledger of the period, by kind or by group."""
    found: dict[Any, Counter[str]] = {}
    for column, kind, group in entries(moves, start, end):
        if by is By.KIND and column.startswith("moved"):
            continue  # a ticket has one kind for ever
        found.setdefault(kind if by is By.KIND else group, Counter())[column] += 1
    return found


def entries(moves: list[Move], start: int, end: int) -> Iterator[tuple[str, str, int]]:
    """Each entry: its column, and the kind and the group that it is one of."""
    for at, name in ((start, "before"), (end, "after")):
        yield from ((name, move.kind, move.group) for move in outstanding(moves, at))
    for move in outstanding(moves, end):
        if move.after == "resolved":
            yield "awaiting", move.kind, move.group
    for move in moves:
        if start < move.at <= end:
            yield from ((column, move.kind, move.group) for column in columns_of(move))
            if move.came_from is not None:
                yield "moved_in", move.kind, move.group
                yield "moved_out", move.kind, move.came_from


def outstanding(moves: list[Move], at: int) -> list[Move]:
    """The last move of each ticket that was open then."""
    last = {move.ticket: move for move in moves if move.at <= at}
    return [move for move in last.values() if move.after in OPEN]


def columns_of(move: Move) -> list[str]:
    if not move.before:
        return ["filed"]
    if move.before in OPEN and move.after in FATES:
        return [FATES[move.after]]
    if move.before in FATES and move.after in OPEN:
        return ["reopened"]
    return ["settled"] if move.after == "resolved" != move.before else []
