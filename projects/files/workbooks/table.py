"""Reads a sheet as a table: headings, rows, and a notice of everything that is in neither."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from projects.files.workbooks.book import Area, Cell, Sheet, cell_name, runs
from projects.files.workbooks.headings import Headings, find_headings
from projects.files.workbooks.notices import (
    Notice,
    Places,
    columns_named,
    joined,
    rows_named,
)
from projects.files.workbooks.strikes import WHOLE
from projects.record.text import compact

# In the form of ``compact``. A total may be followed by what was added up: 合计:3辆.
_TOTAL: Final = re.compile(
    r"(?:(?:本页|以上)?(?:总计|共计|累计|TOTAL|SUBTOTAL)|[^0-9,。;]{0,12}(?:合计|小计))(?:[:(0-9].*)?"
    r"|(?:以上)?共[0-9]+.*"
)
_NOTE: Final = re.compile(
    r"(?:填表|填报|制表|审核|审批|负责|报送|联系|签字|盖章|单位|日期|经办|电话|备注|附注|说明|注)"
    r"[^:]{0,8}:.*"
)
_MEANT: Final = frozenset({"hidden-rows", "struck"})  # rows left out that were once rows
_WHERE_TOTALS_STAND: Final = 2  # of the row's first cells; a serial number may come before


@dataclass
class Row:
    """One row: its cells in the columns that are known, with what is merged over it.

    ``merged`` says which area a column's cell belongs to, even if nothing stands in it.
    """

    number: int
    cells: dict[int, Cell]
    merged: dict[int, Area] = field(default_factory=dict)


@dataclass
class Table[K]:
    """The rows below the headings, and what is not among them.

    ``between`` are those below the headings that were never meant as rows: totals, notes;
    ``totals`` are the totals among them.
    """

    sheet: Sheet
    headings: Headings[K]
    rows: list[Row] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    between: set[int] = field(default_factory=set)
    totals: list[int] = field(default_factory=list)


def _any(_key: object, _cell: Cell) -> bool:
    return True


def read_table[K](
    sheet: Sheet,
    match: Callable[[str], K | None],
    may_stand_alone: Callable[[K, Cell], bool] = _any,
    *,
    headings: Headings[K] | None = None,
    apart: Collection[int] = (),
) -> Table[K]:
    """The table of a sheet; ``match`` as in ``find_headings``, which is asked if none are given.

    The rows ``apart`` are none of the table's, and the caller says why. A row with a single cell is
    a note, unless this cell ``may_stand_alone`` in its column: then it is a row in which the others
    are missing.
    """
    table = Table(sheet, headings or find_headings(sheet, match))
    places = Places()
    if above := [row for row in sheet.rows if row < table.headings.top]:
        places.add("above", *rows_named(above))
    body = [row for row in sheet.rows if row > table.headings.bottom]
    left_out = _leave_out(table, [row for row in body if row not in apart], match, may_stand_alone)
    for code, rows in left_out.items():
        named = [_filled(sheet, row) for row in rows] if code == "struck" else rows_named(rows)
        places.add(code, *named)
    table.between = {row for code, rows in left_out.items() if code not in _MEANT for row in rows}
    table.between |= set(apart)
    table.totals = left_out.get("total", [])
    gone = {row for rows in left_out.values() for row in rows} | set(apart)
    kept = sorted(row for row in body if row not in gone)
    for number in kept:
        cells = {column: cell for column, cell in sheet.rows[number].items()
                 if column in table.headings.columns}  # fmt: skip
        if cells:
            table.rows.append(Row(number, cells))
    _spread(table, places)
    _note_cells(table, places)
    table.notices = [*_columns_left_out(table, kept), *places.notices(sheet.name)]
    return table


def _leave_out[K](
    table: Table[K],
    body: list[int],
    match: Callable[[str], K | None],
    may_stand_alone: Callable[[K, Cell], bool],
) -> dict[str, list[int]]:
    """The rows that are no rows of the table, by the code of their notice."""
    left_out: dict[str, list[int]] = {}
    across = {area.top for area in table.sheet.merged if _covers(table, area) > 1}
    shared = {row for area in table.sheet.merged if _covers(table, area)
              for row in range(area.top, min(area.bottom, max(body, default=0)) + 1)}  # fmt: skip
    for number in body:
        code = _why_left_out(table, number, match, is_across=number in across)
        if not code and number not in shared and _is_alone(table, number, may_stand_alone):
            code = "alone"
        if code:
            left_out.setdefault(code, []).append(number)
    return left_out


def _is_alone[K](table: Table[K], number: int, may_stand_alone: Callable[[K, Cell], bool]) -> bool:
    """Whether it has a single cell, in a known column, and cannot be a row by it."""
    cells, columns = table.sheet.rows[number], table.headings.columns
    return len(cells) == 1 and all(
        column in columns and cell.value is not None
        and not may_stand_alone(columns[column], cell)
        for column, cell in cells.items()
    )  # fmt: skip


def _filled(sheet: Sheet, row: int) -> str:
    """The row's cells from the first to the last that holds something: ``A5:H5``."""
    columns = sheet.rows[row].keys()
    return str(Area(row, min(columns), row, max(columns)))


