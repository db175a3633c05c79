"""Appending to a thing's chain of events, and checking that nothing in it was altered."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from typing import Any, NamedTuple, Protocol

from django.db import connection

from projects.flow.actors import Actors
from projects.flow.models import Event, Thing, Words
from projects.record.canonical import digests
from projects.record.findings import Difference, Finding, finding
from projects.record.sealing import Unreadable
from projects.record.writing import Rows, sequence_of, write


def salted_digests(words: Iterable[tuple[str, dict[str, Any]]]) -> list[str]:
    """The digest of each (salt, text) pair; without the salt the text cannot be guessed."""
    return digests(list(words))


def hashes_of(events: Iterable[Event]) -> list[str]:
    """The hash of each event: over all its columns, the previous event's hash among them."""
    return digests([
        [
            event.thing_pk, event.seq, event.verb, event.from_status, event.to_status,
            *event.actor_pks, event.by_system, event.recorded_at,
            event.is_internal, event.payload, event.text_digest, event.previous_hash,
        ]
        for event in events
    ])  # fmt: skip


class Tail(NamedTuple):
    """What the next event needs of a thing's last event; the defaults are those of a new thing."""

    seq: int = 0
    status: str = ""
    hash: str = ""


class Entry[T: Thing](NamedTuple):
    """An event to be appended to its thing's chain after ``last``, with a reserved id."""

    thing: T
    verb: str
    to: str
    payload: dict[str, Any]
    text: dict[str, Any]
    internal: bool = False
    last: Tail = Tail()
    id: int | None = None  # reserved first, since rows that refer to the event need it


class BuildRows[T: Thing, A](Protocol):
    """Builds the rows that a room writes together with events, such as notices."""

    def __call__(self, verbs: Sequence[tuple[str, T]], /, *, at: datetime, by: A) -> Sequence[Rows]:
        """The rows for (verb, locked thing) pairs whose events are about to be written."""


@dataclass(frozen=True, kw_only=True)
class Chain[T: Thing, E: Event, A]:
    """The events of a room's things."""

    event: type[E]
    words: Callable[..., Words]  # the model of the events' texts
    actors: Actors[T, A]
    rows_along: BuildRows[T, A] | None = None

    def append(
        self,
        *,
        thing: T,
        verb: str,
        to: str,
        at: datetime,
        payload: dict[str, Any],
        text: dict[str, Any],
        internal: bool = False,
        by: A,
    ) -> E:
        """Append one event to the thing, whose row the caller has locked.

        ``payload`` holds ids and counts and is kept for ever; ``text`` holds free text and can
        be erased.
        """
        last, event_id = self._tail_of(thing)
        entry = Entry(thing, verb, to, payload, text, internal, last, event_id)
        return self.append_each([entry], at=at, by=by)[0]

    def append_each(
        self, entries: Sequence[Entry[T]], *, before: Iterable[Rows] = (), at: datetime, by: A
    ) -> list[E]:
        """Append one event to each of several things, with the room's further rows.

        The caller has locked the things, or has made them: new rows to which the events refer
        are passed in ``before`` and written first.
        """
        verbs = [(entry.verb, entry.thing) for entry in entries]
        rows_along = self.rows_along(verbs, at=at, by=by) if self.rows_along else ()
        salts = [secrets.token_hex(16) for _entry in entries]
        text_digests = salted_digests(
            (salt, entry.text) for salt, entry in zip(salts, entries, strict=True)
        )
        events = list(map(self._build_event, entries, text_digests, repeat(at), repeat(by)))
        for event, event_hash in zip(events, hashes_of(events), strict=True):
            event.hash = event_hash
        texts = [
            self.words(event_id=event.pk, salt=salt, body=entry.text)
            for event, entry, salt in zip(events, entries, salts, strict=True)
            if entry.text
        ]
        write(*before, events, texts, *rows_along)
        return events

    def _tail_of(self, thing: T) -> tuple[Tail, int]:
        """The thing's last event, and an id reserved for the next one."""
        table, key = self.event._meta.db_table, f"{self.event.THING}_id"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT nextval(%s), seq, to_status, hash FROM {table} WHERE {key} = %s "  # noqa: S608 - names of our own
                "ORDER BY seq DESC LIMIT 1",
                [sequence_of(self.event), thing.pk],
            )
            event_id, *last = cursor.fetchone()
        return Tail(*last), event_id

    def _build_event(self, entry: Entry[T], text_digest: str, at: datetime, by: A) -> E:
        """The event without its own hash."""
        last = entry.last
        return self.event(
            id=entry.id,
            seq=last.seq + 1,
            verb=entry.verb,
            from_status=last.status,
            to_status=entry.to,
            recorded_at=at,
            is_internal=entry.internal,
            payload=entry.payload,
            text_digest=text_digest if entry.text else "",
            previous_hash=last.hash,
            **{self.event.THING: entry.thing},
            **self.actors.columns(by),
        )


def _is_text_unaltered(text: Words, text_digest: str) -> bool:
    """Whether the text can be decrypted and has this digest."""
    try:
        return salted_digests([(text.salt, text.body)]) == [text_digest]
    except (Unreadable, ValueError):
        return False


def _is_unaltered(event: Event) -> bool:
    try:
        return hashes_of([event]) == [event.hash]
    except TypeError:  # a payload with a value that has no canonical form
        return False


def altered(events: Iterator[Event]) -> Iterator[Finding]:
    """Name every event that is not as it was written.

    ``events`` are ordered by thing and seq, and have their texts selected.
    """
    thing, seq, previous_hash = None, 0, ""
    for event in events:
        if event.thing_pk != thing:
            thing, seq, previous_hash = event.thing_pk, 0, ""
        name, model = f"{event.thing_pk}/{event.seq}", type(event)
        if event.seq != seq + 1 or event.previous_hash != previous_hash:
            yield finding(model, name, Difference.CHAIN)
        if not _is_unaltered(event):
            yield finding(model, name, Difference.HASH)
        text = getattr(event, "text", None)
        if text is not None and not _is_text_unaltered(text, event.text_digest):
            yield finding(model, name, Difference.TEXT)
        seq, previous_hash = event.seq, event.hash
