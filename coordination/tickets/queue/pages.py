"""A page of a queue by the row it begins after: as fast on the last page as on the first."""

from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from coordination.tickets.models import Ticket

SIZE: Final = 50


@dataclass(frozen=True)
class Page:
    """Some tickets in order, and whether there are others before and after."""

    tickets: list[Ticket]
    has_before: bool
    has_after: bool


def page_of(
    rows: QuerySet[Ticket], *, oldest_first: bool, after: int | None, before: int | None
) -> Page:
    """The tickets that follow ``after``, or that precede ``before``; never a COUNT."""
    backwards = before is not None and after is None
    found = list(_ordered(rows, oldest_first != backwards, before if backwards else after))
    more, found = len(found) > SIZE, found[:SIZE]
    if backwards:
        return Page(found[::-1], has_before=more, has_after=True)
    return Page(found, has_before=after is not None, has_after=more)


def _ordered(rows: QuerySet[Ticket], rising: bool, beyond: int | None) -> QuerySet[Ticket]:  # noqa: FBT001
    if beyond is not None:
        rows = rows.filter(pk__gt=beyond) if rising else rows.filter(pk__lt=beyond)
    return rows.order_by("pk" if rising else "-pk")[: SIZE + 1]


def beside(
    rows: QuerySet[Ticket], ticket: Ticket, *, oldest_first: bool
) -> tuple[int | None, int | None]:
    """The tickets before and after this one in a queue, whether or not it is still in it."""
    lower = rows.filter(pk__lt=ticket.pk).order_by("-pk").values_list("pk", flat=True).first()
    higher = rows.filter(pk__gt=ticket.pk).order_by("pk").values_list("pk", flat=True).first()
    return (lower, higher) if oldest_first else (higher, lower)
