"""Reads a filled workbook into filings, and says what of it would not be filed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from coordination.intake.upload.columns import NUMBER, Column, column_called, columns_of
from coordination.intake.upload.example import are_notes, example_marks, examples_of, is_example
from coordination.intake.upload.values import (
    are_alike,
    is_number,
    is_serial,
    may_stand_alone,
    value_of,
    why_unusable,
)
from coordination.tickets.filing.submit import MOST_LINES_AT_ONCE
from coordination.tickets.kinds.registry import KINDS
from projects.files.workbooks.book import Area, Cell, Sheet, cell_name, letters
from projects.files.workbooks.dittos import Dittos, read_dittos
from projects.files.workbooks.headings import Headings, find_headings
from projects.files.workbooks.notices import Notice, joined, place_in_words, rows_named
from projects.files.workbooks.read import read_workbook
from projects.files.workbooks.table import Row, Table, read_table
from projects.record.refusals import FieldError, Invalid, Text
from projects.record.text import one_line

LARGEST_FILE: Final = 2 * 1024 * 1024
_BESIDE: Final = 100  # further rows that a sheet may hold: titles, totals, notes
_TITLE: Final = "title"
_MOST_SHEETS: Final = 20  # in which the headings are looked for
_FEWEST: Final = 2  # headings of the kind, without which it is some other table
_NOTHING: Final = _("There is nothing to file in this workbook.")


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
    """The filings of a workbook, the letters of its columns, and what is not filed of it."""

    kind: str
    letters: dict[Column, str]
    filings: list[SheetFiling] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


type SheetTable = Table[Column]


def _refuse(message: Text, code: str) -> Invalid:
    return Invalid([FieldError(("file",), message, code)])


def read_book(content: bytes, *, kind: str) -> Book:
    """Read the sheet that has the kind's headings.

    Raises Invalid by ``file`` where there is none or the workbook cannot be read; Busy.
    """
    sheets = read_workbook(content, most_rows=MOST_LINES_AT_ONCE + _BESIDE)
    shown = [sheet for sheet in sheets if sheet.rows and not sheet.is_hidden]
    if not shown:
        raise _refuse(_NOTHING, "empty")
    sheet = max(shown[:_MOST_SHEETS], key=lambda each: len(_headings(each, kind).columns))
    _require_headings(sheet, kind)
    table = read_table(sheet, partial(column_called, kind), may_stand_alone)
    names = {column: letters(index) for index, column in table.headings.columns.items()}
    book = Book(kind, names)
    _add_filings(book, table)
    if sheet.is_cut or sum(len(each.rows) for each in book.filings) > MOST_LINES_AT_ONCE:
        raise _refuse(_("At most 5,000 rows, and 300,000 cells."), "too-many")
    book.notices += [*table.notices, *_other_sheets(sheets, sheet, kind)]
    book.notices.sort(key=lambda notice: not notice.must_be_seen)
    if not book.filings:
        raise Invalid([*_refuse(_NOTHING, "empty").errors, *errors_of_notices(book.notices)])
    return book


def errors_of_notices(notices: Iterable[Notice]) -> list[FieldError]:
    """What must be seen before anything is filed, as errors of the file."""
    errors = []
    for notice in notices:
        text = f"{place_in_words(notice.place)} {notice.message}".strip()
        if notice.loses:
            errors.append(FieldError(("file",), text, "left-out"))
        elif notice.must_be_seen:
            errors.append(FieldError(("file",), text, "filed-before"))
    return errors


def _headings(sheet: Sheet, kind: str) -> Headings[Column]:
    return find_headings(sheet, partial(column_called, kind))


def _require_headings(sheet: Sheet, kind: str) -> None:
    """Raise Invalid where a heading of the kind is missing, or stands there twice."""
    found = _headings(sheet, kind)
    missing = [column for column in columns_of(kind)
               if column.required and column not in found.columns.values()]  # fmt: skip
    for other in KINDS if missing else ():
        if _is_of(sheet, other):
            message = _("This is the template of “%(kind)s”: choose that kind.")
            raise _refuse(message % {"kind": KINDS[other].label}, "another-kind")
    if len(found.columns) < _FEWEST:
        raise _refuse(
            _("The headings of this kind's template are not in this workbook."), "heading"
        )
    unknown = [index for index in found.names if index not in found.columns | found.doubled]
    errors = [
        *(_wrong_heading(_("“%(heading)s” (%(cell)s) stands there twice."), found, index)
          for index in found.doubled),
        *(_wrong_heading(_("The column “%(heading)s” is missing."), found, column)
          for column in missing),
        *(_wrong_heading(_("“%(heading)s” (%(cell)s) is no column of this kind's template."),
                         found, index)
          for index in unknown if missing),
    ]  # fmt: skip
    if errors:
        raise Invalid(errors)


def _wrong_heading(message: Text, found: Headings[Column], which: int | Column) -> FieldError:
    if isinstance(which, Column):
        values = {"heading": str(which.label)}
    else:
        cell = cell_name(found.bottom, which)
        values = {"heading": found.names[which], "cell": cell}
    return FieldError(("file",), message % values, "heading")


def _is_of(sheet: Sheet, kind: str) -> bool:
    found = _headings(sheet, kind).columns.values()
    return all(column in found for column in columns_of(kind) if column.required)


def _other_sheets(sheets: list[Sheet], own: Sheet, kind: str) -> Iterator[Notice]:
    """A notice of each other sheet that holds something, but for the template's own notes."""
    for sheet in sheets:
        texts = {cell.text for row in sheet.rows.values() for cell in row.values()}
        if sheet is own or not texts or are_notes(kind, texts):
            continue
        count = f"{MOST_LINES_AT_ONCE}+" if sheet.is_cut else str(len(sheet.rows))
        code = "hidden-sheet" if sheet.is_hidden else "sheet"
        yield Notice.of(code, sheet=sheet.name, name=sheet.name, count=count)


