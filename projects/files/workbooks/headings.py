"""Finds the headings of a sheet, whatever stands above them, in one row or in several."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from projects.files.workbooks.book import Area, Sheet

_MOST_TRIED: Final = 20  # rows that hold something, from the top
_DEEPEST: Final = 3  # rows of headings: parents, children, units
_WIDEST: Final = 256  # columns in which headings are looked for


@dataclass
class Headings[K]:
    """The rows of the headings, and which column has which; ``names`` is what is written there.

    ``doubled`` are further columns with the heading of one that is known. ``parts`` has what
    ``names`` joins: the headings over each other, from the top.
    """

    top: int
    bottom: int
    columns: dict[int, K] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    doubled: dict[int, K] = field(default_factory=dict)
    parts: dict[int, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Shown:
    """What stands at a place of the heading's rows, and the merged area that shows it there."""

    text: str
    area: Area | None = None


type _Grid = dict[tuple[int, int], _Shown]


def find_headings[K](sheet: Sheet, match: Callable[[str], K | None]) -> Headings[K]:
    """The rows in which most headings are known, the uppermost of equals.

    ``match`` says which column a heading means; it gets the text as it stands there.
    Where no heading is known, the first row that holds something is taken for them.
    """
    tried = list(islice(sorted(sheet.rows), _MOST_TRIED))
    if not tried:
        return Headings(1, 1)
    grid = _grid(sheet, tried[-1])
    best = _headings(grid, tried[0], tried[0], match)
    for bottom in tried:
        for depth in range(_DEEPEST):
            found = _headings(grid, max(1, bottom - depth), bottom, match)
            if len(found.columns) > len(best.columns):
                best = found
    _extend(best, grid)
    return best


def _grid(sheet: Sheet, last: int) -> _Grid:
    grid: _Grid = {
        (row, column): _Shown(cell.text)
        for row, cells in sheet.rows.items()
        if row <= last
        for column, cell in cells.items()
        if column <= _WIDEST
    }
    for area in sheet.merged:
        shown = grid.get((area.top, area.left))
        if shown is None:
            continue
        for row in range(area.top, min(area.bottom, last + _DEEPEST) + 1):
            for column in range(area.left, min(area.right, _WIDEST) + 1):
                grid[row, column] = _Shown(shown.text, area)
    return grid


def _headings[K](
    grid: _Grid, top: int, bottom: int, match: Callable[[str], K | None]
) -> Headings[K]:
    found = Headings[K](top, bottom)
    for column in sorted({column for row, column in grid if top <= row <= bottom}):
        parts = _parts(grid, top, bottom, column)
        if not parts:
            continue
        found.names[column], found.parts[column] = "/".join(parts), parts
        key = next((key for text in _readings(parts) if (key := match(text)) is not None), None)
        if key is None:
            continue
        known = found.doubled if key in found.columns.values() else found.columns
        known[column] = key
    return found


def _parts(grid: _Grid, top: int, bottom: int, column: int) -> list[str]:
    """The column's headings from the top; what is merged over several rows is one."""
    parts, before = list[str](), None
    for row in range(top, bottom + 1):
        shown = grid.get((row, column))
        if shown is None or (shown.area is not None and shown.area == before):
            continue
        before = shown.area
        parts.append(shown.text)
    return parts


def _readings(parts: list[str]) -> Iterator[str]:
    """Parent and child together, then the child alone."""
    for start in range(len(parts)):
        yield "".join(parts[start:])


def _extend[K](found: Headings[K], grid: _Grid) -> None:
    """Count the rows over which a heading is merged as rows of the headings, above and below."""
    areas = [
        shown.area
        for (row, column), shown in grid.items()
        if found.top <= row <= found.bottom and column in found.columns and shown.area is not None
    ]
    found.top = min([found.top, *(area.top for area in areas)])
    found.bottom = max([found.bottom, *(area.bottom for area in areas)])
