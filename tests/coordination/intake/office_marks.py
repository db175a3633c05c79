"""Workbooks in which clerks struck rows out, wrote ditto marks, or added notes."""

from collections.abc import Callable
from io import BytesIO
from typing import Any, Final

import xlwt

from tests.coordination.intake.office_books import (
    LEFT_OUT,
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
    first = chr(65 + make.at("pass_type"))
    merged = ", ".join(f"{letter}2:{letter}4" for letter in "BCFG")
    notices = [("struck", f"B2:{last}2, {first}4:{last}4", LEFT_OUT), ("merged", merged, False)]
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


MARKED: Final[dict[str, tuple[str, Callable[[], tuple[bytes, Expected]]]]] = {
    make.__name__: (kind, make)
    for kind, make in (
        ("vehicle_pass", with_struck_rows),
        ("vehicle_pass", with_struck_rows_of_one_ticket),
        ("vehicle_pass", with_struck_rows_of_excel_97),
    )
}
