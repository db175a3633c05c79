"""Workbooks as districts send them, each with exactly what must come of it.

One function each; ``BOOKS`` has them by name. Rows are given as (number, values), errors as
(row, column, code), questions as (column, reason, candidates), totals as (column, cell, stated,
computed), notices as (code, place).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

import xlwt
from openpyxl import Workbook

from tests.projects.imports.reading.sheets import book, saved

type Named = tuple[Any, ...]
D: Final = Decimal
_CODES: Final = tuple(f"2020-410305-48-03-{number:06d}" for number in range(10))


@dataclass
class Made:
    """A workbook, and what is read of it."""

    content: bytes
    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    errors: list[Named] = field(default_factory=list)
    questions: list[Named] = field(default_factory=list)
    totals: list[Named] = field(default_factory=list)
    notices: list[Named] = field(default_factory=list)
    answers: dict[int, str] = field(default_factory=dict)


def with_two_rows_of_headings() -> Made:
    """A blank row, a title, the unit beside the sender, merged parents, a total, a note."""
    content = book(
        [
            [],
            ["2020年第一批重点建设项目投资计划表"],
            ["报送部门：涧西区发改委", None, None, None, None, "单位：万元"],
            ["序号", "项目名称", "项目代码", "建设性质", "投资情况", None, "计划开(复)工时间"],
            [None, None, None, None, "总投资（亿元）", "２０２０年计划投资", None],
            [1, "轨道交通１号线", _CODES[1], "续建", "1.2亿", "3,500", "2020.3"],
            [2, "轨道交通2号线", _CODES[2], "新建项目", 2.5, 4000, "6月底"],
            ["合计：2个", None, None, None, 3.7, 7500],
            ["填报人：张三  联系电话：0379-65233520"],
        ],
        "A2:G2", "A4:A5", "B4:B5", "C4:C5", "D4:D5", "E4:F4", "G4:G5", "A8:D8", "A9:G9",
    )  # fmt: skip
    return Made(
        content,
        rows=[
            (6, {"name": "轨道交通1号线", "code": _CODES[1], "phase": "continuing",
                 "total": D("1.2"), "annual": D("0.35"), "starts": date(2020, 3, 31)}),
            (7, {"name": "轨道交通2号线", "code": _CODES[2], "phase": "new_start",
                 "total": D("2.5"), "annual": D("0.4"), "starts": date(2020, 6, 30)}),
        ],
        notices=[("above", "2:3"), ("last-day", "G6, G7"), ("note", "9:9"),
                 ("serial-numbers", "A:A"), ("total", "8:8")],
    )  # fmt: skip


def with_units_mixed() -> Made:
    """Units of the heading, of the sheet and of single cells, in one table."""
    content = book([
        ["2020年项目表（单位：万元、亩）"],
        ["项目名称", "项目代码", "总投资", "年计划投资（亿元）", "用地面积（亩）", "用工人数"],
        ["玻璃厂路高架", _CODES[1], 18500, "0.35", "１２０亩", "80人"],
        ["格力产业园", _CODES[2], "3.2亿元", "3500万元", 30.5, "1,200"],
        ["中部云谷", _CODES[3], "￥1,000", "0", "/", 12],
        ["华晟物流园", _CODES[4], "100万美元", "约2", "3公顷", 1.5],
    ])  # fmt: skip
    return Made(
        content,
        rows=[
            (3, {"name": "玻璃厂路高架", "code": _CODES[1], "total": D("1.85"),
                 "annual": D("0.35"), "area": D(120), "jobs": 80}),
            (4, {"name": "格力产业园", "code": _CODES[2], "total": D("3.2"),
                 "annual": D("0.35"), "area": D("30.5"), "jobs": 1200}),
            (5, {"name": "中部云谷", "code": _CODES[3], "total": D("0.1"), "annual": D(0),
                 "area": None, "jobs": 12}),
            (6, {"name": "华晟物流园", "code": _CODES[4]}),
        ],
        errors=[(6, "annual", "number"), (6, "area", "unit"), (6, "jobs", "whole-number"),
                (6, "total", "unit")],
        notices=[("above", "1:1"), ("not-stated", "E5"), ("own-unit", "C4, D4")],
    )  # fmt: skip


def without_a_unit() -> Made:
    """Nothing says whether these are 亿元 or 万元."""
    content = book([
        ["项目名称", "项目代码", "总投资", "年度计划投资"],
        ["中部云谷", _CODES[1], 12, "1.5亿"],
        ["格力产业园", _CODES[2], 5, "3000万"],
    ])  # fmt: skip
    return Made(
        content,
        rows=[
            (2, {"name": "中部云谷", "code": _CODES[1], "annual": D("1.5")}),
            (3, {"name": "格力产业园", "code": _CODES[2], "annual": D("0.3")}),
        ],
        questions=[(3, "unit", ("total:亿元", "total:万元"))],
        notices=[("own-unit", "D2, D3")],
    )


def with_the_unit_answered() -> Made:
    made = without_a_unit()
    made.answers, made.questions = {3: "total:万元"}, []
    made.rows[0][1]["total"], made.rows[1][1]["total"] = D("0.0012"), D("0.0005")
    return made


def with_every_spelling_of_days() -> Made:
    """Days as Excel has them, as people type them, and what names no day."""
    days: list[tuple[Any, date | None]] = [
        (datetime(2020, 3, 9), date(2020, 3, 9)),  # noqa: DTZ001 - as Excel has it
        (43899, date(2020, 3, 9)), ("2020-03-09 00:00:00", date(2020, 3, 9)),
        ("2020/3/9", date(2020, 3, 9)), ("３月9日", date(2020, 3, 9)),
        ("2020年6月", date(2020, 6, 30)), (2020.3, date(2020, 3, 31)),
        ("2020.10", date(2020, 10, 31)), ("3月底前开工", date(2020, 3, 31)),
        ("3月上旬", date(2020, 3, 10)), ("二季度", date(2020, 6, 30)), ("年底", date(2020, 12, 31)),
        ("2025年4月22日（补充协议）", date(2025, 4, 22)), ("待定", None),
        ("202004", date(2020, 4, 30)),
    ]  # fmt: skip
    wrong: list[tuple[Any, str]] = [
        (2020.1, "month-or-ten"), ("2020年", "month-missing"), ("2020年2月30日", "day"),
        ("尽快", "day"), ("2020.13", "day"),
    ]  # fmt: skip
    names = [f"第{number}个项目" for number in range(len(days) + len(wrong))]
    cells = [each for each, _rest in [*days, *wrong]]
    table = [[name, "西工区某单位", cell] for name, cell in zip(names, cells, strict=True)]
    rows = [
        (number, {"name": name, "owner": "西工区某单位", "starts": day})
        for number, (name, (_cell, day)) in enumerate(zip(names, days, strict=False), start=3)
    ]
    first = 3 + len(days)
    rows += [(first + at, {"name": names[len(days) + at], "owner": "西工区某单位"})
             for at in range(len(wrong))]  # fmt: skip
    return Made(
        book([["2020年"], ["项目名称", "项目法人", "开工时间"], *table]),
        rows=rows,
        errors=[(first + at, "starts", code) for at, (_cell, code) in enumerate(wrong)],
        notices=[("above", "1:1"), ("last-day", "C8, C9, C10, C11, C12, C13, C14, C17"),
                 ("not-stated", "C16"), ("serials", "C4"), ("with-note", "C15")],
    )  # fmt: skip


def with_sections_and_subtotals() -> Made:
    """The phase stands in headings of sections alone; the counts of two of them are wrong."""
    content = book([
        ["2020年项目表", None, "单位：亿元"],
        ["序号", "项目名称", "总投资", "年度计划投资"],
        ["一", "续建项目（2个）", 3, 1.5],
        ["（一）", "城建类"],
        [1, "轨道交通1号线", 1, 0.5],
        ["（二）", "产业项目"],
        [2, "格力产业园", 2, 1],
        ["小计", None, 3, 1.5],
        ["二、新开工项目（3个）"],
        [3, "中部云谷", 4, 2],
        [4, "华晟物流园", 5, 2.5],
        ["小计：2个", None, 9, 4],
        ["总计", "5个", 12, 6],
    ])  # fmt: skip
    return Made(
        content,
        rows=[
            (5, {"phase": "continuing", "sector": "urban", "name": "轨道交通1号线", "total": D(1),
                 "annual": D("0.5")}),
            (7, {"phase": "continuing", "sector": "industry", "name": "格力产业园", "total": D(2),
                 "annual": D(1)}),
            (10, {"phase": "new_start", "name": "中部云谷", "total": D(4), "annual": D(2)}),
            (11, {"phase": "new_start", "name": "华晟物流园", "total": D(5), "annual": D("2.5")}),
        ],
        totals=[("", "A9", D(3), D(2)), ("annual", "D12", D(4), D("4.5")),
                ("", "B13", D(5), D(4))],
        notices=[("above", "1:1"), ("sections", "3:4, 6:6, 9:9"), ("serial-numbers", "A:A"),
                 ("total", "8:8, 12:13")],
    )  # fmt: skip


def of_excel_97() -> Made:
    """An .xls file with a column for a ditto mark, and yes and no in every spelling."""
    made: Any = xlwt.Workbook()
    sheet = made.add_sheet("台账")
    said = ["√", "否", "已办结，手续文号：洛建〔2020〕5号", "未办结，正在补件", "在办", "不需办理",
            "同上", "大概"]  # fmt: skip
    for row, cells in enumerate([
        ["项目名称", "建设单位", "施工许可证是否完成"],
        *([f"第{number}个项目", "〃" if number else "城投集团", each]
          for number, each in enumerate(said)),
    ]):  # fmt: skip
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    file = BytesIO()
    made.save(file)
    values = [True, False, True, False, False, None, None]
    rows = [(number + 2, {"name": f"第{number}个项目", "owner": "城投集团", "permit": value})
            for number, value in enumerate(values)]  # fmt: skip
    return Made(
        file.getvalue(),
        rows=[*rows, (9, {"name": "第7个项目", "owner": "城投集团"})],
        errors=[(9, "permit", "truth")],
        notices=[("dittos", "B3, B4, B5, B6, B7, B8, C8, B9"), ("not-needed", "C7, C8"),
                 ("under-way", "C6"), ("with-note", "C4, C5")],
    )  # fmt: skip


def with_hidden_and_merged_rows() -> Made:
    """A filtered row, a unit merged over its projects, and one amount merged over two of them."""
    made = Workbook()
    sheet = made.active
    for row in (
        ["项目名称", "项目单位", "总投资（亿元）", "建设内容"],
        ["轨道交通1号线", "轨道公司", 12, "长22公里\n18座车站"],
        ["轨道交通2号线", None, None, "无"],
        ["已取消的项目", "轨道公司", 3, None],
        ["中部云谷", "云谷公司", 5, None],
    ):
        sheet.append(row)
    for area in ("B2:B3", "C2:C3"):
        sheet.merge_cells(area)
    sheet.row_dimensions[4].hidden = True
    return Made(
        saved(made),
        rows=[
            (2, {"name": "轨道交通1号线", "owner": "轨道公司", "content": "长22公里\n18座车站"}),
            (3, {"name": "轨道交通2号线", "owner": "轨道公司", "content": None}),
            (5, {"name": "中部云谷", "owner": "云谷公司", "total": D(5), "content": None}),
        ],
        errors=[(2, "total", "merged-number"), (3, "total", "merged-number")],
        notices=[("hidden-rows", "4:4"), ("merged", "B2:B3, C2:C3"), ("not-stated", "D3")],
    )


def with_unknown_and_near_headings() -> Made:
    """One heading resembles two columns, one nothing, and one stands there twice."""
    content = book([
        ["2020年项目表"],
        ["项目名称", "建设单位", "建设单位", "总投资金额（亿元）", "主要建设内容", "分包领导"],
        ["中部云谷", "云谷公司", "市发改委", 5, "数据中心", "张某"],
    ])  # fmt: skip
    return Made(
        content,
        rows=[(3, {"name": "中部云谷"})],
        questions=[(2, "several", ("owner",)), (3, "several", ("owner",)),
                   (4, "resembles", ("total",)), (5, "resembles", ("content",))],
        notices=[("above", "1:1"), ("unknown-heading", "F3")],
    )  # fmt: skip


def with_headings_answered() -> Made:
    made = with_unknown_and_near_headings()
    made.answers = {2: "owner", 3: "", 4: "total", 5: "content", 6: ""}
    made.questions = []
    made.rows = [
        (3, {"name": "中部云谷", "owner": "云谷公司", "total": D(5), "content": "数据中心"})
    ]
    made.notices = [("above", "1:1"), ("chosen", "C:C, F:F")]
    return made


def with_another_year() -> Made:
    """The plan of last year is no plan of this one; what was done by its end is its own column."""
    content = book([
        ["洛阳市2020年重点项目"],
        ["项目名称", "2019年计划投资（万元）", "2019年底累计完成投资（亿元）",
         "3月份实际完成投资（万元）"],
        ["中部云谷", 100, 0.5, 20],
    ])  # fmt: skip
    return Made(
        content,
        rows=[(3, {"name": "中部云谷", "before": D(5000), "month": D(20)})],
        questions=[(2, "year", ("annual",))],
        notices=[("above", "1:1")],
    )


def with_codes_that_excel_spoiled() -> Made:
    """A number keeps fifteen digits; a day, and text of a lost number, are no codes either."""
    content = book([
        ["项目名称", "项目编码", "总投资（亿元）"],
        ["一号", 410305202003120001, 1], ["二号", "4.10E+17", 1],
        ["三号", datetime(2020, 3, 1), 1],  # noqa: DTZ001 - as Excel has it
        ["四号", 41030520200312, 1], ["五号", "2020—410305—48—03—000001", "#REF!"],
        ["六号", _CODES[6], "=1/0"],
    ])  # fmt: skip
    return Made(
        content,
        rows=[
            (2, {"name": "一号", "total": D(1)}), (3, {"name": "二号", "total": D(1)}),
            (4, {"name": "三号", "total": D(1)}),
            (5, {"name": "四号", "code": "41030520200312", "total": D(1)}),
            (6, {"name": "五号", "code": _CODES[1]}), (7, {"name": "六号", "code": _CODES[6]}),
        ],
        errors=[(2, "code", "digits"), (3, "code", "digits"), (4, "code", "code"),
                (6, "total", "error-value"), (7, "total", "formula")],
    )  # fmt: skip


def with_words_of_phases() -> Made:
    """The words of districts for one phase, and two that are none."""
    words = [
        "续建",
        "结转项目",
        "新开工",
        "新 建",
        "储备",
        "计划竣工",
        "续建（2019年）",
        "—",
        "扩建",
        "续",
    ]
    codes = ["continuing", "continuing", "new_start", "new_start", "preliminary", "completing",
             "continuing", None]  # fmt: skip
    rows: list[tuple[int, dict[str, Any]]] = [
        (number, {"name": f"甲{number}", "phase": code})
        for number, code in enumerate(codes, start=2)
    ]
    return Made(
        book([["项目名称", "建设性质"],
              *([f"甲{number}", word] for number, word in enumerate(words, start=2))]),
        rows=[*rows, (10, {"name": "甲10"}), (11, {"name": "甲11"})],
        errors=[(10, "phase", "choice"), (11, "phase", "choice")],
        notices=[("not-stated", "B9"), ("with-note", "B8")],
    )  # fmt: skip


def with_an_empty_sheet_first() -> Made:
    """The table stands in the third sheet; the second is about something else."""
    content = book(
        [], 说明=[["填报说明"], ["请各县区认真填报"]],
        项目=[["项目名称", "总投资（亿元）"], ["中部云谷", 5], ["中部云谷", 5]],
    )  # fmt: skip
    return Made(
        content,
        rows=[(2, {"name": "中部云谷", "total": D(5)}), (3, {"name": "中部云谷", "total": D(5)})],
        notices=[("sheet", "")],
    )


def with_page_breaks() -> Made:
    """The headings stand again on each page, with a total of the page."""
    headings = [["项目名称", "投资", None], [None, "总投资（亿元）", "年度计划投资（万元）"]]
    content = book(
        [*headings, ["甲", 1, 100], ["乙", 2, 200], ["本页合计", 3, 300],
         *headings, ["丙", 4, 400], ["本页合计", 4, 400], ["合计", 7, 701]],
        "A1:A2", "B1:C1", "A6:A7", "B6:C6",
    )  # fmt: skip
    return Made(
        content,
        rows=[(row, {"name": name, "total": D(total), "annual": D(annual)})
              for row, name, total, annual in (
                  (3, "甲", 1, "0.01"), (4, "乙", 2, "0.02"), (8, "丙", 4, "0.04"))],
        totals=[("annual", "C10", D("0.0701"), D("0.07"))],
        notices=[("headings-again", "6:7"), ("total", "5:5, 9:10")],
    )  # fmt: skip


BOOKS: Final[dict[str, Callable[[], Made]]] = {
    made.__name__: made
    for made in (
        with_two_rows_of_headings, with_units_mixed, without_a_unit, with_the_unit_answered,
        with_every_spelling_of_days, with_sections_and_subtotals, of_excel_97,
        with_hidden_and_merged_rows, with_unknown_and_near_headings, with_headings_answered,
        with_another_year, with_codes_that_excel_spoiled, with_words_of_phases,
        with_an_empty_sheet_first, with_page_breaks,
    )
}  # fmt: skip
