"""Count the blocks that the rooms register, each with its schema and its hash."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from coordination.bulletins.sealing import totals_at
from projects.house.block_registry import BLOCKS
from projects.house.blocks import Block, Figures, Period
from projects.record.canonical import digest
from projects.record.refusals import NotAllowed


def count_blocks(
    period: Period, schemas: Mapping[str, int] | None = None, *, from_sealed: bool = False
) -> dict[str, Any]:
    """Count the figures of the period, by the newest schemas or by those of an issue.

    From nothing, or totals over all history ``from_sealed`` counts where there are any; both give
    the same. Raises NotAllowed if a block does not reconcile, or if one of ``schemas`` is not
    registered.
    """
    blocks = BLOCKS.newest() if schemas is None else BLOCKS.of(schemas)
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
