"""Count the blocks that the rooms register, each with its schema and its hash."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from projects.house.blocks import BLOCKS, Block, Period
from projects.record.canonical import digest
from projects.record.refusals import NotAllowed


def count_blocks(period: Period, schemas: Mapping[str, int] | None = None) -> dict[str, Any]:
    """Count the figures of the period, by the newest schemas or by those of an issue.

    Raises NotAllowed if a block does not reconcile, or if one of ``schemas`` is not registered.
    """
    blocks = BLOCKS.newest() if schemas is None else BLOCKS.of(schemas)
    for name in sorted((schemas or {}).keys() - {block.name for block in blocks}):
        raise NotAllowed(_("The rules of block %(block)s are not known here.") % {"block": name})
    return {block.name: _counted(block, period) for block in blocks}


def _counted(block: Block, period: Period) -> dict[str, Any]:
    figures = block.count(period)
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
