"""Appending to a ticket's chain of events, and checking that nothing in it was altered."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from coordination.groups.models import Officer
from coordination.tickets.models import EventText, Ticket, TicketEvent
from coordination.tickets.system import System
from coordination.tickets.telling import tell_each
from projects.access.models import ApiKey
from projects.record.canonical import digest
from projects.record.sealing import Unreadable

Person = Officer | ApiKey
Actor = Person | System


def salted_digest(salt: str, body: dict[str, Any]) -> str:
    """What the chain keeps of the words: nothing can be guessed from it without the salt."""
    return digest([salt, body])


def hash_of(event: TicketEvent) -> str:
    """The hash over everything the event says, and over the hash of the one before."""
    return digest(
        [
            event.ticket_id, event.seq, event.verb, event.from_status, event.to_status,
            event.officer_id, event.api_key_id, event.by_system, event.recorded_at,
            event.is_internal, event.payload, event.text_digest, event.previous_hash,
        ]
    )  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """An event to be appended to its ticket's chain, behind ``last``; the first has none."""

    ticket: Ticket
    verb: str
    to: str
    payload: dict[str, Any] = field(default_factory=dict)
    text: dict[str, Any] = field(default_factory=dict)
    internal: bool = False
    last: TicketEvent | None = None


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
    last = TicketEvent.objects.filter(ticket=ticket).order_by("-seq").first()
    entry = Entry(ticket, verb, to, payload, text, internal, last)
    return append_each([entry], at=at, by=by)[0]


def append_each(entries: Sequence[Entry], *, at: datetime, by: Actor) -> list[TicketEvent]:
    """Append the events, each to a ticket of its own, and tell whom they concern.

    The caller holds the tickets locked, or has just made them.
    """
    salts = [secrets.token_hex(16) for _each in entries]
    made = [_event(*pair, at, by) for pair in zip(entries, salts, strict=True)]
    events = TicketEvent.objects.bulk_create(made)
    EventText.objects.bulk_create(
        EventText(event=event, salt=salt, body=entry.text)
        for event, entry, salt in zip(events, entries, salts, strict=True)
        if entry.text
    )
    tell_each(events, at=at)
    return events


def _event(entry: Entry, salt: str, at: datetime, by: Actor) -> TicketEvent:
    last, text = entry.last, entry.text
    event = TicketEvent(
        ticket=entry.ticket,
        seq=last.seq + 1 if last else 1,
        verb=entry.verb,
        from_status=last.to_status if last else "",
        to_status=entry.to,
        officer=by if isinstance(by, Officer) else None,
        api_key=by if isinstance(by, ApiKey) else None,
        by_system=isinstance(by, System),
        recorded_at=at,
        is_internal=entry.internal,
        payload=entry.payload,
        text_digest=salted_digest(salt, text) if text else "",
        previous_hash=last.hash if last else "",
    )
    event.hash = hash_of(event)
    return event


def _is_as_said(text: EventText, said: str) -> bool:
    """Its words can be opened, and are those of the digest."""
    try:
        return salted_digest(text.salt, text.body) == said
    except (Unreadable, ValueError):
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
        if hash_of(event) != event.hash:
            yield f"{name}: altered"
        text = getattr(event, "text", None)
        if text is not None and not _is_as_said(text, event.text_digest):
            yield f"{name}: its text was altered"
        seq, previous = event.seq, event.hash
