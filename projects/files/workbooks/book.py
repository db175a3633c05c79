"""A workbook as it was read: what its sheets hold, and what is special about it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from itertools import pairwise
from typing import Any

type Value = str | Decimal | bool | datetime | time | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that holds something.

    Of a formula ``value`` is what it showed when it was saved, or None where no program has
    calculated it; of an error, such as #REF!, ``error`` is its name. ``strike`` says whether it is
    struck through (``strikes.py``), ``is_month`` that a day is shown as its month.
    """

    value: Value
    is_formula: bool = False
    error: str = ""
    strike: str = ""
    is_month: bool = False

    @property
    def text(self) -> str:
        """What it shows, without spaces around it."""
        if isinstance(self.value, Decimal):
            return f"{self.value:f}"
        return "" if self.value is None else str(self.value).strip()


@dataclass(frozen=True, slots=True, order=True)
class Area:
    """A rectangle of cells."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        """``A3:C5``, or ``B7`` for a single cell."""
        first, last = cell_name(self.top, self.left), cell_name(self.bottom, self.right)
        return first if first == last else f"{first}:{last}"


@dataclass
class Sheet:
    """One sheet: the cells that hold something, by row and column, counted from 1."""

    name: str
    is_hidden: bool = False
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    comments: list[tuple[int, int]] = field(default_factory=list)
    covered: list[tuple[int, int]] = field(default_factory=list)  # held something else
    has_drawings: bool = False
    is_cut: bool = False

    def hides(self, column: int) -> bool:
        """Whether the column is hidden."""
        return any(first <= column <= last for first, last in self.hidden_columns)


def letters(column: int) -> str:
    """The letters of a column: ``A``, ``Z``, ``AA``."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def cell_name(row: int, column: int) -> str:
    """``B7``."""
    return f"{letters(column)}{row}"


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers as ranges: 3, 4, 5, 9 are 3 to 5 and 9 to 9."""
    known = sorted(set(numbers))
    ends = [one for one, other in pairwise(known) if other != one + 1]
    starts = [other for one, other in pairwise(known) if other != one + 1]
    return list(zip([*known[:1], *starts], [*ends, *known[-1:]], strict=True))


def sheet_of(found: dict[str, Any]) -> Sheet:
    """The sheet that the reading process passed on (``wire.Found``)."""
    sheet = Sheet(
        name=found["name"], is_hidden=found["is_hidden"],
        rows={row: {column: _cell(*cell) for column, *cell in cells}
              for row, cells in found["rows"]},
        merged=sorted(Area(*each) for each in found["merged"]),
        hidden_rows=frozenset(found["hidden_rows"]),
        hidden_columns=[(first, last) for first, last in found["hidden_columns"]],
        comments=sorted((row, column) for row, column in found["comments"]),
        has_drawings=found["has_drawings"],
        is_cut=found["is_cut"],
    )  # fmt: skip
    numbers = list(sheet.rows)
    for area in sheet.merged:
        for row in numbers[bisect_left(numbers, area.top) : bisect_right(numbers, area.bottom)]:
            _uncover(sheet, area, row)
    sheet.rows = {row: cells for row, cells in sheet.rows.items() if cells}
    return sheet


def _uncover(sheet: Sheet, area: Area, row: int) -> None:
    """Remove what a merged area covers: programs may keep it, but nobody sees it."""
    shown, cells = sheet.rows.get(area.top, {}).get(area.left), sheet.rows[row]
    for column in [each for each in cells if area.left <= each <= area.right]:
        if (row, column) == (area.top, area.left):
            continue
        if shown is None or cells[column].text != shown.text:
            sheet.covered.append((row, column))
        del cells[column]


def _cell(kind: str, value: Any, is_formula: bool, strike: str = "") -> Cell:  # noqa: FBT001 - as it was passed on
    if kind == "e":
        return Cell(None, is_formula, value, strike)
    if kind == "n" and value is not None:
        value = Decimal(value)
    elif kind in {"d", "m"}:
        value = datetime.fromisoformat(value)
    elif kind == "t":
        value = time.fromisoformat(value)
    return Cell(value, is_formula, strike=strike, is_month=kind == "m")
