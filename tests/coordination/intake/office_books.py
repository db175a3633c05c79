"""Workbooks as offices make them, and what is to be read of each."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any, Final

import xlsxwriter
import xlwt
from django.utils import translation
from openpyxl import load_workbook

from coordination.intake.upload.columns import columns_of
from coordination.intake.upload.template import template
from tests.coordination.intake.scene import vehicle

type Cells = dict[str, Any]  # by the name of the column; t_ before those of the ticket
TICKET: Final[Cells] = {
    "t_project": "P-1", "t_title": "钢材运输受阻", "t_contact_name": "王五",
    "t_contact_mobile": "13800138000",
}  # fmt: skip
LEFT_OUT: Final = True
READ: Final = False


def columns(kind: str = "vehicle_pass") -> dict[str, str]:
    """The Chinese headings of a kind's template, by the names of the columns."""
    with translation.override("zh-hans"):
        return {each.name if each.of_line else f"t_{each.name}": str(each.label)
                for each in columns_of(kind)}  # fmt: skip


def line(plate: str, number: Any = None, **more: Any) -> Cells:
    """A row of one vehicle with all that its ticket needs."""
    return {"t_no": number, **TICKET, **vehicle(plate=plate, pass_type="B"), **more}


@dataclass
class Expected:
    """What a workbook gives: the rows of each ticket, its plates, errors and notices."""

    tickets: list[list[int]]
    plates: list[str] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    notices: list[tuple[str, str, bool]] = field(default_factory=list)


class Maker:
    """Writes a sheet by the names of its columns."""

    def __init__(self, kind: str = "vehicle_pass") -> None:
        self._file = BytesIO()
        self.book: Any = xlsxwriter.Workbook(self._file, {"in_memory": True})
        self.names = list(columns(kind))
        self.labels = columns(kind)
        self.sheet = self.book.add_worksheet("车辆通行")
        self.day = self.book.add_format({"num_format": 31})  # Chinese Excel's own: 2020年3月9日

    def headings(self, row: int, **other: str) -> None:
        for index, name in enumerate(self.names):
            self.sheet.write_string(row - 1, index, other.get(name, self.labels[name]))

    def write(self, row: int, cells: Cells) -> None:
        for name, value in cells.items():
            index = self.names.index(name)
            if isinstance(value, datetime):
                self.sheet.write_datetime(row - 1, index, value, self.day)
            elif value not in (None, ""):
                self.sheet.write(row - 1, index, value)

    def at(self, name: str) -> int:
        """The place of a column, from 0."""
        return self.names.index(name)

    def cell(self, name: str, row: int) -> str:
        """``B7``."""
        return f"{chr(65 + self.at(name))}{row}"

    def down(self, name: str, first: int, last: int, value: Any) -> None:
        """Merge a column's cells."""
        self.sheet.merge_range(first - 1, self.at(name), last - 1, self.at(name), value)

    def bytes(self, *, dimension: str = "") -> bytes:
        self.book.close()
        return declaring(self._file.getvalue(), dimension) if dimension else self._file.getvalue()


def declaring(content: bytes, dimension: str) -> bytes:
    """The same workbook, whose first sheet says that it is so large."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                text = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="%b"'
                              % dimension.encode(), text)  # fmt: skip
            new.writestr(part, text)
    return made.getvalue()


def of_a_district() -> tuple[bytes, Expected]:
    """A blank row, a merged title, the department's row, two rows of headings, total and note."""
    make = Maker()
    last = len(make.names) - 1
    make.sheet.merge_range(1, 0, 1, last, "2020年3月车辆通行需求汇总表")
    make.sheet.write_string(2, 0, "报送部门：涧西区发改委")
    make.sheet.write_string(2, last, "单位：辆")
    parents = {"driver_name": ("驾驶员", 2), "valid_from": ("有效期", 2)}
    children = {"driver_name": "姓名", "driver_mobile": "手机", "valid_from": "起始日期",
                "valid_to": "截止日期"}  # fmt: skip
    for index, name in enumerate(make.names):
        if name in parents:
            text, width = parents[name]
            make.sheet.merge_range(3, index, 3, index + width - 1, text)
        if name in children:
            make.sheet.write_string(4, index, children[name])
        else:
            make.sheet.merge_range(3, index, 4, index, make.labels[name])
    make.write(6, line("豫C11111", valid_from=datetime(2030, 3, 9), valid_to="2030年3月16日"))  # noqa: DTZ001 - as Excel has it
    make.write(7, line("豫C22222"))
    make.sheet.merge_range(7, 0, 7, 2, "合计：2 辆")
    make.sheet.write_string(9, 0, "填表人：张三    审核：李四    2020年3月9日")
    notices = [("above", "2:3", LEFT_OUT), ("total", "8:8", LEFT_OUT), ("note", "10:10", LEFT_OUT)]
    return make.bytes(), Expected([[6], [7]], ["豫C11111", "豫C22222"], [], notices)


