"""Appending to a ticket's chain of events, and checking that nothing in it was altered."""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import repeat
from typing import Any, Final, NamedTuple

from coordination.staff.models import Officer
from coordination.tickets.models import EventText, Ticket, TicketEvent
from coordination.tickets.system import System
from coordination.tickets.telling import told_of
from projects.access.models import ApiKey
from projects.record.canonical import digests
from projects.record.sealing import Unreadable
from projects.record.writing import Rows, write

Person = Officer | ApiKey
Actor = Person | System


def salted_digests(words: Iterable[tuple[str, dict[str, Any]]]) -> list[str]:
    """What the chain keeps of words, given with their salt: without it, nothing can be guessed."""
    return digests(list(words))


def hashes_of(events: Iterable[TicketEvent]) -> list[str]:
    """Of each, the hash over everything it says, and over the hash of the one before."""
    return digests([
        [
            event.ticket_id, event.seq, event.verb, event.from_status, event.to_status,
            event.officer_id, event.api_key_id, event.by_system, event.recorded_at,
            event.is_internal, event.payload, event.text_digest, event.previous_hash,
        ]
        for event in events
    ])  # fmt: skip


class Tail(NamedTuple):
    """What the next event of a chain continues; of a new ticket, nothing."""

    seq: int = 0
    status: str = ""
    hash: str = ""


NOTHING: Final = Tail()


class Entry(NamedTuple):
    """An event to be appended to its ticket's chain, behind ``last``.

    Under an id reserved for it, or under the one that the database gives it.
    """

    ticket: Ticket
    verb: str
    to: str
    payload: dict[str, Any]
    text: dict[str, Any]
    internal: bool = False
    last: Tail = NOTHING
    id: int | None = None


def append(
    *,
    ticket: Ticket,
    verb: str,
    to: str,
    at: datetime,
    payload: dict[str, Any],
    text: dict[str, Any],
    internal: bool = False,
    by: Actor,
) -> TicketEvent:
    """Append one event to the ticket, which the caller holds locked, and tell whom it concerns.

    ``payload`` holds ids and counts and stays for ever; ``text`` holds words and can be erased.
    """
    events = TicketEvent.objects.filter(ticket=ticket.pk).order_by("-seq")
    last = Tail(*events.values_list("seq", "to_status", "hash")[0])
    entry = Entry(ticket, verb, to, payload, text, internal, last)
    return append_each([entry], at=at, by=by)[0]


def append_each(
    entries: Sequence[Entry], *, before: Iterable[Rows] = (), at: datetime, by: Actor
) -> list[TicketEvent]:
    """Append the events, each to a ticket of its own, and tell whom they concern.

    The caller holds the tickets locked, or has made them: new rows that the events belong to are
    given in ``before`` and written first. Of many entries each needs a reserved id, since COPY
    gives none back.
    """
    notices, deliveries = told_of([(each.verb, each.ticket) for each in entries], at=at, by=by)
    salts = [secrets.token_hex(16) for _each in entries]
    said = salted_digests(zip(salts, [each.text for each in entries], strict=True))
    events = list(map(_event, entries, said, repeat(at), repeat(by)))
    for event, its_hash in zip(events, hashes_of(events), strict=True):
        event.hash = its_hash
    texts = [
        EventText(event=event, salt=salt, body=entry.text)
        for event, entry, salt in zip(events, entries, salts, strict=True)
        if entry.text
    ]
    write(*before, events, texts, notices, deliveries)
    return events


def _event(entry: Entry, text_digest: str, at: datetime, by: Actor) -> TicketEvent:
    """All of it but its own hash."""
    last = entry.last
    return TicketEvent(
        id=entry.id,
        ticket=entry.ticket,
        seq=last.seq + 1,
        verb=entry.verb,
        from_status=last.status,
        to_status=entry.to,
        officer=by if isinstance(by, Officer) else None,
        api_key=by if isinstance(by, ApiKey) else None,
        by_system=isinstance(by, System),
        recorded_at=at,
        is_internal=entry.internal,
        payload=entry.payload,
        text_digest=text_digest if entry.text else "",
        previous_hash=last.hash,
    )


def _is_as_said(text: EventText, said: str) -> bool:
    """Its words can be opened, and are those of the digest."""
    try:
        return salted_digests([(text.salt, text.body)]) == [said]
    except (Unreadable, ValueError):
        return False


def _is_as_hashed(event: TicketEvent) -> bool:
    try:
        return hashes_of([event]) == [event.hash]
    except TypeError:  # a payload that no event of ours ever had
        return False


def altered(events: Iterator[TicketEvent]) -> Iterator[str]:
    """Name every event that is not as it was written; events of a ticket in their order.

    Give them ordered by ticket and seq, with their texts.
    """
    ticket, seq, previous = None, 0, ""
    for event in events:
        if event.ticket_id != ticket:
            ticket, seq, previous = event.ticket_id, 0, ""
        name = f"{event.ticket_id}/{event.seq}"
        if event.seq != seq + 1 or event.previous_hash != previous:
            yield f"{name}: an event before it is missing or altered"
        if not _is_as_hashed(event):
            yield f"{name}: altered"
        text = getattr(event, "text", None)
        if text is not None and not _is_as_said(text, event.text_digest):
            yield f"{name}: its text was altered"
        seq, previous = event.seq, event.hash
