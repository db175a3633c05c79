"""Where the headings of a sheet stand, with the parents over them and the units beneath them."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from projects.files.workbooks.book import Area, Cell, Sheet
from projects.files.workbooks.headings import Headings, find_headings
from projects.imports.reading.units import unit_alone
from projects.imports.reading.vocabulary import Vocabulary
from projects.record.text import compact

FEWEST: Final = 2  # known headings, without which it is some other table
_WIDEST: Final = 256  # columns, as ``find_headings`` has it
_PARENTS: Final = 2  # rows of parents over the headings
_UNITS: Final = 2  # rows beneath the headings, among which one of units is looked for
_LABELLED: Final = re.compile(r"[^(\[【]{1,8}:")  # what stands above a table: 单位:万元
_NO_UNITS: Final = frozenset({"-", "/", "单位", "计量单位"})  # beside units, as ``compact``

type _Shown = dict[tuple[int, int], tuple[str, Area | None]]


def headings_of(sheet: Sheet, vocabulary: Vocabulary) -> Headings[str]:
    """The rows of the headings: where most are known, or at least resemble known ones.

    The parts of a heading are its parents and itself, with the unit that stands alone beneath it
    in brackets: ``总投资（亿元）``.
    """

    def exact(text: str) -> str | None:
        return min(vocabulary.exact(text), default=None)

    def nearly(text: str) -> str | None:
        return exact(text) or next(iter(vocabulary.resembling(text)), None)

    found = find_headings(sheet, exact)
    if len(found.columns) < FEWEST:
        found = find_headings(sheet, nearly)
    found.top = _with_parents(sheet, found.top, set(found.columns))
    shown = _shown(sheet, found.top, found.bottom)
    units = next(iter(rows_of_units(sheet, _beneath(sheet, found.bottom))), 0)
    for column in sorted({column for _row, column in shown}):
        parts = list(_parts(shown, column, range(found.top, found.bottom + 1)))
        unit = sheet.rows[units].get(column) if units else None
        if parts:
            found.parts[column] = _with_unit(parts, unit_alone(unit.text) if unit else "")
            found.names[column] = "/".join(found.parts[column])
    return found


def rows_of_units(sheet: Sheet, rows: Sequence[int]) -> list[int]:
    """Those of the rows that hold units and nothing else."""
    return [row for row in rows if _is_of_units(sheet.rows[row].values())]


def _is_of_units(cells: Collection[Cell]) -> bool:
    return all(unit_alone(cell.text) or compact(cell.text) in _NO_UNITS for cell in cells) and any(
        unit_alone(cell.text) for cell in cells
    )


def _beneath(sheet: Sheet, bottom: int) -> list[int]:
    return sorted(row for row in sheet.rows if row > bottom)[:_UNITS]


def _with_parents(sheet: Sheet, top: int, known: set[int]) -> int:
    """The first row of the headings, with parents that are merged over some of them."""
    for row in range(top - 1, max(0, top - 1 - _PARENTS), -1):
        areas = [area for area in sheet.merged if area.top <= row <= area.bottom]
        texts = [compact(cell.text) for cell in sheet.rows.get(row, {}).values()]
        if any(map(_LABELLED.match, texts)) or not any(_is_parent(each, known) for each in areas):
            break
        top = row
    return top


def _is_parent(area: Area, known: set[int]) -> bool:
    """Whether it is merged over several columns; a title is over all, or begins with the first."""
    covered = len([column for column in known if area.left <= column <= area.right])
    return 1 < covered < len(known) and area.left > min(known)


def _shown(sheet: Sheet, top: int, bottom: int) -> _Shown:
    """What the rows show at each place, and the merged area that shows it there."""
    shown: _Shown = {
        (row, column): (cell.text, None)
        for row in range(top, bottom + 1)
        for column, cell in sheet.rows.get(row, {}).items()
        if column <= _WIDEST
    }
    for area in sheet.merged:
        cell = sheet.rows.get(area.top, {}).get(area.left)
        if cell is None:
            continue
        for row in range(max(top, area.top), min(bottom, area.bottom) + 1):
            for column in range(area.left, min(area.right, _WIDEST) + 1):
                shown[row, column] = (cell.text, area)
    return shown


def _parts(shown: _Shown, column: int, rows: range) -> Iterator[str]:
    """The column's headings from the top; a unit alone belongs to the heading above it."""
    before, last = None, ""
    for row in rows:
        text, area = shown.get((row, column), ("", None))
        if not text or (area is not None and area == before):
            continue
        before = area
        if unit := last and unit_alone(text):
            last = f"{last}（{unit}）"
            continue
        if last:
            yield last
        last = text
    if last:
        yield last


def _with_unit(parts: list[str], unit: str) -> list[str]:
    return [*parts[:-1], f"{parts[-1]}（{unit}）"] if unit else parts