def of_wps() -> tuple[bytes, Expected]:
    """Borders down to row 25,000, a declared dimension of the whole sheet, full-width digits."""
    make = Maker()
    border = make.book.add_format({"border": 1})
    make.headings(1)
    for row in range(1, 25_000):
        make.sheet.write_blank(row, 0, None, border)
    make.write(2, line("豫C11111", "１", valid_from="２０３０－３－９", valid_to="2030.3.16"))
    make.write(3, line("豫C22222", "01", valid_from="2030/3/9", valid_to="20300316"))
    make.write(4, line("豫C33333", 1, valid_from=47551, valid_to="2030年03月16日"))
    serial = ("serials", make.cell("valid_from", 4), READ)
    content = make.bytes(dimension="A1:XFD1048576")
    return content, Expected([[2, 3, 4]], ["豫C11111", "豫C22222", "豫C33333"], [], [serial])


def with_merged_cells() -> tuple[bytes, Expected]:
    """A number merged over three rows, a title over two without a number, rows two high."""
    make = Maker()
    make.headings(1)
    for row, plate in enumerate(("豫C11111", "豫C22222", "豫C33333"), start=2):
        make.write(row, {**line(plate), **dict.fromkeys(TICKET)})
    for name, value in {"t_no": 7, **TICKET}.items():
        make.down(name, 2, 4, value)
    for row, plate in enumerate(("豫C44444", "豫C55555"), start=5):
        make.write(row, line(plate, t_title=None, carrier=None))
    make.down("t_title", 5, 6, "水泥运输受阻")
    make.down("carrier", 5, 6, "洛阳运输公司")
    for name, value in line("豫C66666").items():
        if value not in (None, ""):
            make.down(name, 7, 8, value)
    carriers = f"{make.cell('carrier', 5)}:{make.cell('carrier', 6)}"
    merged = ["A2:A4", "B2:B4", "C2:C4", "F2:F4", "G2:G4", "C5:C6", carriers]
    return make.bytes(), Expected(
        [[2, 3, 4], [5, 6], [7]],
        ["豫C11111", "豫C22222", "豫C33333", "豫C44444", "豫C55555", "豫C66666"], [],
        [("merged", ", ".join(merged), READ)],
    )  # fmt: skip


def with_numbers_apart() -> tuple[bytes, Expected]:
    """One number in four spellings, with another's row between; headings repeated for printing."""
    make = Maker()
    make.headings(1)
    for row, (plate, number) in enumerate((
        ("豫C11111", 1), ("豫C22222", "第2件"), ("豫C33333", "１"),
    ), start=2):  # fmt: skip
        make.write(row, line(plate, number))
    make.headings(5)
    make.write(6, line("豫C44444", " 01 "))
    make.write(7, line("豫C55555", 1.0))
    notices = [("headings-again", "5:5", LEFT_OUT), ("apart", "2:2, 4:4, 6:7", READ)]
    plates = ["豫C11111", "豫C33333", "豫C44444", "豫C55555", "豫C22222"]
    return make.bytes(), Expected([[2, 4, 6, 7], [3]], plates, [], notices)


def with_hidden_rows() -> tuple[bytes, Expected]:
    """Rows hidden by hand and by a filter, and a column that is hidden but needed."""
    make = Maker()
    make.headings(1)
    for row in range(2, 8):
        make.write(row, line(f"豫C1111{row}"))
    make.sheet.autofilter(0, 0, 6, len(make.names) - 1)
    make.sheet.filter_column(9, "x == 豫C11112")
    for row in (4, 5, 7):
        make.sheet.set_row(row - 1, None, None, {"hidden": True})
    make.sheet.set_column(1, 1, 9, None, {"hidden": True})
    notices = [("hidden-rows", "4:5, 7:7", LEFT_OUT), ("hidden-columns", "B:B", READ)]
    return make.bytes(), Expected(
        [[2], [3], [6]], ["豫C11112", "豫C11113", "豫C11116"], [], notices
    )


