"""The whole check of the record: whatever the rooms compare with it, part by part."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from django.db.models import Max, Model

from projects.house.rooms import audits
from projects.record.findings import Finding

_IN_A_RANGE: Final = 50_000  # numbers of rows


def parts_due(since: datetime | None = None) -> list[str]:
    """The names of the parts of a check: all, or those due since the check before began."""
    return [
        f"{name} {part}".strip()
        for name, audit in audits().items()
        for part in (audit.parts(since) if audit.parts else ("",))
    ]


def compare(part: str) -> Iterator[Finding]:
    """Name every row of the part that is not what the record says. Changes nothing.

    Raises LookupError where no room has such a part any more.
    """
    name, _space, of = part.partition(" ")
    audit = audits()[name]
    yield from audit.compare(of) if audit.parts else audit.compare()


def audit() -> Iterator[Finding]:
    """Name every row that is not what the record says, in all parts."""
    for part in parts_due():
        yield from compare(part)


def ranges_of(model: type[Model], column: str = "pk") -> Callable[[datetime | None], list[str]]:
    """Parts for :class:`~projects.house.rooms.Audit`: the numbers in the column, so many in each.

    The last part is open, for rows that come meanwhile.
    """

    def parts(_since: datetime | None) -> list[str]:
        last = model._default_manager.aggregate(last=Max(column))["last"] or 0
        firsts = range(1, max(last, 1) + 1, _IN_A_RANGE)
        return [f"{each}-{each + _IN_A_RANGE}" for each in firsts[:-1]] + [f"{firsts[-1]}-"]

    return parts


def within(part: str, column: str = "pk") -> dict[str, int]:
    """The conditions of a query for the numbers of such a part."""
    first, _to, end = part.partition("-")
    return {f"{column}__gte": int(first)} | ({f"{column}__lt": int(end)} if end else {})
