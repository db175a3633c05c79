"""Reads a filled workbook into filings. No formula is evaluated.

The sizes are limited before anything is unpacked.
"""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import BytesIO
from itertools import islice
from typing import Any, Final
from zipfile import BadZipFile, ZipFile, is_zipfile

from django.db import models
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from coordination.intake.upload.columns import (
    NUMBER,
    PROJECT,
    REQUIRED,
    Column,
    columns_by_label,
    columns_of,
    example_marks,
    values_by_text,
)
from coordination.tickets.filing.submit import MOST_LINES_AT_ONCE
from coordination.tickets.kinds.registry import KINDS
from projects.record.days import UntilField
from projects.record.folding import fold
from projects.record.refusals import FieldError, Invalid, Text
from projects.record.text import one_line, plain

LARGEST_FILE: Final = 2 * 1024 * 1024
_LARGEST_UNPACKED: Final = 24 * 1024 * 1024
_MOST_PARTS: Final = 100
_LAST_ROW: Final = 20_000  # a sheet with more rows is refused
_MOST_COLUMNS: Final = 60
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_HOUR: Final = re.compile(r"(\d{1,2})[::](\d{2})(?:[::](\d{2}))?")


@dataclass
class CellError:
    """An error in one cell, or without a column in the whole row."""

    row: int
    column: Column | None
    message: Text
    code: str


@dataclass
class SheetFiling:
    """One ticket of the sheet: its rows, the body of its filing, the errors in its cells."""

    rows: list[int] = field(default_factory=list)
    body: dict[str, Any] = field(default_factory=dict)
    errors: list[CellError] = field(default_factory=list)

    def add(self, row: int, cells: dict[Column, Any], errors: list[CellError]) -> None:
        """Add a row: one line, and in the first row also the ticket's own columns."""
        is_first = not self.rows
        self.rows.append(row)
        self.errors += errors
        line: dict[str, Any] = {}
        for column, value in cells.items():
            if column.of_line:
                line[column.name] = value
            elif is_first:
                _put(self.body, column.path, value)
            elif value != _get(self.body, column.path):
                message = _("This differs from the ticket's first row.")
                self.errors.append(CellError(row, column, message, "differs"))
        self.body.setdefault("lines", []).append(line)


@dataclass
class Book:
    """The filings of a workbook, and the letters of its columns."""

    kind: str
    letters: dict[Column, str]
    filings: list[SheetFiling]


type FilledRow = tuple[int, dict[Column, Any], list[CellError]]  # number, values, errors


def _refuse(message: Text, code: str) -> Invalid:
    return Invalid([FieldError(("file",), message, code)])


def read_book(content: bytes, *, kind: str) -> Book:
    """Read the first sheet. Raises Invalid by ``file`` where it is not a template of the kind."""
    _require_small(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, keep_links=False)
    except Exception as error:
        raise _refuse(_("This is not an Excel workbook (.xlsx)."), "workbook") from error
    with closing(book):
        try:
            return _read_sheet(book.worksheets[0], kind)
        except Invalid:
            raise
        except Exception as error:
            raise _refuse(_("This workbook is damaged."), "workbook") from error


def _require_small(content: bytes) -> None:
    """Check the sizes in the archive's directory, beyond which no part is unpacked."""
    if not is_zipfile(BytesIO(content)):
        raise _refuse(_("This is not an Excel workbook (.xlsx)."), "workbook")
    try:
        with ZipFile(BytesIO(content)) as parts:
            sizes = [part.file_size for part in parts.infolist()]
    except (BadZipFile, ValueError) as error:
        raise _refuse(_("This is not an Excel workbook (.xlsx)."), "workbook") from error
    if len(sizes) > _MOST_PARTS or sum(sizes) > _LARGEST_UNPACKED:
        raise _refuse(_("This workbook is too large."), "too-large")


def _read_sheet(sheet: Any, kind: str) -> Book:
    rows = sheet.iter_rows(max_row=_LAST_ROW, max_col=_MOST_COLUMNS)
    columns = _headings(next(rows, ()), kind)
    letters = {column: get_column_letter(index + 1) for index, column in columns.items()}
    filled = list(islice(_filled_rows(rows, columns), MOST_LINES_AT_ONCE + 1))
    if len(filled) > MOST_LINES_AT_ONCE or (sheet.max_row or 0) > _LAST_ROW:
        raise _refuse(_("At most 5,000 rows."), "too-many")
    if not filled:
        raise _refuse(_("There is nothing to file in this workbook."), "empty")
    return Book(kind, letters, _group_rows(kind, filled))


