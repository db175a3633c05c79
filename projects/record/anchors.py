"""Anchors: the journal sealed bit by bit, each anchor chained to the one before.

Whoever alters entries of the journal must alter every later anchor, too, and the newest is told to
people outside the database.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Max

from projects.record.canonical import digest
from projects.record.clock import change, settle
from projects.record.findings import Difference, Finding, finding
from projects.record.models import Anchor, JournalEntry

_AT_ONCE: Final = 5000


def anchor_record() -> int:
    """Seal the entries of the journal since the newest anchor; return whether there were any.

    Safe to repeat, and by two at once: the number is unique.
    """
    newest = Anchor.objects.order_by("-number").first()
    last = JournalEntry.objects.aggregate(last=Max("id"))["last"] or 0
    if last <= (newest.last_entry if newest else 0) or _is_of_anchors_alone(newest, last):
        return 0
    settle()  # whoever took an earlier number for an entry has committed it
    number, begins, previous = (
        (newest.number + 1, newest.last_entry, newest.hash) if newest else (1, 0, "")
    )
    entries, sealed = _seal(number, begins, last, previous)
    with change() as at:
        Anchor.objects.bulk_create(
            [Anchor(
                number=number, last_entry=last, entries=entries, previous_hash=previous,
                hash=sealed, recorded_at=at,
            )],
            ignore_conflicts=True,
        )  # fmt: skip
    return 1


def _is_of_anchors_alone(newest: Anchor | None, last: int) -> bool:
    """Whether nothing was written since but the anchor itself."""
    since = JournalEntry.objects.filter(id__gt=newest.last_entry if newest else 0, id__lte=last)
    return not since.exclude(of_table=Anchor._meta.db_table).exists()


def _seal(number: int, begins: int, last: int, previous: str) -> tuple[int, str]:
    """The number of entries after ``begins`` up to ``last``, and the hash of the anchor."""
    summed, many = hashlib.sha256(), 0
    for row in _entries(begins, last):
        summed.update(repr(row).encode())
        many += 1
    return many, digest([number, begins, last, previous, many, summed.hexdigest()])


def _entries(begins: int, last: int) -> Iterator[tuple[Any, ...]]:
    """Read so many at once; the journal is as long as the record."""
    rows = JournalEntry.objects.filter(id__gt=begins, id__lte=last).order_by("id")
    return rows.values_list("id", "of_table", "key", "digest").iterator(chunk_size=_AT_ONCE)


def wrong_anchors() -> Iterator[Finding]:
    """Name every anchor whose entries, or whose place after the one before, are not as sealed."""
    begins, allowed = 0, {""}
    for anchor in Anchor.objects.order_by("number"):
        entries, sealed = _seal(anchor.number, begins, anchor.last_entry, anchor.previous_hash)
        is_as_sealed = (entries, sealed) == (anchor.entries, anchor.hash)
        if not is_as_sealed or anchor.previous_hash not in allowed:
            yield finding(Anchor, anchor.number, Difference.SEAL)
        begins, allowed = anchor.last_entry, {anchor.hash, sealed}


def newest_anchor() -> Anchor | None:
    """The anchor to note down."""
    return Anchor.objects.order_by("-number").first()


def told_otherwise(number: int, sealed: str) -> Iterator[Finding]:
    """Name the anchor of that number if it is missing or has another hash than was told."""
    if not Anchor.objects.filter(number=number, hash=sealed).exists():
        yield finding(Anchor, number, Difference.TOLD)