def with_other_sheets() -> tuple[bytes, Expected]:
    """The table on the second sheet, a cover before it, last month's behind, and a hidden one."""
    make = Maker()
    cover, make.sheet = make.sheet, make.book.add_worksheet("3月")
    cover.write_string(0, 0, "关于报送车辆通行需求的函")
    make.headings(1)
    make.write(2, line("豫C11111"))
    for name, rows in {"2月": 3, "代码表": 2}.items():
        sheet = make.book.add_worksheet(name)
        for row in range(rows):
            sheet.write_string(row, 0, f"{name}{row}")
    make.book.get_worksheet_by_name("代码表").hide()
    make.book.add_worksheet("空表")
    notices = [("sheet", "车辆通行", LEFT_OUT), ("sheet", "2月", LEFT_OUT),
               ("hidden-sheet", "代码表", LEFT_OUT)]  # fmt: skip
    return make.bytes(), Expected([[2]], ["豫C11111"], [], notices)


def with_columns_of_its_own() -> tuple[bytes, Expected]:
    """A serial number, a remark, and what stands in a column without a heading."""
    make = Maker()
    make.headings(1, t_detail="备注")
    make.write(2, line("豫C11111", t_detail="急用"))
    make.write(3, line("豫C22222"))
    make.write(4, line("豫C33333", t_detail="同上"))
    make.sheet.write_string(2, len(make.names), "已电话联系")
    own = f"{chr(65 + len(make.names))}3"
    notices = [("unknown-heading", "D2, D4", LEFT_OUT), ("no-heading", own, LEFT_OUT)]
    plates = ["豫C11111", "豫C22222", "豫C33333"]
    return make.bytes(), Expected([[2], [3], [4]], plates, [], notices)


def with_formulas() -> tuple[bytes, Expected]:
    """Results, errors, results that show nothing, and formulas filled down too far."""
    make = Maker()
    make.headings(1)
    for row, plate in enumerate(("豫C11111", "豫C22222", "豫C33333"), start=2):
        make.write(row, line(plate))
    make.sheet.write_formula(2, make.at("plate"), '="豫C"&22222', None, "豫C22222")
    make.sheet.write_formula(2, make.at("t_detail"), '=IF(A3="","",A3)', None, " ")
    make.sheet.write_formula(3, make.at("carrier"), "=Sheet9!A1", None, "#REF!")
    for row in range(4, 9):
        make.sheet.write_formula(row, make.at("t_no"), "=A4+1", None, 0)
    notices = [("formulas-alone", "5:9", LEFT_OUT), ("formulas", make.cell("plate", 3), READ)]
    error = (make.cell("carrier", 4), "error-value")
    return make.bytes(), Expected([[2], [3], [4]], [], [error], notices)


def with_comments() -> tuple[bytes, Expected]:
    """Comments on headings and on cells, a text box, and a value merged across two columns."""
    make = Maker()
    make.headings(1)
    make.sheet.write_comment("B1", "填写项目编码")
    make.write(2, line("豫C11111"))
    make.write(3, line("豫C22222"))
    make.sheet.write_comment("J3", "此车已换")
    make.sheet.write_comment("C3", "改为急件")
    make.sheet.insert_textbox(5, 1, "以上车辆均已消毒")
    make.sheet.merge_range(1, make.at("trailer_plate"), 1, make.at("carrier"), "洛阳运输公司")
    across = f"{make.cell('trailer_plate', 2)}:{make.cell('carrier', 2)}"
    notices = [("merged-across", across, LEFT_OUT), ("covered", make.cell("carrier", 2), LEFT_OUT),
               ("comments", "C3, J3", LEFT_OUT), ("drawings", "", LEFT_OUT)]  # fmt: skip
    errors = [(make.cell("trailer_plate", 2), "plate"), (make.cell("carrier", 2), "required")]
    return make.bytes(), Expected([[2], [3]], [], errors, notices)


