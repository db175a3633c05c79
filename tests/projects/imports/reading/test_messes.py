"""Workbooks as offices send them: each is a mess of its own, and gives the same two rows."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import pytest
import xlwt
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from projects.files.workbooks.book import Cell, Sheet
from projects.house.imports import ImportRow
from projects.imports.reading.result import SheetRead
from projects.imports.reading.sheet import MOST_ROWS, read_one
from projects.record.refusals import Invalid
from tests.projects.imports.reading.sheets import SHEET, book, read, read_apart, saved

FIRST: Final[dict[str, Any]] = {
    "name": "高铁南站", "code": "2020-410305-001", "owner": "交投", "phase": "continuing",
    "sector": "urban", "total": Decimal("12.5"), "annual": Decimal("0.35"),
    "starts": date(2020, 3, 31),
}  # fmt: skip
SECOND: Final[dict[str, Any]] = FIRST | {
    "name": "污水处理厂", "code": "2020-410305-002", "owner": "水务", "phase": "new_start",
    "sector": "industry", "total": Decimal(2), "annual": Decimal("1.2"),
    "starts": date(2020, 6, 30),
}  # fmt: skip
SHOWN: Final[tuple[dict[str, Any], ...]] = (
    {"name": "高铁南站", "code": "2020-410305-001", "owner": "交投", "phase": "续建",
     "sector": "城建", "total": 12.5, "annual": 0.35, "starts": "2020/3/31"},
    {"name": "污水处理厂", "code": "２０２０-410305—002", "owner": "水务", "phase": "新开工",
     "sector": "产业项目", "total": "2", "annual": "１.2", "starts": "2020年6月30日"},
)  # fmt: skip
TITLES: Final = {
    "name": "项目名称", "code": "项目代码", "owner": "建设单位", "phase": "建设性质",
    "sector": "项目类型", "total": "总投资（亿元）", "annual": "年度计划投资（亿元）",
    "starts": "开工时间",
}  # fmt: skip
BARE: Final = {"total": "总投资", "annual": "年度计划投资"}
IN_WAN: Final = ({"total": 125000, "annual": "3,500"}, {"total": "２0000", "annual": "12000"})
IN_YUAN: Final = ({"total": 1250000000, "annual": "35,000,000"},
                  {"total": "２00000000", "annual": "120000000元"})  # fmt: skip
NO: Final[list[Any]] = [None] * 5  # the cells before the amounts
BLANK: Final[list[Any]] = []
BOTH: Final = " ".join(f"{each}1:{each}2" for each in "ABCDEH")


def head(**other: str) -> list[Any]:
    """The headings; ``other`` in place of what they are."""
    return list((TITLES | other).values())


def line(at: int, **other: Any) -> list[Any]:
    """The cells of one of the two rows; ``other`` in place of what it has."""
    return list((SHOWN[at] | other).values())


def made(*rows: Sequence[Any], merged: str = "", **sheets: Sequence[Sequence[Any]]) -> bytes:
    return book(rows, *merged.split(), **sheets)


def titled() -> bytes:
    """A blank row, a title, the unit of the sheet merged at the right, a total, a note."""
    return made(
        BLANK, ["2020年重点项目计划表"], [None] * 6 + ["单位：万元"], head(**BARE),
        line(0, **IN_WAN[0]), line(1, **IN_WAN[1], starts="6月底"),
        ["合计：2个", *NO[1:], 145000, "15501"], ["填表人：王五"],
        merged="A2:H2 G3:H3",
    )  # fmt: skip


def under_parents() -> bytes:
    """The unit stands with the parent of two headings."""
    return made(
        head(total="投资（万元）", annual=""), [*NO, "总投资", "年度计划投资"],
        line(0, **IN_WAN[0]), line(1, **IN_WAN[1]), merged=f"F1:G1 {BOTH}",
    )  # fmt: skip


def parents_alone() -> bytes:
    """The headings stand in one row, and a parent above two of them alone."""
    return made(
        [*NO, "投资（万元）"], head(**BARE), line(0, **IN_WAN[0]), line(1, **IN_WAN[1]),
        merged="F1:G1",
    )  # fmt: skip


def units_beneath() -> bytes:
    """A row of units alone, of which the columns have different ones, and one of numbers."""
    return made(
        head(**BARE), ["甲", "乙", "丙", "丁", "戊", 1, 2, 3],
        [*NO, "（亿元）", "单位：万元", "—"],
        line(0, annual=3500), line(1, annual=12000),
    )  # fmt: skip


def units_within() -> bytes:
    """The same row, over which the other headings are merged."""
    return made(
        head(**BARE), [*NO, "亿元", "万元"], line(0, annual=3500), line(1, annual=12000),
        merged=BOTH,
    )  # fmt: skip


def in_yuan() -> bytes:
    """元 behind a stroke, and behind a space."""
    return made(
        head(total="总投资/元", annual="年度计划投资 元"), line(0, **IN_YUAN[0]),
        line(1, **IN_YUAN[1]),
    )  # fmt: skip


def with_a_year() -> bytes:
    """The only year stands in a heading; the days are of it."""
    return made(
        head(annual="２０２０年年度计划投资【万元】", starts="计划 开工时间", code="项 目 代 码*"),
        line(0, annual=3500, starts="3月31日"), line(1, annual=12000, starts="6月"),
    )  # fmt: skip


def parts_of_a_total() -> bytes:
    """Parts of it, with and without 其中, and a project beneath them."""
    return made(
        ["序号", *head()], [1, *line(0)], ["合计", *NO, 14.5, 1.55],
        [None, "其中：市重点", *NO[1:], 4, 1], [None, "省重点（1个）", *NO[1:], 8.5, 0.2],
        [2, *line(1)], [None, "其中：市重点", *NO[1:], 2, 1.2], [None, "合计", *NO[1:], 14.5, 1.55],
    )  # fmt: skip


def another_table() -> bytes:
    """Further headings in another order, with rows and a total of their own."""
    return made(
        head(), line(0), line(1), ["二、其他项目"], ["项目代码", "项目名称", *head()[2:]],
        ["2020-410305-003", "中部云谷", *line(0)[2:]], ["合计", *NO[1:], 12.5],
    )  # fmt: skip


def another_unit() -> bytes:
    """The headings stand again with another unit."""
    return made(head(), line(0), line(1), head(total="总投资（万元）"), line(0, **IN_WAN[0]))


def another_list() -> bytes:
    """A list of people, with serial numbers."""
    return made(
        head(), line(0), line(1), BLANK, ["序号", "联系人", "电话"], [1, "张三", "0379-65233520"]
    )


def with_sections() -> bytes:
    """Sections, subtotals, the headings again, a serial number for each row."""
    names = ["序号", *head()]
    return made(
        names, ["一、重点项目（1个）"], [1, *line(0)], ["小计：1个", *NO, 12.5], names,
        ["二", "其他项目（1个）", *NO[1:], 2], ["1", *line(1)], ["总计", *NO, 15, 1.55],
        merged="A2:I2",
    )  # fmt: skip


def merged_down() -> bytes:
    """One cell for two rows, and dittos for what is the same."""
    return made(
        head(), line(0), line(1, name="同上", owner=None, sector="〃"), merged="C2:C3"
    )  # fmt: skip


def in_excel_97() -> bytes:
    """An .xls file with days that have a format, and one that has lost it."""
    new = xlwt.Workbook()
    sheet = new.add_sheet("表")
    formats = {date: xlwt.easyxf(num_format_str="yyyy-mm-dd")}
    for row, cells in enumerate(
        [head(), line(0, starts=date(2020, 3, 31)), line(1, starts=44012)], start=2
    ):
        for column, value in enumerate(cells):
            sheet.write(row, column, value, formats.get(type(value), xlwt.Style.default_style))
    sheet.write_merge(0, 0, 0, 7, "项目表")
    return saved(new)


def with_notes_in_cells() -> bytes:
    """What stands beside a day is not lost without a word."""
    return made(
        head(), line(0, starts="2020年3月31日（补充协议）"),
        line(1, starts=datetime(2020, 6, 30)),  # noqa: DTZ001 - as Excel has it
    )  # fmt: skip


def with_gaps() -> bytes:
    """Rows that state nothing, of their own or at all; a hidden one, a struck one, a comment."""
    new = Workbook()
    sheet: Any = new.active
    for cells in (["序号", *head()], [1, *line(0)], [2, "—", "无", None, "/"], [3], [4, *line(1)],
                  [5, *line(0)], [6, *line(0)]):  # fmt: skip
        sheet.append(cells)
    sheet.merge_cells("D2:D3")
    sheet.row_dimensions[6].hidden = True
    for cell in sheet[7]:
        cell.font = Font(strike=True)
    sheet["C2"].comment = Comment("重复", "王五")
    return saved(new)


def on_several_sheets() -> bytes:
    """The sheet with most headings is read; what the others hold is said."""
    new = Workbook()
    first: Any = new.active
    first.append(["项目名称", "怎么填"])
    table: Any = new.create_sheet("表")
    for cells in (head(), line(0), line(1)):
        table.append(cells)
    hidden: Any = new.create_sheet("旧")
    hidden.append(head())
    hidden.sheet_state = "hidden"
    new.create_sheet("空")
    return saved(new)


def with_unknown_columns() -> bytes:
    """What has no heading, or an unknown one, is said."""
    return made(
        ["序号", *head(), "备注", "联系人", None], [1, *line(0), "急", "王五", "？"],
        [2, *line(1), None, "李四"],
    )  # fmt: skip


type Mess = Callable[[], bytes]
MESSES: Final[dict[Mess, tuple[tuple[int, int], list[Any], list[Any]]]] = {
    titled: ((5, 6), [("above", "2:3"), ("last-day", "H6"), ("note", "8:8"), ("total", "7:7")],
             [("annual", "G7", Decimal("1.5501"), Decimal("1.55"))]),
    under_parents: ((3, 4), [], []),
    parents_alone: ((3, 4), [], []),
    units_beneath: ((4, 5), [("numbering", "2:2"), ("units", "3:3")], []),
    units_within: ((3, 4), [], []),
    in_yuan: ((2, 3), [], []),
    with_a_year: ((2, 3), [("last-day", "H3")], []),
    parts_of_a_total: (
        (2, 6), [("part", "4:5, 7:7"), ("serial-numbers", "A:A"), ("total", "3:3, 8:8")], [],
    ),
    another_table: ((2, 3), [("note", "4:4"), ("other-table", "5:7")], []),
    another_unit: ((2, 3), [("other-table", "4:5")], []),
    another_list: ((2, 3), [("other-table", "5:6")], []),
    with_sections: (
        (3, 7),
        [("headings-again", "5:5"), ("note", "2:2, 6:6"), ("serial-numbers", "A:A"),
         ("total", "4:4, 8:8")],
        [("total", "G8", Decimal(15), Decimal("14.5"))],
    ),
    merged_down: ((2, 3), [("dittos", "A3, E3"), ("merged", "C2:C3")], []),
    in_excel_97: ((4, 5), [("above", "1:1"), ("serials", "H5")], []),
    with_notes_in_cells: ((2, 3), [("with-note", "H2")], []),
    with_gaps: (
        (2, 5),
        [("comments", "C2"), ("empty-rows", "3:4"), ("hidden-rows", "6:6"), ("merged", "D2:D3"),
         ("serial-numbers", "A:A"), ("struck", "A7:I7")],
        [],
    ),
    on_several_sheets: ((2, 3), [("hidden-sheet", ""), ("sheet", "")], []),
    with_unknown_columns: (
        (2, 3),
        [("no-heading", "L2"), ("serial-numbers", "A:A"), ("unknown-heading", "J2"),
         ("unknown-heading", "K2:K3")],
        [],
    ),
}  # fmt: skip
SAME: Final = {merged_down: ("name", "owner", "sector")}  # in both rows


@pytest.mark.parametrize("mess", MESSES, ids=lambda each: each.__name__)
def test_a_mess(db: None, mess: Mess) -> None:
    numbers, notices, totals = MESSES[mess]
    found = read(mess())
    second = SECOND | {name: FIRST[name] for name in SAME.get(mess, ())}
    assert found.rows == [ImportRow(numbers[0], FIRST), ImportRow(numbers[1], second)]
    assert (found.errors, found.questions) == ({}, [])
    assert sorted((each.code, each.place) for each in found.notices) == notices
    assert [(each.column, each.cell, each.stated, each.computed) for each in found.totals] == totals


def test_a_process_of_its_own_reads_the_same(db: None) -> None:
    assert read_apart(titled()) == read(titled())


def test_another_sheet_is_read_by_its_name(db: None) -> None:
    found = read(made(head(), line(0), line(1), 补报=[head(), line(1)]), sheet="补报")
    assert (found.rows, found.sheet) == ([ImportRow(2, SECOND)], "补报")


def wrong(found: SheetRead) -> list[tuple[str, str]]:
    """The cell and the code of each error."""
    return [
        (found.cell(number, each.column), each.code)
        for number, errors in sorted(found.errors.items())
        for each in errors
    ]


BAD: Final = (
    ("code", "4.10305E+17", "digits"), ("code", 410305202001011234, "digits"),
    ("code", 1.5, "code"), ("phase", "国家级", "choice"), ("total", "约12", "number"),
    ("total", "1,2", "number"), ("total", "3人", "unit"), ("total", True, "number"),
    ("starts", "2020.13", "day"), ("starts", 2020.1, "month-or-ten"),
    ("starts", "3月底", "year-missing"), ("starts", "3月9日（暂定）", "year-missing"),
    ("starts", "3月", "year-missing"), ("starts", "一季度", "year-missing"),
    ("starts", "年底", "year-missing"), ("starts", "2月30日", "day"), ("starts", "长期", "day"),
    ("starts", 2020, "month-missing"), ("total", "#REF!", "error-value"),
    ("total", "=1+1", "formula"), ("name", "同左", "ditto"),
)  # fmt: skip


def test_a_cell_that_cannot_be_read_is_named(db: None) -> None:
    """The sheet names no year: the clock's is never taken for it."""
    found = read(made(head(), *(line(0, **{name: value}) for name, value, _code in BAD)))
    columns = dict(zip(TITLES, "ABCDEFGH", strict=True))
    assert wrong(found) == [
        (f"{columns[name]}{number}", code)
        for number, (name, _value, code) in enumerate(BAD, start=2)
    ]
    assert found.rows == [
        ImportRow(number, {each: FIRST[each] for each in FIRST if each != name})
        for number, (name, _value, _code) in enumerate(BAD, start=2)
    ]


