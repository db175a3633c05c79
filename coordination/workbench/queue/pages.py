"""Pages of a queue by the row before the page, so that every page is equally fast."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from coordination.tickets.models import Ticket
from coordination.workbench.queue.filters import DUE, NEWEST

SIZE: Final = 50
_MOST: Final = 200  # tickets of a queue in which a place is told


@dataclass(frozen=True)
class Page:
    """Some tickets in order, and whether there are others before and after."""

    tickets: list[Ticket]
    has_before: bool
    has_after: bool


def page_of(
    rows: QuerySet[Ticket], *, order: str = NEWEST, after: int | None, before: int | None
) -> Page:
    """The tickets that follow ``after``, or that precede ``before``; never a COUNT."""
    backwards = before is not None and after is None
    rising = (order != NEWEST) != backwards
    found = list(_beyond(rows, order, before if backwards else after, rising)[: SIZE + 1])
    more, found = len(found) > SIZE, found[:SIZE]
    if backwards:
        return Page(found[::-1], has_before=more, has_after=True)
    return Page(found, has_before=after is not None, has_after=more)


def _beyond(
    rows: QuerySet[Ticket],
    order: str,
    pk: int | None,
    rising: bool,  # noqa: FBT001 - the direction is its only option
) -> QuerySet[Ticket]:
    """The rows beyond that row: greater ones if ``rising``, otherwise smaller, nearest first."""
    side, minus = ("gt", "") if rising else ("lt", "-")
    if order != DUE:
        found = rows if pk is None else rows.filter(**{f"pk__{side}": pk})
        return found.order_by(f"{minus}pk")
    found = rows.filter(clock_due__isnull=False)
    at = pk and Ticket.objects.filter(pk=pk).values_list("clock_due", flat=True).first()
    if at:
        later = Q(**{f"clock_due__{side}": at})
        found = found.filter(later | Q(clock_due=at, **{f"pk__{side}": pk}))
    return found.order_by(f"{minus}clock_due", f"{minus}pk")


@dataclass(frozen=True)
class Place:
    """Where a ticket is in a queue: the ids before and after it.

    ``number`` of ``total`` is told of a queue of at most 200 that still has the ticket; else 0.
    """

    before: int | None
    after: int | None
    number: int = 0
    total: int = 0


def place_in_queue(rows: QuerySet[Ticket], ticket: Ticket, *, order: str = NEWEST) -> Place:
    """The ticket's place; never a COUNT: of a longer queue only its neighbours are looked for."""
    ids = list(
        _beyond(rows, order, None, order != NEWEST).values_list("pk", flat=True)[: _MOST + 1]
    )
    if len(ids) > _MOST or ticket.pk not in ids:
        return Place(*adjacent_in_queue(rows, ticket, order=order))
    at = ids.index(ticket.pk)
    before = ids[at - 1] if at else None
    return Place(before, next(iter(ids[at + 1 :]), None), at + 1, len(ids))


def adjacent_in_queue(
    rows: QuerySet[Ticket], ticket: Ticket, *, order: str = NEWEST
) -> tuple[int | None, int | None]:
    """The tickets before and after this one in a queue, even if it is no longer in it.

    In the order by deadline, a ticket without a deadline has no neighbours.
    """
    if order == DUE and ticket.clock_due is None:
        return None, None
    lower, higher = (
        _beyond(rows.exclude(pk=ticket.pk), order, ticket.pk, rising)
        .values_list("pk", flat=True)
        .first()
        for rising in (False, True)
    )
    return (higher, lower) if order == NEWEST else (lower, higher)
