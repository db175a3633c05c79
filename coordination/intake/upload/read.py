"""A filled workbook, read into filings: every value by its cell, and nothing run.

Nothing is unpacked beyond what the workbook of a clerk can be.
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
    columns_of,
    examples,
    meanings,
    offered,
)
from coordination.tickets.filing.submit import MOST_LINES_AT_ONCE
from coordination.tickets.kinds.registry import KINDS
from projects.record.refusals import FieldError, Invalid, Text

LARGEST_FILE: Final = 2 * 1024 * 1024
_LARGEST_UNPACKED: Final = 24 * 1024 * 1024
_MOST_PARTS: Final = 100
_LAST_ROW: Final = 20_000  # looked at, so that nothing further down is left out unseen
_MOST_COLUMNS: Final = 60
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_HOUR: Final = re.compile(r"(\d{1,2})[::](\d{2})(?:[::](\d{2}))?")


@dataclass
class Wrong:
    """What is wrong with one cell; without a column, with the row."""

    row: int
    column: Column | None
    message: Text
    code: str


@dataclass
class SheetFiling:
    """One ticket of the sheet: what is filed, its rows, and what its cells already lack."""

    rows: list[int] = field(default_factory=list)
    body: dict[str, Any] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)

    def add(self, row: int, cells: dict[Column, Any], wrong: list[Wrong]) -> None:
        """A line; what the ticket has beside it is in its first row."""
        is_first = not self.rows
        self.rows.append(row)
        self.wrong += wrong
        line: dict[str, Any] = {}
        for column, value in cells.items():
            if column.of_line:
                line[column.name] = value
            elif is_first:
                _put(self.body, column.path, value)
            elif value != _got(self.body, column.path):
                message = _("This differs from the ticket's first row.")
                self.wrong.append(Wrong(row, column, message, "differs"))
        self.body.setdefault("lines", []).append(line)


@dataclass
class Book:
    """All of a workbook; ``places`` are the columns' letters."""

    kind: str
    places: dict[Column, str]
    filings: list[SheetFiling]


type Filled = tuple[int, dict[Column, Any], list[Wrong]]


def _refuse(message: Text, code: str) -> Invalid:
    return Invalid([FieldError(("file",), message, code)])


def read_book(content: bytes, *, kind: str) -> Book:
    """The tickets of the first sheet. Raises Invalid by ``file`` where it is no such workbook."""
    _see_that_it_is_small(content)
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


def _see_that_it_is_small(content: bytes) -> None:
    """By what its directory says; more than that is never unpacked of any part."""
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
    heads = _headings(next(rows, ()), kind)
    places = {column: get_column_letter(at + 1) for at, column in heads.items()}
    filled = list(islice(_filled(rows, heads), MOST_LINES_AT_ONCE + 1))
    if len(filled) > MOST_LINES_AT_ONCE or (sheet.max_row or 0) > _LAST_ROW:
        raise _refuse(_("At most 5,000 rows."), "too-many")
    if not filled:
        raise _refuse(_("There is nothing to file in this workbook."), "empty")
    return Book(kind, places, _tickets(kind, filled))


def _tickets(kind: str, filled: list[Filled]) -> list[SheetFiling]:
    """Rows with the same number in the sheet are one ticket, wherever they stand."""
    found: list[SheetFiling] = []
    named: dict[str, SheetFiling] = {}
    for row, cells, wrong in filled:
        name = str(cells.pop(NUMBER, ""))
        if not name or name not in named:
            named[name] = SheetFiling(body={"kind": kind})
            found.append(named[name])
        named[name].add(row, cells, wrong)
    return found


def _headings(cells: Any, kind: str) -> dict[int, Column]:
    """Which column stands where. Raises Invalid where one is unknown, twice there or missing."""
    found, errors = _headings_as(kind, cells)
    if not errors:
        return found
    for other in KINDS:
        if not _headings_as(other, cells)[1]:
            message = _("This is the template of “%(kind)s”: choose that kind.")
            raise _refuse(message % {"kind": KINDS[other].label}, "another-kind")
    raise Invalid(errors)


def _headings_as(kind: str, cells: Any) -> tuple[dict[int, Column], list[FieldError]]:
    """As if it were the kind's template, and what is wrong with that."""
    known, found, errors = meanings(kind), dict[int, Column](), list[FieldError]()
    for at, cell in enumerate(cells):
        said = str(cell.value or "").replace(REQUIRED, "").strip()
        column = known.get(said)
        if said and (column is None or column in found.values()):
            message = _("“%(heading)s” is no column of this kind's template.") % {"heading": said}
            errors.append(FieldError(("file",), message, "heading"))
        elif column is not None:
            found[at] = column
    errors += [
        FieldError(("file",), _("The column “%(heading)s” is missing.") % {"heading": each.label},
                   "heading")
        for each in columns_of(kind) if each.required and each not in found.values()
    ]  # fmt: skip
    return found, errors


def _filled(rows: Any, heads: dict[int, Column]) -> Iterator[Filled]:
    """Each row that has anything in it, but the example."""
    for number, cells in enumerate(rows, start=2):
        here = {column: cells[at] for at, column in heads.items()
                if at < len(cells) and cells[at].value not in (None, "")}  # fmt: skip
        if not here or (NUMBER in here and str(here[NUMBER].value).strip() in examples()):
            continue
        unusable = {column for column, cell in here.items() if cell.data_type in {"f", "e"}}
        message = _("Enter a value: a formula or an error cannot be filed.")
        wrong = [Wrong(number, column, message, "formula") for column in unusable]
        values = {column: _value(column, cell.value) for column, cell in here.items()
                  if column not in unusable}  # fmt: skip
        yield number, values, wrong


def _value(column: Column, value: Any) -> Any:
    """As the API would be sent it."""
    if isinstance(value, datetime | date | time):
        return _moment(column, value)
    if isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    if column is PROJECT:
        return text.split()[0] if text else ""
    if column.offers:
        return offered(column).get(text, text)
    if column.is_a(models.DateField):  # and moments, which are dates to Django
        return _iso(text)
    return text


def _moment(column: Column, value: datetime | date | time) -> str:
    is_day = column.is_a(models.DateField) and not column.is_a(models.DateTimeField)
    if isinstance(value, datetime) and (is_day or not column.is_a(models.DateField)):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ")
    return value.isoformat()


def _iso(text: str) -> str:
    """``2020/3/9 8:00`` and ``2020年3月9日`` as ISO 8601 has them; what is no date stays."""
    text = _DAY.sub(lambda found: "{}-{:0>2}-{:0>2}".format(*found.groups()), text)
    return _HOUR.sub(
        lambda found: "{:0>2}:{}:{}".format(found[1], found[2], found[3] or "00"), text
    )


def _put(body: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    *above, last = path
    for name in above:
        body = body.setdefault(name, {})
    body[last] = value


def _got(body: dict[str, Any], path: tuple[str, ...]) -> Any:
    *above, last = path
    for name in above:
        body = body.get(name, {})
    return body.get(last)
