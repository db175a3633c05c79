"""Workbooks in which clerks struck rows out, wrote ditto marks, or added notes."""

from collections.abc import Callable
from io import BytesIO
from typing import Any, Final

import xlwt

from tests.coordination.intake.office_books import (
    LEFT_OUT,
    READ,
    Cells,
    Expected,
    Maker,
    columns,
    line,
)


def write_as(make: Maker, row: int, cells: Cells, style: Any) -> None:
    """A row of texts in one style."""
    for name, value in cells.items():
        if value not in (None, ""):
            make.sheet.write_string(row - 1, make.at(name), str(value), style)


def with_struck_rows() -> tuple[bytes, Expected]:
    """Rows struck out by style and by the runs of their texts, one cell struck, a low row."""
    make = Maker()
    make.headings(1)
    struck = make.book.add_format({"font_strikeout": True})
    make.write(2, line("豫C11111"))
    write_as(make, 3, line("豫C22222"), struck)
    make.write(4, line("豫C33333"))
    plate, carrier = make.at("plate"), make.at("carrier")
    make.sheet.write_rich_string(3, plate, struck, "豫C00000", " ", "豫C33333")
    make.sheet.write_string(3, carrier, "洛阳运输公司", struck)
    make.write(5, line("豫C44444"))
    make.write(6, line("豫C55555"))
    make.sheet.set_row(5, 0.4)
    last = chr(65 + make.at("valid_to"))
    errors = [(make.cell("plate", 4), "struck"), (make.cell("carrier", 4), "struck")]
    notices = [("struck", f"B3:{last}3", LEFT_OUT), ("hidden-rows", "6:6", LEFT_OUT)]
    return make.bytes(), Expected([[2], [4], [5]], [], errors, notices)


def with_struck_rows_of_one_ticket() -> tuple[bytes, Expected]:
    """Of three lines under one merged title, the first and the last are struck out."""
    make = Maker()
    make.headings(1)
    struck = make.book.add_format({"font_strikeout": True})
    shared = {name: value for name, value in line("").items() if name.startswith("t_") and value}
    for row, plate in enumerate(("豫C11111", "豫C22222", "豫C33333"), start=2):
        own = {name: value for name, value in line(plate).items() if not name.startswith("t_")}
        if row == 3:
            make.write(row, own)
        else:
            write_as(make, row, own, struck)
    for name, value in shared.items():
        make.down(name, 2, 4, value)
    last = chr(65 + make.at("valid_to"))
    first = make.cell("pass_type", 4)
    merged = ", ".join(f"{letter}2:{letter}4" for letter in "BCFG")
    notices = [("struck", f"B2:{last}2, {first}:{last}4", LEFT_OUT), ("merged", merged, READ)]
    return make.bytes(), Expected([[3]], ["豫C22222"], [], notices)


def with_struck_rows_of_excel_97() -> tuple[bytes, Expected]:
    """The same in .xls: by style, by runs, and a row without height."""
    labels, names = columns(), list(columns())
    book = xlwt.Workbook()
    sheet: Any = book.add_sheet("车辆通行")
    struck, plain = xlwt.easyxf("font: struck_out on"), xlwt.easyxf()
    for index, name in enumerate(names):
        sheet.write(0, index, labels[name])
    plates = ("豫C11111", "豫C22222", "豫C33333", "豫C44444")
    for row, plate in enumerate(plates, start=1):
        for name, value in line(plate).items():
            if value not in (None, ""):
                sheet.write(row, names.index(name), value, struck if row == 2 else plain)
    parts = (("豫C00000", struck.font), (" 豫C33333", plain.font))
    sheet.write_rich_text(3, names.index("blocked_checkpoint"), parts)
    sheet.row(4).height, sheet.row(4).height_mismatch = 0, True
    made = BytesIO()
    book.save(made)
    last = chr(65 + names.index("valid_to"))
    error = (f"{chr(65 + names.index('blocked_checkpoint'))}4", "struck")
    notices = [("struck", f"B3:{last}3", LEFT_OUT), ("hidden-rows", "5:5", LEFT_OUT)]
    return made.getvalue(), Expected([[2], [4]], [], [error], notices)


