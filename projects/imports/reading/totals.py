"""The totals that a sheet states, against what its rows add up to."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from projects.files.workbooks.book import Cell, cell_name
from projects.house.imports import ImportColumn, ImportRow
from projects.imports.reading.cells import read_cell
from projects.imports.reading.result import Matched, TotalCheck
from projects.imports.reading.sections import Section
from projects.record.text import compact

_WHOLE: Final = re.compile(r"(?:以上)?(?:合计|总计|共计|累计|共\d|TOTAL)")
_COUNT: Final = re.compile(
    r"(?:.*?(?:合计|总计|小计|共计|累计|共)[:,]?\(?)?(?:共)?(\d+)(?:个|项|宗|家)(?:项目)?\)?"
)
_DEEPEST: Final = 2  # rank of a section
_SAME: Final = Decimal("0.000001")  # programs for tables add in binary fractions


@dataclass(frozen=True)
class Stated:
    """What one row states, by columns, with the number of its rows; ``is_whole`` of all rows."""

    row: int
    sums: Mapping[int, Decimal]
    count: tuple[int, int] | None  # the column where it stands, and the number
    is_whole: bool
    rank: int = 0  # of a section, whose rows are beneath it


def stated_in(
    row: int, cells: Mapping[int, Cell], matched: Mapping[int, Matched],
    declared: Mapping[str, ImportColumn], section: Section | None = None,
) -> Stated:  # fmt: skip
    """What a total or the heading of a section states."""
    sums = dict[int, Decimal]()
    for index, each in matched.items():
        column = declared[each.name]
        if column.is_summed and index in cells:
            value = read_cell(column, cells[index], unit=each.unit, year=None).value
            if isinstance(value, Decimal | int):
                sums[index] = Decimal(value)
    words = [index for index in sorted(cells) if index not in sums][:2]
    counts = [(index, int(found[1])) for index in words
              if (found := _COUNT.fullmatch(compact(cells[index].text)))]  # fmt: skip
    if section is not None:
        counts = [(section.at, section.count)] if section.count is not None else []
    first = compact(cells[min(cells)].text)
    is_whole = section is None and bool(_WHOLE.match(first))
    return Stated(
        row, sums, counts[0] if counts else None, is_whole, section.rank if section else 0
    )


def checks(
    stated: Sequence[Stated], rows: Sequence[ImportRow], matched: Mapping[int, Matched]
) -> list[TotalCheck]:
    """Every stated figure that differs from its rows.

    A total counts all rows, a subtotal those since the last one or up to the next, whichever it
    agrees with more; the heading of a section counts the rows beneath it.
    """
    found = list[TotalCheck]()
    for each in stated:
        differing = [list(_differences(each, span, matched)) for span in _spans(each, stated, rows)]
        fewest = min(map(len, differing))
        found += next(of_span for of_span in differing if len(of_span) == fewest)
    return found


def _spans(
    each: Stated, stated: Sequence[Stated], rows: Sequence[ImportRow]
) -> Iterator[list[ImportRow]]:
    """The rows that it may count, the likeliest first."""
    if each.rank:
        ends = [other.row for other in stated
                if other.row > each.row and 0 < other.rank <= each.rank]  # fmt: skip
        yield _between(rows, each.row, min(ends, default=None))
        return
    after = min((other.row for other in stated if other.row > each.row), default=None)
    if each.is_whole:
        yield list(rows)
    for rank in range(_DEEPEST + 1):  # since the last total, or the last heading of a section
        before = [other.row for other in stated if other.row < each.row and other.rank == rank]
        yield _between(rows, max(before, default=0), each.row)
    yield _between(rows, each.row, after)
    if not each.is_whole:
        yield list(rows)


def _between(rows: Sequence[ImportRow], first: int, last: int | None) -> list[ImportRow]:
    return [row for row in rows if first < row.number and (last is None or row.number < last)]


def _differences(
    each: Stated, rows: Sequence[ImportRow], matched: Mapping[int, Matched]
) -> Iterator[TotalCheck]:
    if each.count is not None and each.count[1] != len(rows):
        place = cell_name(each.row, each.count[0])
        yield TotalCheck("", place, Decimal(each.count[1]), Decimal(len(rows)))
    for index, sum_stated in each.sums.items():
        name = matched[index].name
        values: list[Any] = [row.values.get(name) for row in rows]
        computed = sum((Decimal(value) for value in values if value is not None), Decimal())
        if abs(computed - sum_stated) > _SAME:
            yield TotalCheck(name, cell_name(each.row, index), sum_stated, computed)
