"""Headings between the rows: ``一、续建项目（12个）``, ``（二）城建``.

Where the workbook has no column for what such a heading says, and it is exactly one of the words of
exactly one column of choices, the rows beneath it have that value, and a notice says so. All other
headings of sections are notes. A heading with （一） lies within the one with 一、 above it.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from projects.files.workbooks.book import Cell, Sheet
from projects.files.workbooks.headings import Headings
from projects.house.imports import ImportColumn, ImportSheet, Kind
from projects.imports.reading.words import code_of
from projects.record.text import compact

_NUMERAL: Final = re.compile(r"(\()?[一二三四五六七八九十]{1,3}(?(1)\)[、.]?|[、.]?)")
_COUNT: Final = re.compile(r"\(?(?:共计?)?(\d+)(?:个|项|宗|家)(?:项目)?\)?$")
_NUMBERS: Final = frozenset({Kind.MONEY, Kind.QUANTITY, Kind.COUNT})


@dataclass(frozen=True)
class Section:
    """A heading at a row: what it states of the rows beneath; ``column`` is empty of a note."""

    row: int
    rank: int  # 1 encloses 2
    at: int  # the column in which its words stand
    column: str = ""
    code: str = ""
    count: int | None = None  # of the rows beneath, as it says


def sections_of(
    sheet: Sheet, headings: Headings[str], declared: ImportSheet, rows: Collection[int]
) -> list[Section]:
    """The headings of sections among these rows."""
    present = set(headings.columns.values())
    absent = [each for each in declared.columns
              if each.kind is Kind.CHOICE and each.name not in present]  # fmt: skip
    numbers = {each.name for each in declared.columns if each.kind in _NUMBERS}
    found = (_section(row, sheet.rows[row], headings, numbers, absent) for row in sorted(rows))
    return [each for each in found if each is not None]


def _section(
    row: int,
    cells: dict[int, Cell],
    headings: Headings[str],
    numbers: Collection[str],
    absent: Iterable[ImportColumn],
) -> Section | None:
    """The section that the row begins; None if it is none."""
    words = [column for column in sorted(cells) if isinstance(cells[column].value, str)]
    if not words:
        return None
    numeral = _NUMERAL.match(compact(cells[words[0]].text))
    title = compact(cells[words[0]].text)[numeral.end() if numeral else 0 :]
    at = words[0]
    if numeral and not title and len(words) > 1:
        at, title = words[1], compact(cells[words[1]].text)
    elif numeral and not (numeral[1] or numeral[0].endswith(("、", "."))):
        return None
    own = {words[0], at}
    if not title or any(
        headings.columns.get(column) not in {None, *numbers} for column in cells.keys() - own
    ):
        return None
    counted = _COUNT.search(title)
    title = _COUNT.sub("", title).strip(":,")
    meant = [(each.name, code) for each in absent if (code := code_of(each.choices, title))]
    if numeral is None and not (len(cells) == 1 and len(meant) == 1):
        return None
    column, code = meant[0] if len(meant) == 1 else ("", "")
    rank = 2 if numeral and numeral[1] else 1
    return Section(row, rank, at, column, code, int(counted[1]) if counted else None)


def stated_by(sections: Iterable[Section], rows: Iterable[int]) -> dict[int, dict[str, str]]:
    """What the sections state of each of the rows, by the names of the columns."""
    found, held, waiting = dict[int, dict[str, str]](), list[Section](), list(sections)
    for row in sorted(rows):
        while waiting and waiting[0].row < row:
            begun = waiting.pop(0)
            held = [each for each in held if each.rank < begun.rank] + [begun]
        found[row] = {each.column: each.code for each in held if each.column}
    return found
