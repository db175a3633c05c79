"""Tickets that ask for what another one asks for: the same line, or the same vehicle and days.

Nothing is refused because of them: a second load on the same days may well be meant. Whoever files
or handles a ticket is shown them, and decides.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from coordination.tickets.flow import OPEN, Status
from coordination.tickets.kinds.base import Kind, Line, Occupied
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from projects.record.clock import now
from projects.record.sealed_fields import opened_or

LOOKED_BACK: Final = timedelta(days=366)
SHOWN: Final = 10
_LOOKED_THROUGH: Final = 50  # tickets of the project in each status; lines of each vehicle
_COUNT: Final = sorted({*OPEN, Status.CLOSED})  # what was declined or withdrawn may be filed again


type Key = tuple[Any, ...]


class Why(TextChoices):
    LINE = "line", _("the same line")
    VEHICLE = "vehicle", _("the same vehicle, days that meet")


@dataclass(frozen=True)
class Similar:
    """Line ``own`` asks for what line ``position`` of the other ticket asks for."""

    own: int
    ticket: Ticket
    position: int
    headline: str
    why: Why


def key_of(kind: Kind[Any], project: int, line: Line) -> Key:
    """What a line asks for and for which project: equal where all of it is the same."""
    values = (kind.unit(line) if name == "unit" else opened_or(line, name, None)
              for name in kind.fields)  # fmt: skip
    return kind.name, project, *values


def similar_to(ticket: Ticket, lines: Sequence[Line], known: QuerySet[Ticket]) -> list[Similar]:
    """What of the tickets ``known`` to a reader asks for the same: the newest, at most ten.

    The ticket and its lines need not be saved yet.
    """
    kind = KINDS[ticket.kind]
    others = known.filter(status__in=_COUNT, filed_at__gte=now() - LOOKED_BACK)
    if ticket.pk is not None:
        others = others.exclude(pk=ticket.pk)
    near = {*_of_project(ticket), *_of_vehicles(kind.occupies, kind, lines)}
    found = [
        similar
        for other in _lines(kind, others.filter(pk__in=near))
        for similar in _compared(kind, ticket, lines, other)
    ]
    newest = sorted(found, key=lambda each: (-each.ticket.pk, each.own, each.position))
    return newest[:SHOWN]


def _compared(
    kind: Kind[Any], ticket: Ticket, lines: Sequence[Line], other: Any
) -> Iterator[Similar]:
    """What of the ticket another ticket's line asks for too; that all is the same says more."""
    is_of_project = other.ticket.project_id == ticket.project_id
    key = key_of(kind, ticket.project_id, other)
    for number, line in enumerate(lines, 1):
        why = None
        if is_of_project and key_of(kind, ticket.project_id, line) == key:
            why = Why.LINE
        elif kind.occupies is not None and _meet(kind.occupies, line, other):
            why = Why.VEHICLE
        if why is not None:
            headline = str(kind.headline(other))
            yield Similar(line.position or number, other.ticket, other.position, headline, why)


def _of_project(ticket: Ticket) -> list[int]:
    """The project's newest tickets of the kind, so many in each status."""
    of_project = Ticket.objects.filter(project=ticket.project_id, kind=ticket.kind)
    return _ids(
        of_project.filter(status=status).order_by("-pk").values_list("pk")[:_LOOKED_THROUGH]
        for status in _COUNT
    )


def _of_vehicles(what: Occupied | None, kind: Kind[Any], lines: Sequence[Line]) -> list[int]:
    """The newest tickets of each vehicle, of any project."""
    keys = {getattr(line, what.key) for line in lines} - {""} if what is not None else set()
    if what is None or not keys:
        return []
    rows = kind.model.objects.order_by("-ticket_id")
    return _ids(
        rows.filter(**{what.key: key}).values_list("ticket_id")[:_LOOKED_THROUGH]
        for key in sorted(keys)[:_LOOKED_THROUGH]
    )


def _meet(what: Occupied, one: Line, other: Line) -> bool:
    if not getattr(one, what.key) or getattr(one, what.key) != getattr(other, what.key):
        return False
    first = max(getattr(each, what.first) for each in (one, other))
    last = min(getattr(each, what.last) for each in (one, other))
    return bool(first <= last)


def _ids(parts: Iterable[QuerySet[Any, tuple[int]]]) -> list[int]:
    """The ids of all parts, each read in the order of its index and no further than needed."""
    first, *rest = parts
    return [pk for (pk,) in (first.union(*rest, all=True) if rest else first)]


def _lines(kind: Kind[Any], tickets: QuerySet[Ticket]) -> QuerySet[Any]:
    found: QuerySet[Any] = kind.model.objects.filter(ticket__in=tickets)
    return found.select_related("ticket__group")
