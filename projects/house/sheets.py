"""A table with its figures, ready to be rendered: cells as text, with their addresses.

Bulletins, boards and their workbooks all render these.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from projects.house.blocks import Column, Figures, Format, Line, Path, Table, Text

NOTHING: Final = "—"


@dataclass(frozen=True)
class Cell:
    """One figure: its value, its text, and the address of the rows that it counts.

    ``light`` is the light that a count is of; empty where it is none, or the count is zero.
    """

    value: Any
    text: str
    link: str | None = None
    light: str = ""


@dataclass(frozen=True)
class SheetRow:
    """One row of a grid; ``link`` is the address of what it is about.

    A fixed row, such as a total, is in every bulletin.
    """

    titles: tuple[str, ...]
    cells: tuple[Cell, ...]
    is_total: bool
    key: Path = ()
    link: str = ""
    is_fixed: bool = False


@dataclass(frozen=True)
class Sheet:
    """One table to render; without rows if its sentences contain all figures.

    ``row_headings`` are above the rows' titles, ``headings`` above the figures. ``columns`` are
    those of the figures, in their order. ``rank_rule`` says how its ranks are given.
    """

    name: str
    title: str
    row_headings: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    sentences: tuple[str, ...]
    note: str
    bars: tuple[tuple[str, str | None], ...]
    columns: tuple[Column, ...] = ()
    rank_rule: str = ""

    def named(self, row: SheetRow) -> dict[str, Cell]:
        """The row's cells by the names of their columns."""
        names = (column.name for column in self.columns)
        return dict(zip(names, row.cells, strict=True))

    @property
    def texts(self) -> tuple[bool, ...]:
        """Of each column, whether it holds words, which are not aligned as numbers are."""
        return tuple(column.format == Format.TEXT for column in self.columns)


def sheet_of(
    name: str, table: Table, figures: Figures, about: Any, sentences: tuple[str, ...] = ()
) -> Sheet:
    """The table with its figures; ``about`` is what its links are made for.

    For a bulletin that is its period, for a board its view. None leaves the links out.
    """
    lines = () if table.in_words else tuple(table.lines(figures))
    return Sheet(
        name=name,
        title=with_unit(table.title, table.unit),
        row_headings=tuple(str(heading) for heading in table.headings),
        headings=tuple(_headings(table)),
        rows=tuple(_row(table, line, about) for line in lines),
        sentences=sentences,
        note=str(table.note),
        bars=tuple(_bars(table, figures)),
        columns=table.columns,
        rank_rule=table.rank_rule(figures) if table.rank_rule else "",
    )


def with_unit(title: Text, unit: str) -> str:
    """The title with its unit in brackets, where it has one."""
    return _("%(title)s (%(unit)s)") % {"title": title, "unit": unit} if unit else str(title)


def _headings(table: Table) -> Iterator[str]:
    """Each column's title with its unit, and its sign in the table's first equation."""
    for column in table.columns:
        title = with_unit(column.title, column.unit)
        sign = table.equations[0].sign_of(column.name) if table.equations else ""
        yield f"{sign} {title}" if sign else title


def _row(table: Table, line: Line, about: Any) -> SheetRow:
    cells = tuple(_cell(column, line, about) for column in table.columns)
    titles = tuple(str(title) for title in line.titles)
    link = table.row_link(about, line.key) if table.row_link and about is not None else ""
    return SheetRow(titles, cells, line.is_total, line.key, link, line.is_fixed)


def _cell(column: Column, line: Line, about: Any) -> Cell:
    if line.figures is not None and column.name not in line.figures:
        return Cell(None, "")  # the row does not have this figure
    value = line.figures and line.figures[column.name]
    if value is None:
        return Cell(None, NOTHING)
    opens = column.link and about is not None and value != 0  # a count of none has no rows
    link = column.link(about, line.key) if column.link and opens else None
    return Cell(value, column.write(value), link or None, column.light if value else "")


def _bars(table: Table, figures: Figures) -> Iterator[tuple[str, str | None]]:
    for line in table.lines(figures) if table.chart else ():
        if line.figures is not None and not line.is_fixed:
            yield str(line.titles[0]), line.figures[table.chart]
