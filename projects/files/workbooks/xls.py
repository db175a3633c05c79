"""Reads an .xls file, the format of Excel 97 and of older WPS.

It does not say which values come from formulas.
"""

from dataclasses import replace
from io import BytesIO
from typing import Any, Final

import xlrd
from olefile import OleFileIO

from projects.files.sandbox.child import CannotReadError
from projects.files.workbooks.serials import moment_of
from projects.files.workbooks.wire import Found, Limits, held, moment, number

_EMPTY: Final = frozenset({xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK})


def read_xls(content: bytes, limits: Limits) -> list[Found]:
    """Every sheet, in the order of the workbook. Raises CannotReadError."""
    with OleFileIO(BytesIO(content)) as parts:
        if parts.exists("EncryptedPackage"):
            raise CannotReadError("encrypted")
        if not (parts.exists("Workbook") or parts.exists("Book")):
            raise CannotReadError("workbook")
    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, on_demand=True)
    except xlrd.XLRDError as error:
        raise CannotReadError("encrypted" if "encrypted" in str(error) else "damaged") from error
    found = []
    for index in range(book.nsheets):
        found.append(_sheet(book.sheet_by_index(index), book, limits))
        read = sum(len(cells) for _row, cells in found[-1].rows)
        limits = replace(limits, cells=max(0, limits.cells - read))
    return found


def _sheet(sheet: Any, book: Any, limits: Limits) -> Found:
    found = Found(name=sheet.name, is_hidden=sheet.visibility != 0)
    cells = 0
    for row in range(sheet.nrows):
        kept = [
            [column + 1, *cell]
            for column in range(sheet.row_len(row))
            if (cell := _cell(sheet.cell(row, column), book)) is not None
        ]
        cells += len(kept)
        if kept and (len(found.rows) >= limits.rows or cells > limits.cells):
            found.is_cut = True
            break
        if kept:
            found.rows.append([row + 1, kept])
            if row in sheet.rowinfo_map and sheet.rowinfo_map[row].hidden:
                found.hidden_rows.append(row + 1)
    found.merged = [[top + 1, left + 1, bottom, right]
                    for top, bottom, left, right in sheet.merged_cells]  # fmt: skip
    found.hidden_columns = [
        [column + 1, column + 1] for column, info in sheet.colinfo_map.items() if info.hidden
    ]
    found.comments = [[row + 1, column + 1] for row, column in sheet.cell_note_map]
    return found


def _cell(cell: Any, book: Any) -> list[Any] | None:
    if cell.ctype in _EMPTY:
        return None
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return held(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return ["b", bool(cell.value), False]
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return ["e", xlrd.error_text_from_code.get(cell.value, "#N/A"), False]
    if cell.ctype == xlrd.XL_CELL_DATE:
        at = moment_of(cell.value, since_1904=book.datemode == 1)
        if at is not None:
            return [*moment(at), False]
    return ["n", number(cell.value), False]
