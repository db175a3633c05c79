"""Ditto marks: 〃 and 同上 stand for the cell above, 同左 for the one to the left."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Final

from projects.files.workbooks.book import Cell, cell_name
from projects.files.workbooks.table import Table
from projects.record.text import compact

# In the form of ``compact``, in which a double prime is two primes.
_ABOVE: Final = re.compile(r"-?(?:[〃〞“”\"々↓]|[\"'′]{2,4}|同上|同前|上同|DITTO|DO\.)-?[.。]?")
_LEFT: Final = re.compile(r"同左[.。]?|[←]")
_LONGEST: Final = 16  # characters, with spaces around a mark


@dataclass
class Dittos:
    """Where marks were ``read``, and by row and column where they mean nothing."""

    read: list[str] = field(default_factory=list)
    dangling: set[tuple[int, int]] = field(default_factory=set)


def read_dittos[K](
    table: Table[K], *, alike: Callable[[K, K], bool], apart: Collection[int]
) -> Dittos:
    """Put in place of each mark the cell that it stands for.

    The row above is the one above in the sheet, hidden or not, but for totals, notes and headings;
    nothing is repeated of the rows ``apart``. A mark that points to the left is read where the two
    columns are ``alike``.
    """
    dittos, own = Dittos(), {row.number: row.cells for row in table.rows}
    above: dict[int, Cell] = {}
    for number in sorted(table.sheet.rows):
        if number <= table.headings.bottom or number in table.between:
            continue
        cells = own.get(number) or dict(table.sheet.rows[number])
        for column in sorted(cells.keys() & table.headings.columns.keys()):
            meant = _meant(table, cells, above, column, alike)
            if meant is not None:
                cells[column] = replace(meant, strike=cells[column].strike)
                if number in own:
                    dittos.read.append(cell_name(number, column))
            elif is_ditto(cells[column]) and number in own:
                dittos.dangling.add((number, column))
        above = {} if number in apart else cells
    return dittos


def is_ditto(cell: Cell) -> bool:
    """Whether the cell holds a mark and nothing else."""
    if not isinstance(cell.value, str) or len(cell.value) > _LONGEST:
        return False
    text = compact(cell.text)
    return bool(_ABOVE.fullmatch(text) or _LEFT.fullmatch(text))


def _meant[K](
    table: Table[K],
    cells: dict[int, Cell],
    above: dict[int, Cell],
    column: int,
    alike: Callable[[K, K], bool],
) -> Cell | None:
    """The cell that the mark in this column stands for; None if it is no mark, or there is none."""
    if not is_ditto(cells[column]):
        return None
    meant = above.get(column)
    if _LEFT.fullmatch(compact(cells[column].text)):
        keys = table.headings.columns
        is_alike = column - 1 in keys and alike(keys[column - 1], keys[column])
        meant = cells.get(column - 1) if is_alike else None
    return None if meant is None or is_ditto(meant) else meant
