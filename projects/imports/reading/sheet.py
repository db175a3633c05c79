"""Reads one sheet of a workbook as a district sends it, for a room that declares its columns."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.files.workbooks.book import Sheet
from projects.files.workbooks.headings import Headings
from projects.files.workbooks.notices import Notice
from projects.files.workbooks.read import read_workbook
from projects.house.imports import ImportSheet
from projects.imports.reading.columns import columns_of, matched_of
from projects.imports.reading.days_above import day_above
from projects.imports.reading.heads import FEWEST, headings_of
from projects.imports.reading.result import SheetRead
from projects.imports.reading.rows import SheetRows
from projects.imports.reading.units import unit_of_sheet
from projects.imports.reading.vocabulary import Vocabulary, years_in
from projects.record.clock import now
from projects.record.refusals import FieldError, Invalid, Text
from projects.record.text import compact

MOST_ROWS: Final = 10_000
_BESIDE: Final = 500  # further rows that a sheet may hold: titles, totals, notes
_YEAR_END: Final = re.compile(r"\d{4}年?年?[底末]")
_MOST_SHEETS: Final = 20  # in which the headings are looked for


def read_sheet(
    content: bytes,
    declared: ImportSheet,
    *,
    vocabulary: Mapping[str, str],
    answers: Mapping[int, str],
    sheet: str = "",
    year: int | None = None,
) -> SheetRead:
    """Read a workbook's sheet as the one that a room declares.

    ``vocabulary`` has what officers have added: the name of a column by the key of a heading
    (``Question.key``). ``answers`` has what they have answered for this workbook, by the number of
    the column: one of a question's candidates, or "" for a column that is not to be read.
    ``sheet`` is the name of the sheet; empty: the one with most known headings. ``year`` is the
    one that the sheet is about; None: the first that its title names, or else its own name, or else
    the one that its headings name. Where none does, headings are read as of this year, and a day
    without a year is refused.

    Raises Invalid by ``file``, ``sheet`` or ``answers``; Busy where too many are being read.
    """
    sheets = read_workbook(content, most_rows=MOST_ROWS + _BESIDE)
    return read_one(
        sheets, declared, vocabulary=vocabulary, answers=answers, sheet=sheet, year=year
    )


def read_one(
    sheets: Sequence[Sheet],
    declared: ImportSheet,
    *,
    vocabulary: Mapping[str, str],
    answers: Mapping[int, str],
    sheet: str = "",
    year: int | None = None,
) -> SheetRead:
    """The same of a workbook whose sheets are there. Raises Invalid as ``read_sheet`` does."""
    shown = [each for each in sheets if each.rows and not each.is_hidden]
    if not shown:
        raise _refused(_("There is nothing to read in this workbook."), "empty")
    found = [_Candidate(each, declared, vocabulary, year) for each in shown[:_MOST_SHEETS]]
    own = _chosen(found, sheet)
    if own.sheet.is_cut:
        raise _too_many()
    if len(own.headings.columns) + len([each for each in answers.values() if each]) < FEWEST:
        raise _refused(_("The headings of this sheet are not in this workbook."), "heading")
    read = own.read(declared, answers)
    if len(read.rows) > MOST_ROWS:
        raise _too_many()
    read.sheets = [each.name for each in shown]
    read.notices += _other_sheets(sheets, own.sheet)
    read.notices.sort(key=lambda notice: not notice.must_be_seen)
    return read


def _refused(message: Text, code: str, field: str = "file") -> Invalid:
    return Invalid([FieldError((field,), message, code)])


def _too_many() -> Invalid:
    return _refused(_("At most 10,000 rows, and 300,000 cells."), "too-many")


class _Candidate:
    """A sheet, with its headings, as the one that may be meant."""

    def __init__(
        self, sheet: Sheet, declared: ImportSheet, added: Mapping[str, str], year: int | None
    ) -> None:
        self.sheet, self.is_year_named = sheet, True
        this_year = timezone.localdate(now()).year
        self._take_year(declared, added, year or self._year_named(0) or this_year)
        if year is None:
            named = self._year_named(self.headings.top - 1) or self._year_of_headings()
            self.is_year_named = named is not None
            if named and named != self.year:
                self._take_year(declared, added, named)

    def _take_year(self, declared: ImportSheet, added: Mapping[str, str], year: int) -> None:
        self.year = year
        self.vocabulary = Vocabulary(declared, added, year)
        self.headings: Headings[str] = headings_of(self.sheet, self.vocabulary)

    def _year_of_headings(self) -> int | None:
        """The one year that the headings name, but for what was until its end; None if several."""
        parts = {part for parts in self.headings.parts.values() for part in parts}
        years = {year for part in parts for year in years_in(_YEAR_END.sub("", compact(part)))}
        return years.pop() if len(years) == 1 else None

    def _year_named(self, last: int) -> int | None:
        """The first year that the rows down to that one name, or else the sheet's own name."""
        texts = [*_texts(self.sheet, last), self.sheet.name]
        return next((year for text in texts for year in years_in(text)), None)

    def read(self, declared: ImportSheet, answers: Mapping[int, str]) -> SheetRead:
        """The sheet as it was read. Raises Invalid by ``file`` or ``answers``."""
        headings = self.headings
        below = [cells for row, cells in self.sheet.rows.items() if row > headings.bottom]
        held = {column for cells in below for column in cells}
        columns = columns_of(headings, declared, self.vocabulary, answers, held)
        of_sheet = unit_of_sheet(_texts(self.sheet, headings.top - 1))
        matched = matched_of(columns, headings, declared, of_sheet)
        rows = SheetRows(
            self.sheet, headings=headings, declared=declared, vocabulary=self.vocabulary,
            columns=columns, matched=matched,
        )  # fmt: skip
        read = rows.read(self.year, is_named=self.is_year_named)
        above = [*_texts(self.sheet, headings.top - 1), self.sheet.name]
        read.day = day_above(above, self.year if self.is_year_named else None)
        return read


def _texts(sheet: Sheet, last: int) -> Iterator[str]:
    """What stands in the rows down to that one."""
    for row in sorted(sheet.rows):
        if row <= last:
            yield from (sheet.rows[row][column].text for column in sorted(sheet.rows[row]))


def _chosen(found: Sequence[_Candidate], name: str) -> _Candidate:
    """The sheet of that name, or the one with most known headings, the first of equals."""
    if not name:
        return max(found, key=lambda each: len(each.headings.columns))
    for each in found:
        if each.sheet.name == name:
            return each
    raise _refused(_("There is no such sheet in this workbook."), "choice", "sheet")


def _other_sheets(sheets: Sequence[Sheet], own: Sheet) -> Iterator[Notice]:
    """A notice of each other sheet that holds something."""
    for sheet in sheets:
        if sheet is own or not sheet.rows:
            continue
        count = f"{len(sheet.rows)}+" if sheet.is_cut else str(len(sheet.rows))
        code = "hidden-sheet" if sheet.is_hidden else "sheet"
        yield Notice.of(code, sheet=sheet.name, name=sheet.name, count=count)
