"""Rows below the headings that are none of the table: units, numbers of columns, further tables.

A further table with its own headings is not read, neither by the first table's columns nor by its
own: everything from there on is named instead, as one sheet is one table to whoever confirms it.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _

from projects.files.workbooks.book import Cell, Sheet
from projects.files.workbooks.headings import Headings
from projects.files.workbooks.notices import Notice, joined, rows_named
from projects.house.imports import ImportSheet, Kind
from projects.imports.reading.heads import rows_of_units
from projects.imports.reading.units import unit_alone, unit_of_heading, without_unit
from projects.imports.reading.vocabulary import Vocabulary, is_serial
from projects.imports.reading.words import code_of
from projects.record.text import compact

# In the form of ``compact``.
_PART: Final = re.compile(r"(?:\(?\d{1,3}\)?[、.]?)?其中[:,]?.*")
_NO_PART: Final = re.compile(  # a total, the heading of a section, a note
    r".*(?:合计|小计|总计|共计|累计).*|\(?[一二三四五六七八九十]{1,3}[)、.].*|.*:.*"
)
_LETTERS: Final = frozenset("甲乙丙丁戊己ABCDEF") | {"栏次", "列次", "栏", "列"}
_FIGURE: Final = re.compile(r"\(?(\d{1,3})\)?(?:栏|列)?(?:=[\d+*/()-]+)?")  # 3=1+2
_CODE: Final = re.compile(r"\d{5}")  # a number, which no heading holds
_COUNT: Final = re.compile(r"\(?(?:共计?)?\d+(?:个|项|宗|家)(?:项目)?\)?$")
_FEWEST: Final = 3  # numbers by which a row that numbers the columns is known, or headings
_FEWEST_WORDS: Final = 2  # headings by which they are known where all cells are words
_WHERE: Final = 2  # of the row's first cells, in which its words stand
_SAID: Final = {  # of such rows, and whether something is lost
    "units": (_("These are the units of the columns, and are read as such."), False),
    "numbering": (_("These rows number the columns, and are not read."), False),
    "part": (_("This is a part of a total, and is not read."), True),
    "other-table": (
        _("A further table with other headings begins here, and is not read. "
          "Put it on a sheet of its own."),
        True,
    ),
    "empty-rows": (_("These rows state nothing, and are not read."), False),
}  # fmt: skip
_LONGEST, _LONGEST_SERIAL = 60, 6  # characters of a heading, and of one of serial numbers
_NUMBERS: Final = frozenset({Kind.MONEY, Kind.QUANTITY, Kind.COUNT})


def notice_of(code: str, rows: Sequence[int], sheet: str) -> Notice:
    """The notice of such rows."""
    message, loses = _SAID[code]
    return Notice(code, joined(rows_named(rows)), message, loses=loses, sheet=sheet)


class RowsApart:
    """Finds such rows of a sheet."""

    def __init__(
        self, sheet: Sheet, headings: Headings[str], declared: ImportSheet, vocabulary: Vocabulary
    ) -> None:
        self._sheet, self._headings, self._vocabulary = sheet, headings, vocabulary
        self._known = dict[str, frozenset[str]]()
        self._choices = [each.choices for each in declared.columns if each.kind is Kind.CHOICE]
        kinds = {each.name: each.kind for each in declared.columns}
        self._kinds = {column: kinds[name] for column, name in headings.columns.items()}
        self._serials = {column for column, parts in headings.parts.items() if is_serial(parts[0])}

    def among(self, rows: Sequence[int]) -> dict[str, list[int]]:
        """Those among the rows, in their order, by the code of their notice."""
        begins = self._other_table(rows)
        own = [row for row in rows if begins is None or row < begins]
        units = rows_of_units(self._sheet, own)
        return {
            "units": units,
            "numbering": [row for row in own if _numbers_columns(self._sheet.rows[row])],
            "part": self._parts_of_totals(own),
            "other-table": [row for row in rows if begins is not None and row >= begins],
        }

    def _parts_of_totals(self, rows: Sequence[int]) -> list[int]:
        """``其中：市重点`` with sums, and the lines after it: ``省重点``."""
        found = list[int]()
        is_before = False
        for row in rows:
            cells = self._sheet.rows[row]
            columns = sorted(cells)[:_WHERE]
            words = [compact(cells[column].text) for column in columns
                     if self._kinds.get(column) is not Kind.PROSE]  # fmt: skip
            goes_on = self._has_no_serial(row) or any(map(self._is_choice, words))
            is_part = any(map(_PART.fullmatch, words)) or (
                is_before and goes_on and not any(map(_NO_PART.fullmatch, words))
            )
            is_before = is_part and self._holds_sums_beside(row, columns)
            if is_before:
                found.append(row)
        return found

    def _has_no_serial(self, row: int) -> bool:
        """Whether it has none, where the others have one."""
        return bool(self._serials) and not self._serials & self._sheet.rows[row].keys()

    def _is_choice(self, text: str) -> bool:
        bare = _COUNT.sub("", text)
        return any(code_of(choices, bare) for choices in self._choices)

    def _holds_sums_beside(self, row: int, columns: Collection[int]) -> bool:
        others = self._sheet.rows[row].keys() - set(columns)
        return all(self._kinds.get(column, Kind.MONEY) in _NUMBERS for column in others)

    def _other_table(self, rows: Sequence[int]) -> int | None:
        """The first row of a further table; None if there is none."""
        changed = self._units_changed(rows)
        begins = next(
            (row for row in rows if row in changed or self._has_other_headings(row)), None
        )
        while begins is not None and begins - 1 in rows and self._has_a_heading(begins - 1):
            begins -= 1
        return begins

    def _meant(self, text: str) -> frozenset[str]:
        """The columns that a heading means; few texts of a long sheet are unlike all others."""
        if len(text) > _LONGEST or _CODE.search(text):
            return frozenset()
        if text not in self._known:
            self._known[text] = self._vocabulary.exact(text)
        return self._known[text]

    def _has_a_heading(self, row: int) -> bool:
        cells = self._sheet.rows[row].values()
        return any(self._meant(cell.text) for cell in cells) and _are_words(cells)

    def _has_other_headings(self, row: int) -> bool:
        """Whether it holds headings, and not only those of this table where they stand."""
        cells = self._sheet.rows[row]
        texts = [each.text for each in cells.values()]
        known = [text for text in texts if self._meant(text)]
        fewest = _FEWEST_WORDS if _are_words(cells.values()) else _FEWEST
        is_of_headings = len(known) >= fewest or any(
            len(text) <= _LONGEST_SERIAL and is_serial(text) for text in texts
        )
        return is_of_headings and any(
            not self._is_own_heading(column, cell.text) for column, cell in cells.items()
        )

    def _is_own_heading(self, column: int, text: str) -> bool:
        """Whether the text is, or means, the heading of this column, in the same unit."""
        parts, name = self._headings.parts.get(column, []), self._headings.columns.get(column)
        unit, own = unit_of_heading(text), self._unit(column)
        if unit and own and unit != own:
            return False
        if without_unit(text) in map(without_unit, parts):
            return True
        meant = self._meant(text)
        return not meant if name is None else name in meant

    def _units_changed(self, rows: Sequence[int]) -> set[int]:
        """The rows of units that are other ones than those of this table."""
        return {
            row for row in rows_of_units(self._sheet, rows)
            if any((unit := unit_alone(cell.text)) and (own := self._unit(column)) and unit != own
                   for column, cell in self._sheet.rows[row].items())
        }  # fmt: skip

    def _unit(self, column: int) -> str:
        parts = self._headings.parts.get(column, [])
        return next(filter(None, map(unit_of_heading, reversed(parts))), "")


def _are_words(cells: Collection[Cell]) -> bool:
    return all(isinstance(cell.value, str) for cell in cells)


def _numbers_columns(cells: Mapping[int, Cell]) -> bool:
    """Whether it numbers the columns: 甲 乙 1 2 3."""
    figures = list[int]()
    for column in sorted(cells):
        text = compact(cells[column].text)
        found = _FIGURE.fullmatch(text)
        if found and int(found[1]) == (figures[-1] + 1 if figures else min(int(found[1]), 1)):
            figures.append(int(found[1]))
        elif text not in _LETTERS:
            return False
    return bool(figures) and len(cells) >= _FEWEST
