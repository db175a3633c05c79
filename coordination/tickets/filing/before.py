"""Lines that the enterprise has filed before, so that a list sent twice is not filed twice."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from coordination.tickets.filing.drafts import Draft
from coordination.tickets.flow import UNMET
from coordination.tickets.kinds.base import Kind, Line
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from coordination.tickets.queries_similar import LOOKED_BACK, Key, key_of
from projects.record.clock import now
from projects.record.sealed_fields import SealedColumn
from projects.register.models import Enterprise

_MOST_VALUES: Final = 500  # of one field; with more it does not narrow the query


def filed_before(drafts: Sequence[Draft], *, enterprise: Enterprise) -> list[dict[int, Ticket]]:
    """Of each draft, the latest ticket that holds each of its lines already, by the line's index.

    The same are project, kind and all values. Of the last year; what was declined or withdrawn
    may be filed again.
    """
    of_kind = defaultdict[str, list[Draft]](list)
    for draft in drafts:
        of_kind[draft.ticket.kind].append(draft)
    held: dict[Key, Ticket] = {}
    for name, some in of_kind.items():
        held |= _held(KINDS[name], some, enterprise)
    return [
        {index: held[key] for index, key in enumerate(keys_of(draft)) if key in held}
        for draft in drafts
    ]


def keys_of(draft: Draft) -> list[Key]:
    """What each line of the draft asks for and for which project: equal where all is the same."""
    kind, ticket = KINDS[draft.ticket.kind], draft.ticket
    return [key_of(kind, ticket.project_id, line) for line in draft.lines]


def _held(kind: Kind[Any], drafts: Iterable[Draft], enterprise: Enterprise) -> dict[Key, Ticket]:
    """The tickets of lines that may be the same, the latest of each."""
    rows = kind.model.objects.filter(
        ticket__enterprise=enterprise, ticket__filed_at__gte=now() - LOOKED_BACK,
        ticket__project__in={draft.ticket.project_id for draft in drafts},
        **_narrowing(kind, [line for draft in drafts for line in draft.lines]),
    ).exclude(ticket__status__in=UNMET)  # fmt: skip
    found = rows.select_related("ticket").order_by("ticket_id")
    return {key_of(kind, line.ticket.project_id, line): line.ticket for line in found}


def _narrowing(kind: Kind[Any], lines: Sequence[Line]) -> Mapping[str, set[Any]]:
    """The values of the fields that the database can compare."""
    given: dict[str, set[Any]] = {}
    for name in kind.fields:
        values = {getattr(line, name) for line in lines}
        is_sealed = isinstance(kind.model._meta.get_field(name), SealedColumn)
        if not is_sealed and name != "unit" and None not in values and len(values) <= _MOST_VALUES:
            given[f"{name}__in"] = values
    return given
