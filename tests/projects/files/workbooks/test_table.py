"""Where the headings of a sheet are, which rows are its own, and what is said of the rest."""

from decimal import Decimal
from typing import Any, Final

import pytest

from projects.files.workbooks.book import Area, Cell, Sheet, cell_name
from projects.files.workbooks.table import Table, read_table
from projects.record.text import compact

KNOWN: Final = {
    "编号": "no",
    "名称": "name",
    "驾驶员姓名": "driver",
    "手机": "mobile",
    "数量": "count",
}
HEAD: Final = ["编号", "名称", "手机", "数量"]
ALL: Final = {1: "no", 2: "name", 3: "mobile", 4: "count"}


def match(text: str) -> str | None:
    return KNOWN.get(compact(text).replace("*", ""))


def sheet(*rows: list[Any], merged: str = "", **more: Any) -> Sheet:
    """Rows from the top, None where nothing stands; ``merged`` such as ``A1:B2 C3:C4``."""
    found = {
        number: {column: each if isinstance(each, Cell) else Cell(each)
                 for column, each in enumerate(cells, start=1) if each is not None}
        for number, cells in enumerate(rows, start=1)
    }  # fmt: skip
    areas = [Area(*(int(part) for part in each.split(","))) for each in merged.split()]
    return Sheet(
        "表", rows={row: cells for row, cells in found.items() if cells}, merged=areas, **more
    )


def values(table: Table[str]) -> list[tuple[int, dict[str, str]]]:
    return [
        (row.number, {table.headings.columns[column]: cell.text
                      for column, cell in sorted(row.cells.items())})
        for row in table.rows
    ]  # fmt: skip


def said(table: Table[str]) -> list[tuple[str, str]]:
    return [(notice.code, notice.place) for notice in table.notices]


HEADINGS: Final[dict[str, tuple[Sheet, tuple[int, int], dict[int, str]]]] = {
    "in the first row": (sheet(HEAD, ["1", "a"]), (1, 1), ALL),
    "with stars, spaces and in full width": (
        sheet(["编 号 *", "名\n称", "＊手机", None], ["1"]),
        (1, 1), {1: "no", 2: "name", 3: "mobile"}),
    "below a title and a blank row": (
        sheet([None], ["汇总表"], ["报送部门：", None, None, "单位：辆"], HEAD, ["1"],
              merged="2,1,2,4"),
        (4, 4), ALL),
    "parent and child": (
        sheet(["编号", "驾驶员", None, "数量"], [None, "姓名", "手机"], ["1"],
              merged="1,1,2,1 1,2,1,3 1,4,2,4"),
        (1, 2), {1: "no", 2: "driver", 3: "mobile", 4: "count"}),
    "parents that say nothing": (
        sheet(["基本情况", None, "其他", None], HEAD, ["1"], merged="1,1,1,2 1,3,1,4"),
        (2, 2), ALL),
    "with a row of units merged below": (
        sheet(HEAD, [None, None, None, "吨"], ["1"], merged="1,1,2,1 1,2,2,2 1,3,2,3"),
        (1, 2), ALL),
    "nowhere": (sheet(["a", "b"], ["c"]), (1, 1), {}),
    "of nothing": (Sheet("表"), (1, 1), {}),
}  # fmt: skip


@pytest.mark.parametrize("where", HEADINGS)
def test_where_the_headings_are(where: str) -> None:
    of, rows, columns = HEADINGS[where]
    headings = read_table(of, match).headings
    assert ((headings.top, headings.bottom), headings.columns) == (rows, columns)


def test_a_heading_that_stands_there_twice_is_said() -> None:
    headings = read_table(sheet(["编号", "名称", "名 称"], ["1", "a", "b"]), match).headings
    assert (headings.columns, headings.doubled) == ({1: "no", 2: "name"}, {3: "name"})


def formula(value: Any) -> Cell:
    return Cell(value, is_formula=True)