def test_another_currency_is_asked_about(db: None) -> None:
    content = made(["单位：亿元"], head(total="总投资/美元", annual="年度计划投资"), line(0))
    found = read(content)
    assert [(each.column, each.reason, each.candidates) for each in found.questions] == [
        (6, "unit", ("total:亿元", "total:万元"))
    ]
    assert found.rows == [
        ImportRow(3, {name: value for name, value in FIRST.items() if name != "total"})
    ]


def test_two_years_in_headings_are_asked_about(db: None) -> None:
    names = head(total="2018年计划投资（亿元）", annual="2019年计划投资（亿元）")
    found = read(made(names, line(0)))
    assert [(each.column, each.reason, each.candidates) for each in found.questions] == [
        (6, "year", ("annual",)), (7, "year", ("annual",)),
    ]  # fmt: skip


def test_the_most_rows(db: None) -> None:
    lines = {1: {1: Cell("项目代码"), 2: Cell("项目名称")}}
    lines |= {row: {1: Cell(f"C{row}"), 2: Cell("站")} for row in range(2, MOST_ROWS + 2)}
    found = read_one([Sheet("表", rows=lines)], SHEET, vocabulary={}, answers={})
    assert found.rows == [
        ImportRow(row, {"code": f"C{row}", "name": "站"}) for row in range(2, MOST_ROWS + 2)
    ]
    lines[MOST_ROWS + 2] = {1: Cell("C"), 2: Cell("站")}
    for sheet in (Sheet("表", rows=lines), Sheet("表", rows=lines, is_cut=True)):
        with pytest.raises(Invalid) as refused:
            read_one([sheet], SHEET, vocabulary={}, answers={})
        assert [(each.path, each.code) for each in refused.value.errors] == [
            (("file",), "too-many")
        ]
