"""The bars of a table as a chart of Excel's own, which follows the cells."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from xlsxwriter.utility import xl_range_formula

from coordination.bulletins.faces.wording import Captioned

_FEW: Final = 8  # bars that stand beside one another


def add_chart(file: Any, sheet: Any, table: Captioned, *, first_row: int, below: int) -> None:
    """Put the chart below the table; nothing where the table has no bars."""
    if table.charted is None:
        return
    rows = [first_row + place for place in _rows(table)]
    titles = len(table.sheet.row_headings)
    is_upright = len(rows) <= _FEW
    chart = file.add_chart({"type": "column" if is_upright else "bar"})
    chart.add_series({
        "name": table.chart_title,
        "categories": _range(sheet.get_name(), rows, 0),
        "values": _range(sheet.get_name(), rows, titles + table.charted),
        "fill": {"color": "#4B4B4B"},
        "gap": 60,
        "data_labels": {"value": True, "num_format": "0.0"},
    })  # fmt: skip
    chart.set_title({"name": table.chart_title, "name_font": {"size": 11, "bold": False}})
    chart.set_legend({"none": True})
    names, scale = chart.set_x_axis, chart.set_y_axis
    names({"reverse": not is_upright})
    scale({"min": 0, "major_gridlines": {"visible": False}, "visible": False})
    chart.set_size({"width": 640, "height": 260 if is_upright else 80 + 22 * len(rows)})
    sheet.insert_chart(below, 0, chart, {"object_position": 1, "description": table.caption})


def _rows(table: Captioned) -> Iterator[int]:
    """The places of the rows that have bars, each bar's first."""
    wanted = [title for title, _value in table.sheet.bars]
    for place, row in enumerate(table.sheet.rows):
        if wanted and row.titles[0] == wanted[0]:
            wanted.pop(0)
            yield place


def _range(sheet: str, rows: list[int], column: int) -> str:
    """The cells of these rows in one column, as a formula says it."""
    parts = [
        xl_range_formula(sheet, first, column, last, column).removeprefix("=")
        for first, last in _runs(rows)
    ]
    return f"={parts[0]}" if len(parts) == 1 else f"=({','.join(parts)})"


def _runs(rows: list[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of each unbroken run."""
    start = rows[0]
    for row, following in pairwise([*rows, -1]):
        if following != row + 1:
            yield start, row
            start = following