def _covers[K](table: Table[K], area: Area) -> int:
    """How many columns of the table the area covers."""
    return sum(area.left <= column <= area.right for column in table.headings.columns)


def _why_left_out[K](
    table: Table[K], number: int, match: Callable[[str], K | None], *, is_across: bool
) -> str:
    cells = table.sheet.rows[number]
    texts = [compact(cells[column].text) for column in sorted(cells)[:_WHERE_TOTALS_STAND]]
    if number in table.sheet.hidden_rows:
        return "hidden-rows"
    if _is_struck(table, number):
        return "struck"
    if any(map(_TOTAL.fullmatch, texts)):
        return "total"
    if _NOTE.fullmatch(texts[0]) or (is_across and len(cells) == 1):
        return "note"
    if _repeats_headings(table, cells, match):
        return "headings-again"
    return "formulas-alone" if all(map(_shows_nothing, cells.values())) else ""


def _repeats_headings[K](
    table: Table[K], cells: dict[int, Cell], match: Callable[[str], K | None]
) -> bool:
    """Whether it holds what one of the rows of the headings does, or the known headings."""
    headings = table.headings
    known = {column: key for column, key in headings.columns.items() if column in cells}
    if len(known) > 1 and all(match(cells[each].text) == known[each] for each in known):
        return True
    texts = {column: cell.text for column, cell in cells.items()}
    return len(texts) > 1 and any(
        texts == {column: cell.text for column, cell in table.sheet.rows.get(row, {}).items()}
        for row in range(headings.top, headings.bottom + 1)
    )


def _is_struck[K](table: Table[K], number: int) -> bool:
    """Whether all that it shows in known columns is struck through, but for what others share."""
    shared = {area.left for area in table.sheet.merged if area.top == number < area.bottom}
    cells = [
        cell for column, cell in table.sheet.rows[number].items()
        if column in table.headings.columns and column not in shared and not _shows_nothing(cell)
    ]  # fmt: skip
    return bool(cells) and all(cell.strike == WHOLE for cell in cells)


def _shows_nothing(cell: Cell) -> bool:
    """Whether it is a formula that was filled down further than there is anything to reckon."""
    return cell.is_formula and not cell.error and cell.value is not None and not cell.value


def _spread[K](table: Table[K], places: Places) -> None:
    """Give each row the cells that are merged over it."""
    numbers = [row.number for row in table.rows]
    for area in table.sheet.merged:
        within = slice(bisect_left(numbers, area.top), bisect_right(numbers, area.bottom))
        rows = table.rows[within]
        if not rows or not _covers(table, area) or area.top <= table.headings.bottom:
            continue
        if _covers(table, area) > 1:
            places.add("merged-across", str(area))
        cell = table.sheet.rows.get(area.top, {}).get(area.left)
        if area.left not in table.headings.columns or (
            len(rows) == 1 and rows[0].number == area.top
        ):
            continue
        for row in rows:
            row.merged[area.left] = area
            if cell is not None:
                row.cells[area.left] = cell
        places.add("merged", str(area))


def _note_cells[K](table: Table[K], places: Places) -> None:
    """Note formulas, comments, hidden columns and pictures."""
    sheet, headings = table.sheet, table.headings
    formulas = [
        cell_name(row.number, column)
        for row in table.rows
        for column, cell in sorted(sheet.rows[row.number].items())
        if column in headings.columns and cell.is_formula and cell.value is not None
    ]
    if formulas:
        places.add("formulas", *formulas)
    said = [each for each in sheet.comments if not headings.top <= each[0] <= headings.bottom]
    if said:
        places.add("comments", *(cell_name(*each) for each in said))
    if sheet.covered:
        places.add("covered", *(cell_name(*each) for each in sheet.covered))
    used = {column for row in table.rows for column in row.cells}
    if hidden := [column for column in sorted(used) if sheet.hides(column)]:
        places.add("hidden-columns", *columns_named(hidden))
    if sheet.has_drawings:
        places.add("drawings")


def _columns_left_out[K](table: Table[K], rows: list[int]) -> Iterator[Notice]:
    """A notice of each column that holds something and is not known."""
    held: dict[int, list[int]] = {}
    for number in rows:
        for column in table.sheet.rows[number].keys() - table.headings.columns.keys():
            held.setdefault(column, []).append(number)
    for column, numbers in sorted(held.items()):
        if column in table.headings.doubled:
            continue
        name = table.headings.names.get(column)
        areas = [Area(first, column, last, column) for first, last in runs(numbers)]
        place, sheet = joined(map(str, areas)), table.sheet.name
        if name is None:
            yield Notice.of("no-heading", place, sheet=sheet)
        else:
            yield Notice.of("unknown-heading", place, sheet=sheet, name=name)
