"""The sentences and grids of a bulletin, from the blocks' tables; every format renders these."""

from dataclasses import dataclass
from typing import Any

from projects.house.block_registry import BLOCKS
from projects.house.blocks import Audience, Figures, Period, Table
from projects.house.sheets import Sheet, sheet_of


@dataclass(frozen=True)
class Sheets:
    """A whole bulletin: the sentences at its top, then its tables in order."""

    summary: tuple[str, ...]
    sheets: tuple[Sheet, ...]


def sheets_of(blocks: dict[str, Any], period: Period, audience: Audience) -> Sheets:
    """The tables of an issue that the audience may see, by the issue's own schemas."""
    schemas = {name: block["schema"] for name, block in blocks.items()}
    drawn: list[Sheet] = []
    summary: list[str] = []
    for block in BLOCKS.of(schemas):
        figures = blocks[block.name]["figures"]
        for table in block.tables_for(audience):
            sentences = _sentences(table, figures)
            if table.in_words and table.title:
                drawn.append(sheet_of(block.name, table, figures, period, sentences))
                continue
            summary += sentences
            if not table.in_words and any(table.lines(figures)):
                drawn.append(sheet_of(block.name, table, figures, period))
    return Sheets(tuple(summary), tuple(drawn))


def _sentences(table: Table, figures: Figures) -> tuple[str, ...]:
    """The sentences of the first total row, or of the first row if none is a total."""
    lines = sorted(table.lines(figures), key=lambda line: not line.is_total)[:1]
    stated = (line.figures for line in lines if line.figures is not None)
    said = (sentence.say(row) for row in stated for sentence in table.sentences)
    return tuple(each for each in said if each)