def _add_filings(book: Book, table: SheetTable) -> None:
    """Rows with the same number, or one merged number or title, are one ticket."""
    by_key, marks = dict[object, SheetFiling](), _marked(book, table)
    serials = list[str]()
    dittos = read_dittos(table, alike=are_alike, apart=marks.examples)
    for row in table.rows:
        if row.number in marks.examples:
            continue
        cells = _cells(row, table)
        serials += [f"{book.letters[column]}{row.number}"
                    for column, cell in cells.items() if is_serial(column, cell)]  # fmt: skip
        errors = list(_errors_of(row, cells, table, dittos))
        bad = {error.column for error in errors}
        values = {column: value_of(column, cell) for column, cell in cells.items()
                  if column not in bad}  # fmt: skip
        key = values.pop(NUMBER, None) or _merged_key(row, table) or row.number
        filing = by_key.setdefault(key, SheetFiling(body={"kind": book.kind, "contact": {}}))
        filing.add(row.number, values, errors)
    book.filings = list(by_key.values())
    book.notices = list(_said_of_rows(book, table, marks, serials))
    if dittos.read:
        book.notices.append(Notice.of("dittos", joined(dittos.read), sheet=table.sheet.name))


def _cells(row: Row, table: SheetTable) -> dict[Column, Cell]:
    """The row's cells by their columns."""
    return {column: row.cells[index] for index, column in table.headings.columns.items()
            if index in row.cells}  # fmt: skip


@dataclass
class _Marked:
    """The rows that are still the template's example, and those that are only marked as it."""

    examples: list[int] = field(default_factory=list)
    others: list[int] = field(default_factory=list)


def _marked(book: Book, table: SheetTable) -> _Marked:
    found, given = _Marked(), examples_of(book.kind)
    for row in table.rows:
        cells = _cells(row, table)
        if NUMBER in cells and one_line(cells[NUMBER].text) in example_marks():
            (found.examples if is_example(cells, given) else found.others).append(row.number)
    return found


def _merged_key(row: Row, table: SheetTable) -> Area | None:
    """The merged area of the row's number or title, if it has one."""
    merged = {column.name: row.merged[index] for index, column in table.headings.columns.items()
              if index in row.merged and not column.of_line}  # fmt: skip
    return merged.get(NUMBER.name) or merged.get(_TITLE)


def _errors_of(
    row: Row, cells: dict[Column, Cell], table: SheetTable, dittos: Dittos
) -> Iterator[CellError]:
    """An error for each cell of which nothing can be filed."""
    for index, column in table.headings.columns.items():
        if column not in cells:
            continue
        reason = why_unusable(column, cells[column])
        if reason is not None:
            yield CellError(row.number, column, *reason)
        elif (row.number, index) in dittos.dangling:
            message = _("This repeats a cell, but there is nothing that it can repeat. Enter it.")
            yield CellError(row.number, column, message, "ditto")
        elif index in row.merged and is_number(column):
            message = _("One number is merged over several rows. Enter the number of each row.")
            yield CellError(row.number, column, message, "merged-number")


def _said_of_rows(
    book: Book, table: SheetTable, marks: _Marked, serials: list[str]
) -> Iterator[Notice]:
    """What is to be known of the rows' meaning; nothing is lost by it."""
    sheet = table.sheet.name
    if marks.examples:
        message = _("This is the template's example, and is not filed.")
        yield Notice(
            "example", joined(rows_named(marks.examples)), message, loses=False, sheet=sheet
        )
    if marks.others:
        message = _("This is still marked as the example, but holds something else. It is filed.")
        yield Notice(
            "no-example", joined(rows_named(marks.others)), message, loses=False, sheet=sheet
        )
    if serials:
        message = _("These numbers are read as days of Excel's calendar.")
        yield Notice("serials", joined(serials), message, loses=False, sheet=sheet)
    apart = [each.rows for each in book.filings if each.rows[-1] - each.rows[0] >= len(each.rows)]
    if split := [row for rows in apart for row in rows]:
        message = _("Rows that do not follow each other are one ticket: they have the same number.")
        yield Notice("apart", joined(rows_named(split)), message, loses=False, sheet=sheet)


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
