"""Count the blocks that the rooms register, each with its schema and its hash."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from coordination.bulletins.models import Series
from coordination.bulletins.sealing import totals_at
from projects.house.block_registry import BLOCKS, BlockRegistry
from projects.house.blocks import Block, Figures, Period
from projects.record.canonical import digest
from projects.record.refusals import NotAllowed


@contextmanager
def snapshot() -> Iterator[None]:
    """A read-only REPEATABLE READ transaction, so that all figures count the same rows."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def count_at_once(
    period: Period, schemas: Mapping[str, int] | None = None, *, from_sealed: bool = False
) -> dict[str, Any]:
    """Count in one snapshot; within a caller's own transaction, in that."""
    if connection.in_atomic_block:
        return count_blocks(period, schemas, from_sealed=from_sealed)
    with snapshot():
        return count_blocks(period, schemas, from_sealed=from_sealed)


def hash_of(
    series: str, cut_off: datetime, blocks: Mapping[str, Any], *, start: datetime | None = None
) -> str:
    """The hash over the cut-off, the start where it has one, and every block's hash."""
    hashes = {name: block["hash"] for name, block in blocks.items()}
    whole = {"series": str(series), "cut_off": cut_off, "blocks": hashes}
    return digest(whole if start is None else whole | {"start": start})


def bulletin_hash(
    cut_off: datetime,
    blocks: Mapping[str, Any],
    *,
    series: str = Series.WEEKLY,
    start: datetime | None = None,
) -> str:
    """The hash of a weekly bulletin, or of an extra issue's."""
    return hash_of(series, cut_off, blocks, start=start)


def count_blocks(
    period: Period,
    schemas: Mapping[str, int] | None = None,
    *,
    from_sealed: bool = False,
    registry: BlockRegistry = BLOCKS,
) -> dict[str, Any]:
    """Count the figures of the period, by the newest schemas or by those of an issue.

    From nothing, or totals over all history ``from_sealed`` counts where there are any; both give
    the same. Raises NotAllowed if a block does not reconcile, or if one of ``schemas`` is not
    registered.
    """
    blocks = registry.newest() if schemas is None else registry.of(schemas)
    for name in sorted((schemas or {}).keys() - {block.name for block in blocks}):
        raise NotAllowed(_("The rules of block %(block)s are not known here.") % {"block": name})
    return {block.name: _counted(block, period, from_sealed=from_sealed) for block in blocks}


def _figures(block: Block, period: Period, *, from_sealed: bool) -> Figures:
    carried = block.carried
    if carried is None or not from_sealed:
        return block.count(period)
    return carried.figures(period, totals_at(block, carried, period.end))


def _counted(block: Block, period: Period, *, from_sealed: bool) -> dict[str, Any]:
    figures = _figures(block, period, from_sealed=from_sealed)
    for wrong in block.imbalances(figures):
        raise NotAllowed(
            _(
                "Block %(block)s does not reconcile: %(equation)s gives %(left)s = %(right)s"
                " (row: %(row)s)."
            )
            % {
                "block": block.name, "equation": wrong.equation, "left": wrong.left,
                "right": wrong.right, "row": " / ".join(wrong.key) or "—",
            }
        )  # fmt: skip
    return {"schema": block.schema, "figures": figures, "hash": digest(figures)}
