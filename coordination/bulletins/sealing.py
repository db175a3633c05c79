"""Sealed counts: a block's totals at the end of each day, from which later counts begin.

Once a day is over and every change of it has been committed, nothing recorded by its end can
change. A block that declares no totals has no sealed counts.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Max
from django.utils import timezone

from coordination.bulletins.models import SealedCount
from projects.house.block_registry import BLOCKS
from projects.house.blocks import Block, Carried, Period
from projects.house.totals import Totals
from projects.record.clock import change, now, settle
from projects.record.findings import Difference, Finding, finding

_DAY: Final = timedelta(days=1)


def totals_at(block: Block, carried: Carried, at: datetime) -> Totals:
    """The block's totals, counted from its newest sealed count up to then, if there is one."""
    newest = _sealed(block).filter(moment__lte=at).order_by("-moment").first()
    if newest is None:
        return carried.at(at)
    return carried.forward(_read(newest), Period(newest.moment, at))


def seal_missing() -> int:
    """Seal every day that is over and not sealed yet; the number of sealed counts made.

    The first one of a block counts from nothing. Idempotent: block, schema and moment are unique.
    """
    ended_at = _midnight(now())
    due = [
        (block, block.carried, moment)
        for block in BLOCKS.newest() if block.carried is not None
        for moment in _missing(block, ended_at)
    ]  # fmt: skip
    if due:
        settle()  # every change with an earlier time has committed; so after the clock was read
    return sum(_seal(*each) for each in due)


def wrong_sealed_counts() -> Iterator[Finding]:
    """Name every sealed count that is not what was recorded by then.

    Of each block the first one is counted from nothing, and each later one from the totals that
    were found right for the one before.
    """
    for block in BLOCKS.newest():
        if block.carried is None:
            continue
        totals: Totals = {}
        before: datetime | None = None
        for sealed in _sealed(block).order_by("moment"):
            if before is None:
                totals = block.carried.at(sealed.moment)
            else:
                totals = block.carried.forward(totals, Period(before, sealed.moment))
            before = sealed.moment
            if sealed.totals != _written(totals):
                yield finding(SealedCount, sealed.journal_name, Difference.TOTALS)


def _sealed(block: Block) -> Any:
    return SealedCount.objects.filter(block=block.name, schema=block.schema)


def _midnight(at: datetime) -> datetime:
    """When the day of that moment began, in local time."""
    return timezone.make_aware(datetime.combine(timezone.localdate(at), time.min))


def _missing(block: Block, ended_at: datetime) -> Iterator[datetime]:
    """The ends of the days since the newest sealed count; of a block without one, the last."""
    newest = _sealed(block).aggregate(moment=Max("moment"))["moment"]
    moment = ended_at if newest is None else _midnight(newest) + _DAY
    while moment <= ended_at:
        yield moment
        moment += _DAY


def _seal(block: Block, carried: Carried, moment: datetime) -> int:
    totals = _written(totals_at(block, carried, moment))
    with change() as at:
        made = SealedCount.objects.get_or_create(
            block=block.name, schema=block.schema, moment=moment,
            defaults={"totals": totals, "recorded_at": at},
        )  # fmt: skip
    return int(made[1])


def _written(totals: Totals) -> dict[str, str]:
    """As text, so that no place is lost; without zeros, so that equal totals are written alike."""
    return {name: format(value.normalize(), "f") for name, value in sorted(totals.items()) if value}


def _read(sealed: SealedCount) -> Totals:
    return {name: Decimal(value) for name, value in sealed.totals.items()}