def with_dittos() -> tuple[bytes, Expected]:
    """Marks for the cell above and the one to the left, and two that repeat nothing."""
    make = Maker()
    make.headings(1)
    make.write(2, line("豫C11111", "1", carrier="洛阳运输公司", destination="同左"))
    names = ("t_no", "t_project", "t_title", "t_contact_name", "t_contact_mobile")
    make.write(3, line("豫C22222", **dict.fromkeys(names, "〃"), carrier="同上", origin="″",
                       destination="ditto", driver_mobile='"'))  # fmt: skip
    make.write(4, line("豫C33333", carrier="洛阳运输公司", blocked_checkpoint="同上"))
    make.write(5, line("豫C44444", carrier="同左"))
    own = [make.cell(name, 3) for name in (*names, "carrier", "driver_mobile", "origin",
                                           "destination")]  # fmt: skip
    read = sorted([make.cell("destination", 2), *own], key=lambda cell: (cell[1:], cell[0]))
    errors = [(make.cell("blocked_checkpoint", 4), "ditto"), (make.cell("carrier", 5), "ditto")]
    notices = [("dittos", ", ".join(read), READ)]
    return make.bytes(), Expected([[2, 3], [4], [5]], [], errors, notices)


def with_dittos_alone() -> tuple[bytes, Expected]:
    """The second row repeats all but the plate."""
    make = Maker()
    make.headings(1)
    make.write(2, line("豫C11111"))
    make.write(3, {name: "同上" for name, value in line("").items() if value}
               | {"plate": "豫C22222"})  # fmt: skip
    repeated = [make.cell(name, 3) for name in make.names
                if line("").get(name) and name != "plate"]  # fmt: skip
    place = ", ".join([*repeated[:12], "…"] if len(repeated) > 12 else repeated)
    return make.bytes(), Expected(
        [[2], [3]], ["豫C11111", "豫C22222"], [], [("dittos", place, READ)]
    )


def with_notes() -> tuple[bytes, Expected]:
    """Notes of one cell between the rows and below them, in several columns."""
    make = Maker()
    make.headings(1)
    make.write(2, line("豫C11111"))
    make.sheet.write_string(2, 0, "以上为3月9日新增")
    make.write(4, line("豫C22222"))
    make.sheet.write_string(4, 0, "以上共7辆")
    make.sheet.write_string(5, 2, "1、以上车辆均已消毒")
    make.sheet.write_string(6, make.at("plate"), "2、请协调涧西区放行")
    make.sheet.write_string(7, make.at("origin"), "急")
    make.sheet.write_string(8, 0, "填表人：张三")
    make.sheet.write_string(9, 1, "注：联系电话同上")
    make.sheet.write_number(10, 0, 8)
    notices = [("alone", "3:3, 6:8, 11:11", LEFT_OUT), ("note", "9:10", LEFT_OUT),
               ("total", "5:5", LEFT_OUT)]  # fmt: skip
    return make.bytes(), Expected([[2], [4]], ["豫C11111", "豫C22222"], [], notices)


def with_rows_hardly_begun() -> tuple[bytes, Expected]:
    """A single cell that its column alone could hold is a row in which the others are missing."""
    make = Maker()
    make.headings(1)
    make.write(2, line("豫C11111"))
    begun = {"t_project": "P-1", "plate": "豫C22222", "driver_mobile": "13900139000",
             "valid_from": "2030.3.9", "pass_type": "B类(省内)"}  # fmt: skip
    asked = [name for name in make.names if line("").get(name) and name != "plate"]
    needed = [name for name in make.names if name in asked or name == "plate"]
    errors = []
    for row, (name, value) in enumerate(begun.items(), start=3):
        make.sheet.write_string(row - 1, make.at(name), value)
        errors += [(make.cell(each, row), "required") for each in needed if each != name]
    return make.bytes(), Expected([[2], [3], [4], [5], [6], [7]], [], errors, [])


MARKED: Final[dict[str, tuple[str, Callable[[], tuple[bytes, Expected]]]]] = {
    make.__name__: (kind, make)
    for kind, make in (
        ("vehicle_pass", with_struck_rows),
        ("vehicle_pass", with_struck_rows_of_one_ticket),
        ("vehicle_pass", with_struck_rows_of_excel_97),
        ("vehicle_pass", with_dittos),
        ("vehicle_pass", with_dittos_alone),
        ("vehicle_pass", with_notes),
        ("vehicle_pass", with_rows_hardly_begun),
    )
}
