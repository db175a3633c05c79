"""Digests of a ticket and its lines as they were filed, amended or purged, by which changes show.

A filing's and an amendment's event holds them in its text, sealed and erasable: some values could
be guessed from a digest. Of what a purge leaves, nothing is personal.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Final

from coordination.tickets.flow import Verb
from coordination.tickets.kinds.base import Line
from coordination.tickets.models import Ticket
from projects.record.canonical import digest
from projects.record.sealed_fields import opened_or

WRITTEN: Final = "written"  # the part of an event's text
_WIDEST: Final = 6
TICKET: Final = "ticket"  # beside it stand the positions of the lines
type Digests = dict[str, str]

# The verbs whose events hold digests; a room above adds its own.
WRITERS: Final = {Verb.SUBMIT.value, Verb.ADD_LINES.value}

# What the desk settles of a line; all else is as it was filed.
_SETTLED: Final = frozenset({"id", "met", "refused", "outcome", "outcome_reason"})
_OF_A_TICKET: Final = (
    "number", "kind", "project_id", "enterprise_id", "title", "detail", "contact_name",
    "contact_mobile", "needed_by", "external_id", "filed_at",
)  # fmt: skip


def digests_of(ticket: Ticket | None, lines: Iterable[Line]) -> Digests:
    """The digests of a ticket, unless it is None, and of some of its lines."""
    found = {str(line.position): digest(_values(line, _filed_fields(type(line)))) for line in lines}
    return found if ticket is None else {TICKET: digest(_values(ticket, _OF_A_TICKET)), **found}


def written(ticket: Ticket | None, lines: Iterable[Line]) -> dict[str, Digests]:
    """The part of the text of an event that writes them."""
    return {WRITTEN: digests_of(ticket, lines)}


def differing(ticket: Ticket, lines: Iterable[Line], kept: Mapping[str, str]) -> Iterator[str]:
    """The names of what is not as these digests say: the ticket, or a line's position."""
    found = digests_of(ticket, lines)
    names = sorted(found.keys() | kept.keys(), key=lambda each: each.zfill(_WIDEST))
    return (name for name in names if found.get(name) != kept.get(name))


@cache
def _filed_fields(model: type[Line]) -> tuple[str, ...]:
    return tuple(each.attname for each in model._meta.fields if each.name not in _SETTLED)


def _values(row: Any, names: Iterable[str]) -> list[Any]:
    return [_plain(opened_or(row, name, None)) for name in names]


def _plain(value: Any) -> Any:
    """A number as text without the zeros that its column adds."""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value
