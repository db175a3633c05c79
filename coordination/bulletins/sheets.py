"""The sentences and grids of a bulletin, from the blocks' tables; every format renders these."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from projects.house.block_registry import BLOCKS
from projects.house.blocks import (
    Audience,
    Block,
    Column,
    Figures,
    Line,
    Period,
    Table,
    Text,
)

_NOTHING: Final = "—"


@dataclass(frozen=True)
class Cell:
    """One figure: its frozen value, its text, and the address of the rows that it counts."""

    value: Any
    text: str
    link: str | None = None


@dataclass(frozen=True)
class SheetRow:
    """One row of a grid."""

    titles: tuple[str, ...]
    cells: tuple[Cell, ...]
    is_total: bool


@dataclass(frozen=True)
class Sheet:
    """One table to render; without rows if its sentences contain all figures.

    ``row_headings`` are above the rows' titles, ``headings`` above the figures.
    """

    name: str
    title: str
    row_headings: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    sentences: tuple[str, ...]
    note: str
    bars: tuple[tuple[str, str | None], ...]


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
                drawn.append(_sheet(block, table, figures, period, sentences))
                continue
            summary += sentences
            if not table.in_words and any(table.lines(figures)):
                drawn.append(_sheet(block, table, figures, period, ()))
    return Sheets(tuple(summary), tuple(drawn))


def _sentences(table: Table, figures: Figures) -> tuple[str, ...]:
    """The sentences of the first total row, or of the first row if none is a total."""
    lines = sorted(table.lines(figures), key=lambda line: not line.is_total)[:1]
    stated = (line.figures for line in lines if line.figures is not None)
    return tuple(sentence.say(row) for row in stated for sentence in table.sentences)


def _sheet(
    block: Block, table: Table, figures: Figures, period: Period, sentences: tuple[str, ...]
) -> Sheet:
    lines = () if table.in_words else tuple(table.lines(figures))
    return Sheet(
        name=block.name,
        title=_with_unit(table.title, table.unit),
        row_headings=tuple(str(heading) for heading in table.headings),
        headings=tuple(_headings(table)),
        rows=tuple(_row(table, line, period) for line in lines),
        sentences=sentences,
        note=str(table.note),
        bars=tuple(_bars(table, figures)),
    )


def _with_unit(title: Text, unit: str) -> str:
    return _("%(title)s (%(unit)s)") % {"title": title, "unit": unit} if unit else str(title)


def _headings(table: Table) -> Iterator[str]:
    """Each column's title with its unit, and its sign in the table's first equation."""
    for column in table.columns:
        title = _with_unit(column.title, column.unit)
        sign = table.equations[0].sign_of(column.name) if table.equations else ""
        yield f"{sign} {title}" if sign else title


def _row(table: Table, line: Line, period: Period) -> SheetRow:
    cells = tuple(_cell(column, line, period) for column in table.columns)
    return SheetRow(tuple(str(title) for title in line.titles), cells, line.is_total)


def _cell(column: Column, line: Line, period: Period) -> Cell:
    if line.figures is not None and column.name not in line.figures:
        return Cell(None, "")  # the row does not have this figure
    value = line.figures and line.figures[column.name]
    if value is None:
        return Cell(None, _NOTHING)
    return Cell(value, column.write(value), column.link(period, line.key) if column.link else None)


def _bars(table: Table, figures: Figures) -> Iterator[tuple[str, str | None]]:
    for line in table.lines(figures) if table.chart else ():
        if line.figures is not None and not line.is_fixed:
            yield str(line.titles[0]), line.figures[table.chart]
