"""What ditto marks stand for, and which rows with a single cell are notes."""

from decimal import Decimal
from typing import Any, Final

import pytest

from projects.files.workbooks.book import Cell, Sheet
from projects.files.workbooks.dittos import is_ditto, read_dittos
from projects.files.workbooks.table import read_table
from tests.projects.files.workbooks.test_table import HEAD, match, said, sheet, values

MARKS: Final = (
    "〃", "″", "”", "“", '"', "＂", "''", "″″", "々", "—〃—", "同上", " 同 上。", "同前", "上同",
    "ditto", "Ditto.", "do.", "↓", "同左", "←",
)  # fmt: skip
NO_MARKS: Final = (
    "同上海",
    "上",
    "上同下",
    "do",
    "dittography",
    "",
    "1",
    "-",
    "同左右",
    "无",
    "“”上",
)


@pytest.mark.parametrize("text", MARKS)
def test_these_are_marks(text: str) -> None:
    assert is_ditto(Cell(text))


@pytest.mark.parametrize("text", NO_MARKS)
def test_these_are_none(text: str) -> None:
    assert not is_ditto(Cell(text))
    assert not is_ditto(Cell(Decimal(1)))


def alike(left: str, right: str) -> bool:
    return (left, right) == ("name", "mobile")


def read(of: Sheet, *apart: int) -> tuple[Any, list[str], set[tuple[int, int]]]:
    table = read_table(of, match)
    dittos = read_dittos(table, alike=alike, apart=apart)
    return values(table), dittos.read, dittos.dangling


def test_a_mark_is_the_cell_above_and_that_may_be_a_mark_itself() -> None:
    found = read(sheet(HEAD, ["1", "a", "m", 7], ["2", "〃", "同上", "同上"], ["3", "″", "n"]))
    assert found == (
        [
            (2, {"no": "1", "name": "a", "mobile": "m", "count": "7"}),
            (3, {"no": "2", "name": "a", "mobile": "m", "count": "7"}),
            (4, {"no": "3", "name": "a", "mobile": "n"}),
        ],
        ["B3", "C3", "D3", "B4"], set(),
    )  # fmt: skip


def test_the_row_above_may_be_hidden_or_struck_out_and_is_no_total() -> None:
    rows = [["1", "a"], ["2", "b"], ["合计：2 个", "x"], ["3", "同上"]]
    hidden = sheet(HEAD, *rows, hidden_rows=frozenset({3}))
    struck = sheet(HEAD, *rows)
    struck.rows[3] = {at: Cell(cell.value, strike="whole") for at, cell in struck.rows[3].items()}
    for each in (hidden, struck):
        assert read(each) == (
            [(2, {"no": "1", "name": "a"}), (5, {"no": "3", "name": "b"})], ["B5"], set(),
        )  # fmt: skip


def test_where_nothing_can_be_repeated_the_mark_means_nothing() -> None:
    """In the first row, below an empty cell, below such a mark, and below the example."""
    _values, done, dangling = read(
        sheet(HEAD, ["1", "同上"], ["2", "同上", "m"], ["3", "b"], ["4", "c", "同上"])
    )
    assert (done, dangling) == ([], {(2, 2), (3, 2), (5, 3)})
    _values, done, dangling = read(sheet(HEAD, ["示例", "a"], ["1", "同上"]), 2)
    assert (done, dangling) == ([], {(3, 2)})


def test_a_mark_to_the_left_is_read_between_columns_that_are_alike() -> None:
    found, done, dangling = read(sheet(HEAD, ["1", "a", "同左", 5], ["2", "同左", "←", "同左"]))
    assert found[0] == (2, {"no": "1", "name": "a", "mobile": "a", "count": "5"})
    assert (done, dangling) == (["C2"], {(3, 2), (3, 3), (3, 4)})


def test_a_row_with_a_single_cell_is_a_note_unless_the_cell_may_stand_alone() -> None:
    of = sheet(
        HEAD, ["1", "a"], ["以上共7辆"], [None, "2、请尽快办理"], [None, None, "m"], ["", "b"], [7],
        ["2", "c"], [None, "d"], merged="8,1,9,1",
    )  # fmt: skip
    table = read_table(of, match, lambda key, _cell: key == "mobile")
    assert [row.number for row in table.rows] == [2, 5, 6, 8, 9]
    assert said(table) == [("total", "3:3"), ("alone", "4:4, 7:7"), ("merged", "A8:A9")]