def _group_rows(kind: str, filled: list[FilledRow]) -> list[SheetFiling]:
    """Rows with the same ticket number in the sheet are one ticket; one without is its own."""
    filings: list[SheetFiling] = []
    by_number: dict[str, SheetFiling] = {}
    for row, cells, errors in filled:
        number = str(cells.pop(NUMBER, ""))
        if not number or number not in by_number:
            by_number[number] = SheetFiling(body={"kind": kind})
            filings.append(by_number[number])
        by_number[number].add(row, cells, errors)
    return filings


def _headings(cells: Any, kind: str) -> dict[int, Column]:
    """The columns by their index. Raises Invalid where one is unknown, repeated or missing."""
    columns, errors = _read_headings(kind, cells)
    if not errors:
        return columns
    for other in KINDS:
        if not _read_headings(other, cells)[1]:
            message = _("This is the template of “%(kind)s”: choose that kind.")
            raise _refuse(message % {"kind": KINDS[other].label}, "another-kind")
    raise Invalid(errors)


def _read_headings(kind: str, cells: Any) -> tuple[dict[int, Column], list[FieldError]]:
    """Read the headings as those of the kind's template; return the columns and the errors."""
    known, columns, errors = columns_by_label(kind), dict[int, Column](), list[FieldError]()
    for index, cell in enumerate(cells):
        heading = one_line(str(cell.value or "")).rstrip(REQUIRED).rstrip()
        column = known.get(fold(heading))
        if heading and (column is None or column in columns.values()):
            message = _("“%(heading)s” is no column of this kind's template.")
            errors.append(FieldError(("file",), message % {"heading": heading}, "heading"))
        elif column is not None:
            columns[index] = column
    missing = _("The column “%(heading)s” is missing.")
    errors += [
        FieldError(("file",), missing % {"heading": column.label}, "heading")
        for column in columns_of(kind)
        if column.required and column not in columns.values()
    ]
    return columns, errors


def _filled_rows(rows: Any, columns: dict[int, Column]) -> Iterator[FilledRow]:
    """Each row that is not empty, without the example."""
    for number, row in enumerate(rows, start=2):
        cells = {column: row[index] for index, column in columns.items()
                 if index < len(row) and row[index].value not in (None, "")}  # fmt: skip
        if not cells or (NUMBER in cells and one_line(str(cells[NUMBER].value)) in example_marks()):
            continue
        unusable = {column for column, cell in cells.items() if cell.data_type in {"f", "e"}}
        message = _("Enter a value: a formula or an error cannot be filed.")
        errors = [CellError(number, column, message, "formula") for column in unusable]
        values = {column: _value(column, cell.value) for column, cell in cells.items()
                  if column not in unusable}  # fmt: skip
        yield number, values, errors


def _value(column: Column, value: Any) -> Any:
    """The value as a caller of the API would send it."""
    if isinstance(value, datetime | date | time):
        return _moment(column, value)
    if isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    if column is PROJECT:
        return one_line(text).partition(" ")[0]
    if column.choices:
        return values_by_text(column).get(fold(text), text)
    if column.is_a(models.DateField):  # DateTimeField is a subclass
        return _iso(plain(text))
    return text


def _moment(column: Column, value: datetime | date | time) -> str:
    is_day = column.is_a(models.DateField) and not column.is_a(models.DateTimeField)
    is_day |= column.is_a(UntilField)  # Excel has no day but midnight
    if isinstance(value, datetime) and (is_day or not column.is_a(models.DateField)):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ")
    return value.isoformat()


def _iso(text: str) -> str:
    """``2020/3/9 8:00`` and ``2020年3月9日`` in ISO 8601; other text unchanged."""
    text = _DAY.sub(lambda day: "{}-{:0>2}-{:0>2}".format(*day.groups()), text)
    return _HOUR.sub(lambda hour: "{:0>2}:{}:{}".format(hour[1], hour[2], hour[3] or "00"), text)


def _put(body: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    *above, last = path
    for name in above:
        body = body.setdefault(name, {})
    body[last] = value


def _get(body: dict[str, Any], path: tuple[str, ...]) -> Any:
    *above, last = path
    for name in above:
        body = body.get(name, {})
    return body.get(last)