ROWS: Final[dict[str, tuple[Sheet, list[int], list[tuple[str, str]]]]] = {
    "totals": (
        sheet(HEAD, ["1", "a"], ["合计：1 个"], ["2", "b"], [None, "小 计", None, 5],
              ["总计", None, None, 5], ["本页合计"], ["Total (2)"], ["3", "合计划"]),
        [2, 4, 9], [("total", "3:3, 5:8")]),
    "notes": (
        sheet(HEAD, ["1", "a"], ["注：以上均已核实"], ["填表人：张三", None, "审核：李四"],
              ["以上为全部需求，请予协调"], ["4"], merged="5,1,5,4"),
        [2, 6], [("note", "3:5")]),
    "headings again": (
        sheet(HEAD, ["1", "a"], ["编号", "名 称*", None, "数量"], ["编号"], ["2", "b"]),
        [2, 4, 5], [("headings-again", "3:3")]),
    "hidden rows": (
        sheet(HEAD, ["1"], ["2"], ["3"], ["4"], hidden_rows=frozenset({3, 5})),
        [2, 4], [("hidden-rows", "3:3, 5:5")]),
    "formulas without a result": (
        sheet(HEAD, ["1", "a", None, formula(Decimal(7))], [None, None, None, formula(Decimal(0))],
              [formula(None)], [formula(Decimal(0)), "b"]),
        [2, 4, 5], [("formulas-alone", "3:3"), ("formulas", "D2, A5")]),
    "columns": (
        sheet([*HEAD[:2], "备注", None, "空"], ["1", "a", "x", "y"], ["2", "b", None, "z"],
              [None, None, None, "w"]),
        [2, 3], [("unknown-heading", "C2"), ("no-heading", "D2:D4")]),
    "what is hidden, commented and covered": (
        sheet(HEAD, ["1", "a", "m"], hidden_columns=[(2, 2), (4, 9)], covered=[(2, 4)],
              comments=[(1, 1), (2, 1), (9, 3)], has_drawings=True),
        [2], [("comments", "A2, C9"), ("covered", "D2"), ("hidden-columns", "B:B"),
              ("drawings", "")]),
}  # fmt: skip


@pytest.mark.parametrize("what", ROWS)
def test_which_rows_are_the_tables_own(what: str) -> None:
    of, rows, notices = ROWS[what]
    table = read_table(of, match)
    assert ([row.number for row in table.rows], said(table)) == (rows, notices)
    assert all(str(notice.message) and notice.sheet == "表" for notice in table.notices)


def test_merged_cells_mean_what_they_show() -> None:
    table = read_table(
        sheet(
            HEAD, ["7", "a", "m", 1], [None, None, "n", 2], [None, None, "o", 3],
            ["8", "b", "p", 4], [None, None, None, None], [None, "c", "q"], [None, "d", "r"],
            ["9", "e", None, 5],
            merged="2,1,4,1 2,2,3,2 5,1,6,1 5,2,6,2 5,3,6,3 5,4,6,4 7,1,8,1 9,2,9,3",
        ),
        match,
    )  # fmt: skip
    assert values(table) == [
        (2, {"no": "7", "name": "a", "mobile": "m", "count": "1"}),
        (3, {"no": "7", "name": "a", "mobile": "n", "count": "2"}),
        (4, {"no": "7", "mobile": "o", "count": "3"}),
        (5, {"no": "8", "name": "b", "mobile": "p", "count": "4"}),
        (7, {"name": "c", "mobile": "q"}), (8, {"name": "d", "mobile": "r"}),
        (9, {"no": "9", "name": "e", "count": "5"}),
    ]  # fmt: skip
    assert {(row.number, cell_name(row.number, column)): str(area)
            for row in table.rows for column, area in row.merged.items()} == {
        (2, "A2"): "A2:A4", (3, "A3"): "A2:A4", (4, "A4"): "A2:A4", (2, "B2"): "B2:B3",
        (3, "B3"): "B2:B3", (7, "A7"): "A7:A8", (8, "A8"): "A7:A8",
    }  # fmt: skip
    assert said(table) == [
        ("merged", "A2:A4, B2:B3, A7:A8"), ("merged-across", "B9:C9"),
    ]  # fmt: skip


def test_a_long_list_of_places_is_cut_and_says_so() -> None:
    cells = [["1", formula(Decimal(7))] for _each in range(20)]
    ((_code, place),) = said(read_table(sheet(HEAD, *cells), match))
    assert place == ", ".join([*(f"B{row}" for row in range(2, 14)), "…"])
