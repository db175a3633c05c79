"""Reads an .xls file, the format of Excel 97 and of older WPS.

It does not say which values come from formulas.
"""

from dataclasses import replace
from io import BytesIO
from typing import Any, Final

import xlrd
from olefile import OleFileIO

from projects.files.sandbox.child import CannotReadError
from projects.files.workbooks.serials import is_of_months, moment_of
from projects.files.workbooks.strikes import strike_of
from projects.files.workbooks.wire import Found, Limits, held, moment, numeric, without_controls

_UNSEEN: Final = 20  # twentieths of a point: a row that is lower is not seen
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
    found = Found(name=without_controls(sheet.name), is_hidden=sheet.visibility != 0)
    cells = 0
    for row in range(sheet.nrows):
        kept = [
            [column + 1, *cell, *_strike(sheet, row, column, book)]
            for column in range(sheet.row_len(row))
            if (cell := _cell(sheet, row, column, book)) is not None
        ]
        cells += len(kept)
        if kept and (len(found.rows) >= limits.rows or cells > limits.cells):
            found.is_cut = True
            break
        if kept:
            found.rows.append([row + 1, kept])
            if _is_hidden(sheet, row):
                found.hidden_rows.append(row + 1)
    found.merged = [[top + 1, left + 1, bottom, right]
                    for top, bottom, left, right in sheet.merged_cells]  # fmt: skip
    found.hidden_columns = [
        [column + 1, column + 1] for column, info in sheet.colinfo_map.items() if info.hidden
    ]
    found.comments = [[row + 1, column + 1] for row, column in sheet.cell_note_map]
    return found


def _is_hidden(sheet: Any, row: int) -> bool:
    info = sheet.rowinfo_map.get(row)
    if info is None:
        return bool(sheet.default_row_hidden)
    return bool(info.hidden) or (not info.has_default_height and info.height < _UNSEEN)


def _strike(sheet: Any, row: int, column: int, book: Any) -> list[str]:
    """Whether the cell is struck through, by its font and by those of the runs of its text."""
    fonts, style = book.font_list, book.xf_list[sheet.cell_xf_index(row, column)]
    by_style = bool(fonts[style.font_index].struck_out)
    text, runs = sheet.cell_value(row, column), list[bool | None]()
    parts = sheet.rich_text_runlist_map.get((row, column), [])
    ends = [start for start, _font in parts] + [len(str(text))]
    for (start, font), end in zip([(0, None), *parts], ends, strict=True):
        if str(text)[start:end].strip():
            runs.append(None if font is None else bool(fonts[font].struck_out))
    strike = strike_of(runs or [None], by_style=by_style)
    return [strike] if strike else []


def _cell(sheet: Any, row: int, column: int, book: Any) -> list[Any] | None:
    cell = sheet.cell(row, column)
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
            return [*moment(at, is_month=_is_month(sheet, row, column, book)), False]
    return numeric(cell.value, is_formula=False)


def _is_month(sheet: Any, row: int, column: int, book: Any) -> bool:
    """Whether the cell's format shows a month and no day."""
    number = book.xf_list[sheet.cell_xf_index(row, column)].format_key
    known = book.format_map.get(number)
    return is_of_months(number, (known and known.format_str) or "")
