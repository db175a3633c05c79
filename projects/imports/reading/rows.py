"""The rows of a sheet whose columns are known: their values, errors, totals and notices."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext_lazy as _

from projects.files.workbooks.book import Cell, Sheet, cell_name
from projects.files.workbooks.dittos import Dittos, read_dittos
from projects.files.workbooks.headings import Headings
from projects.files.workbooks.notices import Notice, columns_named, joined, rows_named
from projects.files.workbooks.table import Row, Table, read_table
from projects.house.imports import CellError, ImportColumn, ImportRow, ImportSheet, Kind
from projects.imports.reading.amounts import has_own_unit
from projects.imports.reading.apart import RowsApart, notice_of
from projects.imports.reading.cells import read_cell
from projects.imports.reading.columns import Columns, has_usable_unit, unit_asked
from projects.imports.reading.result import Matched, Question, SheetRead
from projects.imports.reading.sections import Section, sections_of, stated_by
from projects.imports.reading.totals import Stated, checks, stated_in
from projects.imports.reading.value import Value, remark, wrong
from projects.imports.reading.vocabulary import Vocabulary

_MEASURED: Final = frozenset({Kind.MONEY, Kind.QUANTITY, Kind.COUNT})
_NOT_REPEATED: Final = _MEASURED | {Kind.CODE}  # of what is merged over several rows
_REPEATED: Final = frozenset({Kind.CHOICE, Kind.TRUTH, Kind.DAY})  # few cells are unlike others
_SERIAL: Final = _("This column has serial numbers of the sheet, and is not read.")
_CHOSEN: Final = _("This column is not read, as it was answered.")
_SECTION: Final = _("What these headings of sections say is read for each row beneath them.")


@dataclass
class _RowRead:
    """What was read of a row; ``states_own``: more than what is merged from above."""

    values: dict[str, object] = field(default_factory=dict)
    errors: list[CellError] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    states_own: bool = False

    @property
    def states_anything(self) -> bool:
        return self.states_own or bool(self.errors)


class SheetRows:
    """Reads the rows below the headings."""

    def __init__(
        self,
        sheet: Sheet,
        *,
        headings: Headings[str],
        declared: ImportSheet,
        vocabulary: Vocabulary,
        columns: Columns,
        matched: dict[int, Matched],
    ) -> None:
        self._sheet, self._vocabulary, self._columns = sheet, vocabulary, columns
        self._declared = {each.name: each for each in declared.columns}
        asked = {each.column: each.candidates[0] for each in columns.questions}
        left_out = {*columns.left_out, *columns.serials, *asked}
        known = {index: each.name for index, each in matched.items()}
        self._headings = Headings(
            headings.top, headings.bottom, known, headings.names,
            dict.fromkeys(left_out - known.keys(), ""), headings.parts,
        )  # fmt: skip
        self._below = [row for row in sorted(sheet.rows)
                       if row > headings.bottom and row not in sheet.hidden_rows]  # fmt: skip
        self._apart = RowsApart(sheet, self._headings, declared, vocabulary).among(self._below)
        apart = {row for rows in self._apart.values() for row in rows}
        self._sections = sections_of(
            sheet, self._headings, declared, [row for row in self._below if row not in apart]
        )
        self._table: Table[str] = read_table(
            sheet, self._means, self._may_stand_alone, headings=self._headings,
            apart=apart | {each.row for each in self._sections},
        )  # fmt: skip
        self._dittos: Dittos = read_dittos(self._table, alike=self._are_alike, apart=())
        self._matched = dict(matched)
        self._asked = self._units_asked()
        self._remarks = defaultdict[str, list[str]](list)
        self._empty = self._without_values()
        self._read = dict[tuple[int, type, Cell], Value]()

    def read(self, year: int, *, is_named: bool) -> SheetRead:
        """All that is to be known of the sheet; ``is_named``: the sheet itself names the year."""
        read = SheetRead(self._sheet.name, (), year, self._matched)
        read.questions = sorted(
            [*self._columns.questions, *self._asked], key=lambda each: each.column
        )
        read.others = self._columns.others
        numbers = [row.number for row in self._table.rows]
        stated = stated_by(self._sections, numbers)
        for row in self._table.rows:
            own = self._read_row(row, year if is_named else None)
            if not own.states_anything:
                self._empty.append(row.number)
                continue
            read.rows.append(ImportRow(row.number, {**stated[row.number], **own.values}))
            if own.errors:
                read.errors[row.number] = own.errors
            for code, place in own.remarks:
                self._remarks[code].append(place)
        read.totals = checks(self._totals(), read.rows, self._matched)
        read.notices = self._notices()
        return read

    def _means(self, text: str) -> str | None:
        return min(self._vocabulary.exact(text), default=None)

    def _may_stand_alone(self, name: str, cell: Cell) -> bool:
        """Whether a row may hold this cell alone: a code, which no note is."""
        return self._declared[name].kind is Kind.CODE and cell.text.isascii()

    def _are_alike(self, left: str, right: str) -> bool:
        one, other = self._declared[left], self._declared[right]
        return one.kind is other.kind and (one.unit, one.choices) == (other.unit, other.choices)

    def _units_asked(self) -> list[Question]:
        """Ask of each column whose unit is not known; nothing of it is read until it is."""
        asked = []
        for index, each in sorted(self._matched.items()):
            column = self._declared[each.name]
            cells = [row.cells[index] for row in self._table.rows if index in row.cells]
            if column.kind not in _MEASURED or has_usable_unit(each, column):
                continue
            if column.kind is Kind.MONEY and not each.unit and all(map(has_own_unit, cells)):
                continue
            key = self._vocabulary.key("".join(self._headings.parts.get(index, ())))
            asked.append(unit_asked(index, each, column, key))
            del self._matched[index]
        return asked

    def _read_row(self, row: Row, year: int | None) -> "_RowRead":
        found = _RowRead()
        for index, each in self._matched.items():
            cell = row.cells.get(index)
            column = self._declared[each.name]
            read = Value() if cell is None else self._read_cell(row, index, cell, column, year)
            found.remarks += [(code, cell_name(row.number, index)) for code in read.remarks]
            if read.error is not None:
                found.errors.append(read.error)
                continue
            found.values[each.name] = read.value
            is_own = index not in row.merged or row.merged[index].top == row.number
            found.states_own |= is_own and read.value is not None
        return found

    def _read_cell(
        self, row: Row, index: int, cell: Cell, column: ImportColumn, year: int | None
    ) -> Value:
        if (row.number, index) in self._dittos.dangling:
            return wrong(column.name, "ditto")
        if index in row.merged and column.kind in _NOT_REPEATED:
            return wrong(column.name, "merged-number")
        if column.kind not in _REPEATED:
            return read_cell(column, cell, unit=self._matched[index].unit, year=year)
        key = (index, type(cell.value), cell)
        if key not in self._read:
            self._read[key] = read_cell(column, cell, unit="", year=year)
        return self._read[key]

    def _without_values(self) -> list[int]:
        """The rows in which nothing stands but a serial number."""
        serials, rows = set(self._columns.serials), self._sheet.rows
        return [row for row in self._below
                if row not in self._table.between and rows[row].keys() <= serials]  # fmt: skip

    def _totals(self) -> list[Stated]:
        """What the totals and the headings of sections state, in their order."""
        sections: Mapping[int, Section] = {each.row: each for each in self._sections}
        rows = sorted({*self._table.totals, *sections})
        return [
            stated_in(row, self._sheet.rows[row], self._matched, self._declared, sections.get(row))
            for row in rows
        ]

    def _notices(self) -> list[Notice]:
        name, columns = self._sheet.name, self._columns
        notices = [*self._table.notices]
        notices += [remark(code, places, name) for code, places in self._remarks.items()]
        if self._dittos.read:
            notices.append(Notice.of("dittos", joined(self._dittos.read), sheet=name))
        for code, indexes, message in (
            ("serial-numbers", columns.serials, _SERIAL), ("chosen", columns.left_out, _CHOSEN),
        ):  # fmt: skip
            if indexes:
                place = joined(columns_named(indexes))
                notices.append(Notice(code, place, message, loses=False, sheet=name))
        for code, rows in (*self._apart.items(), ("empty-rows", sorted(self._empty))):
            if rows:
                notices.append(notice_of(code, rows, name))
        read = [each.row for each in self._sections if each.column]
        if notes := [each.row for each in self._sections if not each.column]:
            notices.append(Notice.of("note", joined(rows_named(notes)), sheet=name))
        if read:
            place = joined(rows_named(read))
            notices.append(Notice("sections", place, _SECTION, loses=False, sheet=name, warns=True))
        return notices
