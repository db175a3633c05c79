"""Writes a workbook of strings, so that no typed text is taken for a formula."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from django.utils import timezone

Cell = str | datetime | Decimal | int | None
MOST_ROWS: Final = 1_000_000  # rows of one sheet; Excel's limit is 1,048,576
_LONGEST: Final = 32_767  # characters of one cell
# Characters that XML forbids, or that a terminal or a later CSV might interpret.
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Remove control characters, and replace tabs by spaces."""
    return _CONTROL.sub("", text.replace("\t", " "))[:_LONGEST]


class Sheet:
    """Writes rows one after another; only the current one is in memory."""

    def __init__(self, path: Path, *, title: str, headings: Sequence[str]) -> None:
        options = {
            "constant_memory": True, "tmpdir": str(path.parent), "strings_to_formulas": False,
            "strings_to_urls": False, "strings_to_numbers": False,
        }  # fmt: skip
        self._book: Any = xlsxwriter.Workbook(str(path), options)
        self._bold = self._book.add_format({"bold": True})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._title, self._headings, self._sheets = title, headings, 0
        self._begin()

    def _begin(self) -> None:
        self._sheets += 1
        name = self._title if self._sheets == 1 else f"{self._title} {self._sheets}"
        self._sheet = self._book.add_worksheet(name)
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(self._headings) - 1, 16)
        for column, heading in enumerate(self._headings):
            self._sheet.write_string(0, column, clean(heading), self._bold)
        self._row = 1

    def write(self, cells: Iterable[Cell]) -> None:
        """Write one row; starts another sheet when this one is full."""
        if self._row > MOST_ROWS:
            self._begin()
        for column, cell in enumerate(cells):
            self._write(column, cell)
        self._row += 1

    def _write(self, column: int, cell: Cell) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, str):
            self._sheet.write_string(self._row, column, clean(cell))
        elif isinstance(cell, datetime):
            local = timezone.localtime(cell).replace(tzinfo=None)
            self._sheet.write_datetime(self._row, column, local, self._moment)
        else:
            self._sheet.write_number(self._row, column, cell)

    def close(self) -> None:
        """Finish the file."""
        self._book.close()
