"""Appending to a thing's chain of events, and checking that nothing in it was altered."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from typing import Any, Final, NamedTuple, Protocol

from django.db import connection

from projects.flow.actors import Actors
from projects.flow.models import Event, Thing, Words
from projects.record.canonical import digests
from projects.record.sealing import Unreadable
from projects.record.writing import Rows, sequence_of, write


def salted_digests(words: Iterable[tuple[str, dict[str, Any]]]) -> list[str]:
    """What the chain keeps of words, given with their salt: without it, nothing can be guessed."""
    return digests(list(words))


def hashes_of(events: Iterable[Event]) -> list[str]:
    """Of each, the hash over everything it says, and over the hash of the one before."""
    return digests([
        [
            event.thing_pk, event.seq, event.verb, event.from_status, event.to_status,
            *event.actor_pks, event.by_system, event.recorded_at,
            event.is_internal, event.payload, event.text_digest, event.previous_hash,
        ]
        for event in events
    ])  # fmt: skip


class Tail(NamedTuple):
    """What the next event of a chain continues; of a new thing, nothing."""

    seq: int = 0
    status: str = ""
    hash: str = ""


NOTHING: Final = Tail()


class Entry[T: Thing](NamedTuple):
    """An event to be appended to its thing's chain, behind ``last``, under a reserved id."""

    thing: T
    verb: str
    to: str
    payload: dict[str, Any]
    text: dict[str, Any]
    internal: bool = False
    last: Tail = NOTHING
    id: int | None = None  # always reserved: the rows that name the event are written with it


class Along[T: Thing, A](Protocol):
    """What a room writes along with events, such as the notices of whom they concern."""

    def __call__(self, done: Sequence[tuple[str, T]], *, at: datetime, by: A) -> Sequence[Rows]:
        """The rows, of verbs about to be recorded of things held locked."""


@dataclass(frozen=True, kw_only=True)
class Chain[T: Thing, E: Event, A]:
    """The events of a room's things."""

    event: type[E]
    words: Callable[..., Words]  # the model that keeps what was said with them
    actors: Actors[T, A]
    along: Along[T, A] | None = None

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
        """Append one event to the thing, which the caller holds locked.

        ``payload`` holds ids and counts and stays for ever; ``text`` holds words and can be
        erased.
        """
        last, event_id = self._tail_of(thing)
        entry = Entry(thing, verb, to, payload, text, internal, last, event_id)
        return self.append_each([entry], at=at, by=by)[0]

    def append_each(
        self, entries: Sequence[Entry[T]], *, before: Iterable[Rows] = (), at: datetime, by: A
    ) -> list[E]:
        """Append the events, each to a thing of its own, with the rows that go along.

        The caller holds the things locked, or has made them: new rows that the events belong to
        are given in ``before`` and written first.
        """
        done = [(each.verb, each.thing) for each in entries]
        along = self.along(done, at=at, by=by) if self.along else ()
        salts = [secrets.token_hex(16) for _each in entries]
        said = salted_digests(zip(salts, [each.text for each in entries], strict=True))
        events = list(map(self._event, entries, said, repeat(at), repeat(by)))
        for event, its_hash in zip(events, hashes_of(events), strict=True):
            event.hash = its_hash
        texts = [
            self.words(event_id=event.pk, salt=salt, body=entry.text)
            for event, entry, salt in zip(events, entries, salts, strict=True)
            if entry.text
        ]
        write(*before, events, texts, *along)
        return events

    def _tail_of(self, thing: T) -> tuple[Tail, int]:
        """What the next event continues, and the id reserved for it."""
        table, key = self.event._meta.db_table, f"{self.event.THING}_id"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT nextval(%s), seq, to_status, hash FROM {table} WHERE {key} = %s "  # noqa: S608 - names of our own
                "ORDER BY seq DESC LIMIT 1",
                [sequence_of(self.event), thing.pk],
            )
            event_id, *last = cursor.fetchone()
        return Tail(*last), event_id

    def _event(self, entry: Entry[T], text_digest: str, at: datetime, by: A) -> E:
        """All of it but its own hash."""
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


def _is_as_said(text: Words, said: str) -> bool:
    """Its words can be opened, and are those of the digest."""
    try:
        return salted_digests([(text.salt, text.body)]) == [said]
    except (Unreadable, ValueError):
        return False


def _is_as_hashed(event: Event) -> bool:
    try:
        return hashes_of([event]) == [event.hash]
    except TypeError:  # a payload that no event of ours ever had
        return False


def altered(events: Iterator[Event]) -> Iterator[str]:
    """Name every event that is not as it was written; events of a thing in their order.

    Give them ordered by thing and seq, with their texts.
    """
    thing, seq, previous = None, 0, ""
    for event in events:
        if event.thing_pk != thing:
            thing, seq, previous = event.thing_pk, 0, ""
        name = f"{event.thing_pk}/{event.seq}"
        if event.seq != seq + 1 or event.previous_hash != previous:
            yield f"{name}: an event before it is missing or altered"
        if not _is_as_hashed(event):
            yield f"{name}: altered"
        text = getattr(event, "text", None)
        if text is not None and not _is_as_said(text, event.text_digest):
            yield f"{name}: its text was altered"
        seq, previous = event.seq, event.hash
