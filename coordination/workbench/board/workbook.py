"""A board as an Excel workbook: a sheet for the tiles, and one for the table of each picture.

The table of a picture also as rows of plain cells, from which its CSV is written.
"""

import io
import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from coordination.workbench.board.draw import (
    Board,
    DrawnPicture,
    tile_headings,
    tiles_sheet,
    value_of,
)
from projects.files.sheet import clean
from projects.house.blocks import Column, Format
from projects.house.sheets import Cell, Sheet

# Words are always strings, so that typed text never becomes a formula.
_PLAIN: Final = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
    "strings_to_numbers": False,
}  # fmt: skip
_WIDE, _NARROW = 30, 12
_LONGEST_NAME: Final = 31  # characters of a sheet's name
_MINUS: Final = "−"
_DIFFERENCE: Final = re.compile(rf"[+{_MINUS}]\d{{1,6}}")
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def workbook(board: Board, *, title: str, only: DrawnPicture | None = None) -> bytes:
    """The file's bytes; of one picture alone where it is given."""
    stream = io.BytesIO()
    with Workbook(stream, _PLAIN) as file:
        bold = file.add_format({"bold": True})
        said = _said(title, board.view.at)
        if only is None:
            sheet = _begin(file, _("Overview"), said, tile_headings(), bold)
            for line, row in enumerate(tiles_sheet(board), start=4):
                for place, text in enumerate(row):
                    sheet.write_string(line, place, clean(str(text)))
        for drawn in board.pictures if only is None else [only]:
            _write(file, drawn, said, bold)
    return stream.getvalue()


def _said(title: str, at: datetime) -> tuple[str, str]:
    moment = f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
    return title, _("As of %(moment)s") % {"moment": moment}


def _begin(file: Any, name: str, said: tuple[str, str], headings: list[str], bold: Any) -> Any:
    sheet = file.add_worksheet(clean(name).translate(_FORBIDDEN)[:_LONGEST_NAME])
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, _WIDE)
    sheet.set_column(1, max(len(headings) - 1, 1), _NARROW)
    sheet.write_string(0, 0, clean(said[0]), bold)
    sheet.write_string(1, 0, said[1])
    for place, heading in enumerate(headings):
        sheet.write_string(3, place, clean(heading), bold)
    return sheet


def _write(file: Any, drawn: DrawnPicture, said: tuple[str, str], bold: Any) -> None:
    table, title = drawn.sheet, str(drawn.picture.title)
    headings = [*table.row_headings, *table.headings]
    sheet = _begin(file, title, (f"{said[0]} · {title}", said[1]), headings, bold)
    line = 4
    for row in table.rows:
        cells = [
            value_of(cell, column.format)
            for cell, column in zip(row.cells, table.columns, strict=True)
        ]
        for place, value in enumerate((*row.titles, *cells)):
            if isinstance(value, str):
                sheet.write_string(line, place, clean(value), bold if row.is_total else None)
            else:
                sheet.write_number(line, place, value, bold if row.is_total else None)
        line += 1
    if table.note:
        sheet.write_string(line + 1, 0, table.note)


def table_rows(sheet: Sheet) -> Iterator[list[Any]]:
    """The table's headings, then its rows: figures as numbers, everything else as text."""
    yield [*sheet.row_headings, *sheet.headings]
    for row in sheet.rows:
        figures = zip(row.cells, sheet.columns, strict=True)
        yield [*row.titles, *(_figure(cell, column) for cell, column in figures)]


def _figure(cell: Cell, column: Column) -> Any:
    if cell.value is not None and column.format in {Format.MONEY, Format.QUANTITY}:
        return Decimal(cell.value)
    value = value_of(cell, column.format)
    if isinstance(value, str) and _DIFFERENCE.fullmatch(value):
        return int(value.replace(_MINUS, "-"))
    return value
