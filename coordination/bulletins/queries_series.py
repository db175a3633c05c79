"""Which blocks an issue of a series has."""

from coordination.bulletins.models import Series
from projects.house.block_registry import BLOCKS
from projects.house.blocks import Block


def schemas_of(series: str) -> dict[str, int]:
    """The newest schema of each block that an issue of the series has."""
    return {
        block.name: block.schema
        for block in BLOCKS.newest()
        if series == Series.WEEKLY or not block.is_weekly
    }


def left_out_of(series: str) -> list[Block]:
    """The blocks that an issue of the series never has, in the bulletin's order."""
    return [block for block in BLOCKS.newest() if series != Series.WEEKLY and block.is_weekly]
