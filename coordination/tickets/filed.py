"""Digests of a ticket and its lines as they were filed, amended or purged, by which changes show.

A filing's and an amendment's event holds them in its text, sealed and erasable: some values could
be guessed from a digest. Of what a purge leaves, nothing is personal.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any, Final

from coordination.tickets.flow import Verb
from coordination.tickets.kinds.base import Line
from coordination.tickets.models import Ticket
from projects.record.canonical import digests
from projects.record.sealed_fields import opened_or
from projects.record.sealing import Unreadable

WRITTEN: Final = "written"  # the part of an event's text
TICKET: Final = "ticket"  # beside it stand the positions of the lines
type Digests = dict[str, str]
type Rows = tuple[Ticket | None, Sequence[Line]]

# The verbs whose events hold digests; a room above adds its own.
WRITERS: Final = {Verb.SUBMIT.value, Verb.ADD_LINES.value}
_WIDEST: Final = 6  # signs of the names

# What the desk settles of a line; all else is as it was filed.
_SETTLED: Final = frozenset({"id", "met", "refused", "outcome", "outcome_reason"})
_OF_A_TICKET: Final = (
    "number", "kind", "project_id", "enterprise_id", "title", "detail", "contact_name",
    "contact_mobile", "needed_by", "external_id", "filed_at",
)  # fmt: skip


def digests_each(written: Iterable[Rows]) -> list[Digests]:
    """The digests of several tickets, unless None, each with some of its lines."""
    named = [list(_named(ticket, lines)) for ticket, lines in written]
    found = iter(digests([_values(row) for each in named for _name, row in each]))
    return [{name: next(found) for name, _row in each} for each in named]


def written(ticket: Ticket | None, lines: Sequence[Line]) -> dict[str, Digests]:
    """The part of the text of an event that writes them."""
    return {WRITTEN: digests_each([(ticket, lines)])[0]}


def differing(found: Digests, kept: Mapping[str, str]) -> Iterator[str]:
    """The names of what has another digest than was kept: the ticket, or a line's position."""
    names = sorted(found.keys() | kept.keys(), key=lambda each: each.zfill(_WIDEST))
    return (name for name in names if found.get(name) != kept.get(name))


def _named(ticket: Ticket | None, lines: Iterable[Line]) -> Iterator[tuple[str, Ticket | Line]]:
    if ticket is not None:
        yield TICKET, ticket
    for line in lines:
        yield str(line.position), line


@cache
def _names(model: type[Ticket | Line]) -> tuple[str, ...]:
    if model is Ticket:
        return _OF_A_TICKET
    return tuple(each.attname for each in model._meta.fields if each.name not in _SETTLED)


@cache
def _reader(model: type[Ticket | Line]) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*_names(model))


def _values(row: Ticket | Line) -> list[Any]:
    """The values, decrypted; a number as text without the zeros that its column adds."""
    try:
        values = _reader(type(row))(row)
    except Unreadable:
        values = tuple(opened_or(row, name, None) for name in _names(type(row)))
    return [format(each.normalize(), "f") if type(each) is Decimal else each for each in values]
