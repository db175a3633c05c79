"""All blocks of the bulletin and of the daily brief, which the rooms register."""

from collections.abc import Mapping
from typing import Final

from projects.house.blocks import Block


class BlockRegistry:
    """The blocks of one paper, each in every schema with which it may have been built."""

    def __init__(self) -> None:
        self._blocks: dict[tuple[str, int], Block] = {}

    def register(self, block: Block) -> Block:
        """Add a block. Raises ValueError where its name and schema, or its place, are taken."""
        for other in self._blocks.values():
            if (other.name == block.name) != (other.place == block.place):
                raise ValueError(f"{block.name} and {other.name} share a name or a place")
        if (block.name, block.schema) in self._blocks:
            raise ValueError(f"{block.name} is registered already")
        self._blocks[block.name, block.schema] = block
        return block

    def unregister(self, block: Block) -> None:
        """Remove a block. Raises KeyError where it is not registered."""
        del self._blocks[block.name, block.schema]

    def newest(self) -> list[Block]:
        """Each block in its latest schema, in the bulletin's order."""
        return self.of(dict(sorted(self._blocks)))

    def older_than(self, block: Block) -> list[Block]:
        """The schemas that its issues of before may have been built with."""
        return [
            each
            for (name, schema), each in self._blocks.items()
            if name == block.name and schema < block.schema
        ]

    def of(self, schemas: Mapping[str, int]) -> list[Block]:
        """The known blocks of these names and schemas, in the bulletin's order."""
        blocks = [self._blocks[key] for key in schemas.items() if key in self._blocks]
        return sorted(blocks, key=lambda block: block.place)


BLOCKS: Final = BlockRegistry()
BRIEFS: Final = BlockRegistry()
