"""Rows of a table that stand in groups, each followed by its sum."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from projects.house.blocks import Column, Figures, Line, Listed, Path, Shape


@dataclass(frozen=True)
class Grouped(Listed):
    """The rows of a list in groups, in the order of the sums.

    ``sums`` is a field of the block: a list with the sum of each group, or null where there are no
    groups, and the rows then stand as they are. ``by`` is the column that names a row's group,
    ``sum_title`` makes the title of its sum, whose figures are without the columns in ``lacks``.
    """

    by: str
    sums: str
    sum_title: Callable[[Any], str]
    lacks: frozenset[str] = frozenset()

    def lines(self, figures: Figures) -> Iterator[Line]:
        """The rows of each group, and its sum."""
        rows = list(super().lines(figures))
        if figures[self.sums] is None:
            yield from rows
            return
        for each in figures[self.sums]:
            group = each[self.by]
            yield from (row for row in rows if row.figures and row.figures[self.by] == group)
            key: Path = (self.by, group or "")
            summed = {name: value for name, value in each.items() if name != self.by}
            yield Line((self.sum_title(group),), summed, key, is_fixed=True, is_total=True)

    def declare(self, shape: Shape, columns: Iterable[Column]) -> None:
        """Add the rows' figures and the sums' to the shape."""
        columns = tuple(columns)
        super().declare(shape, columns)
        inner = shape.within((self.sums,))
        inner.is_list = inner.is_nullable = True
        inner.add(column for column in columns if column.name not in self.lacks)