def with_a_used_example() -> tuple[bytes, Expected]:
    """The template with a real row where the example stood, still marked 示例."""
    with translation.override("zh-hans"):
        given = template("vehicle_pass")
    made, names = BytesIO(given), list(columns())
    book = load_workbook(made)
    for name, value in line("豫C11111").items():
        if name != "t_no":
            book.worksheets[0].cell(2, names.index(name) + 1, value or None)
    made = BytesIO()
    book.save(made)
    notices = [("no-example", "2:2", READ)]
    return made.getvalue(), Expected([[2]], ["豫C11111"], [], notices)


def of_excel_97() -> tuple[bytes, Expected]:
    """An .xls file with merged cells, a hidden row, a day, and a second sheet."""
    labels, names = columns(), list(columns())
    book = xlwt.Workbook()
    sheet = book.add_sheet("车辆通行")
    day = xlwt.easyxf(num_format_str='yyyy"年"m"月"d"日"')
    for index, name in enumerate(names):
        sheet.write(1, index, labels[name])
    sheet.write_merge(0, 0, 0, 9, "车辆通行需求表")
    sheet.write_merge(2, 3, 0, 0, 5)
    march = {"valid_from": datetime(2030, 3, 9), "valid_to": "2030.3.16"}  # noqa: DTZ001 - as Excel has it
    rows = [line("豫C11111", **march), line("豫C22222"), line("豫C33333"), line("豫C44444", 6)]
    for row, cells in enumerate(rows, start=2):
        for name, value in cells.items():
            if value not in (None, ""):
                style = day if isinstance(value, datetime) else xlwt.Style.default_style
                sheet.write(row, names.index(name), value, style)
    sheet.row(4).hidden = True
    book.add_sheet("备用").write(0, 0, "备用")
    made = BytesIO()
    book.save(made)
    notices = [("above", "1:1", LEFT_OUT), ("hidden-rows", "5:5", LEFT_OUT),
               ("merged", "A3:A4", READ), ("sheet", "备用", LEFT_OUT)]  # fmt: skip
    plates = ["豫C11111", "豫C22222", "豫C44444"]
    return made.getvalue(), Expected([[3, 4], [6]], plates, [], notices)


def with_numbers_of_all_sorts() -> tuple[bytes, Expected]:
    """Thousands, a total of a column merged over rows, digits that Excel lost, days with words."""
    make = Maker("material_supply")
    make.headings(1)
    material = {"item": "水泥", "specification": "42.5", "unit": "吨", "shortage": "运输",
                "needed_by": "2030年3月9日"}  # fmt: skip
    with translation.override("zh-hans"):
        shortage = next(each for each in columns_of("material_supply") if each.name == "shortage")
        material["shortage"] = str(dict(shortage.choices)["transport"])
    rows: list[Cells] = [
        {"quantity": "1,200", "in_stock": 0.1 + 0.2},
        {"quantity": "１２００．５", "in_stock": "０"},
        {"quantity": None, "in_stock": 0}, {"quantity": None, "in_stock": 0},
        {"quantity": 5, "in_stock": 0, "specification": 110105194912310021},
        {"quantity": 5, "in_stock": 0, "needed_by": "3月底前"},
    ]  # fmt: skip
    for row, cells in enumerate(rows, start=2):
        make.write(row, {**TICKET, **material, **cells})
    make.down("quantity", 4, 5, 300)
    quantities = [make.cell("quantity", row) for row in (4, 5)]
    errors = [
        *((cell, "merged-number") for cell in quantities),
        (make.cell("specification", 6), "digits"), (make.cell("needed_by", 7), "type"),
    ]  # fmt: skip
    notices = [("merged", ":".join(quantities), READ)]
    return make.bytes(), Expected([[2], [3], [4], [5], [6], [7]], [], errors, notices)


BOOKS: Final[dict[str, tuple[str, Callable[[], tuple[bytes, Expected]]]]] = {
    make.__name__: (kind, make)
    for kind, make in (
        ("vehicle_pass", of_a_district), ("vehicle_pass", of_wps),
        ("vehicle_pass", with_merged_cells), ("vehicle_pass", with_numbers_apart),
        ("vehicle_pass", with_hidden_rows), ("vehicle_pass", with_other_sheets),
        ("vehicle_pass", with_columns_of_its_own), ("vehicle_pass", with_formulas),
        ("vehicle_pass", with_comments), ("vehicle_pass", with_a_used_example),
        ("vehicle_pass", of_excel_97), ("material_supply", with_numbers_of_all_sorts),
    )
}  # fmt: skip
