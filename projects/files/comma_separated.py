"""Writes a table as CSV that Excel and WPS open as it was meant: in UTF-8, and without formulas."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from projects.files.sheet import clean

# Programs for tables read a cell that begins with one of these as a formula. Half width and full
# width; a tab or a line break at the beginning is passed over by some of them.
_FORMULA: Final = tuple("=+-@＝＋－＠")
_AS_TEXT: Final = "'"

Cell = str | int | float | Decimal


def comma_separated(rows: Iterable[Iterable[Cell]]) -> bytes:
    """The file's bytes, with the mark by which Excel knows UTF-8.

    A text that might be taken for a formula gets an apostrophe in front; numbers stay numbers.
    """
    stream = io.StringIO()
    csv.writer(stream).writerows([_shown(each) for each in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _shown(cell: Cell) -> str:
    if isinstance(cell, str):
        text = clean(cell).strip()
        return _AS_TEXT + text if text.startswith(_FORMULA) else text
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
