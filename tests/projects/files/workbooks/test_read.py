"""What a workbook holds, cell by cell: values, formulas, what is hidden, merged or said beside."""

import zipfile
from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

import pytest
import xlsxwriter
import xlwt
from openpyxl import Workbook

from projects.files.workbooks.book import Area, Cell, Sheet, Value, letters, runs
from projects.files.workbooks.read import read_workbook
from projects.files.workbooks.serials import is_of_dates, is_of_months, moment_of
from projects.record.refusals import Invalid
from tests.projects.files.ole import ole

_TYPES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def read(content: bytes, most_rows: int = 1000) -> list[Sheet]:
    return read_workbook(content, most_rows=most_rows)


def made(**sheets: str) -> bytes:
    """A workbook of these sheets' XML, without styles and strings: as a hand would write it."""
    parts = {
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": "<workbook xmlns:r='r'><sheets>" + "".join(
            f"<sheet name='{name}' r:id='r{index}'/>" for index, name in enumerate(sheets)
        ) + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(
            *(("worksheet", f"/xl/worksheets/{name}.xml") for name in sheets)
        ),
        **{f"xl/worksheets/{name}.xml": f"<worksheet>{text}</worksheet>"
           for name, text in sheets.items()},
    }  # fmt: skip
    return packed(parts)


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


def _relations(*targets: tuple[str, str]) -> str:
    return "<Relationships>" + "".join(
        f"<Relationship Id='r{index}' Type='{_TYPES}/{kind}' Target='{target}'/>"
        for index, (kind, target) in enumerate(targets)
    ) + "</Relationships>"  # fmt: skip


def written(fill: Any, **options: Any) -> bytes:
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, **options})
    fill(book, book.add_worksheet("表"))
    book.close()
    return file.getvalue()


def test_what_is_struck_through() -> None:
    """By the cell's style, by the runs of its text, and by both; white space shows no line."""

    def fill(book: Any, sheet: Any) -> None:
        struck, bold = book.add_format({"font_strikeout": True}), book.add_format({"bold": True})
        sheet.write_row(0, 0, ["a", 1, True], struck)
        sheet.write_row(1, 0, ["a", 1])
        sheet.write_rich_string(2, 0, struck, "a", bold, "b")
        sheet.write_rich_string(2, 1, struck, "a", struck, "b")
        sheet.write_rich_string(2, 2, "a", bold, "b", struck)
        sheet.write_rich_string(2, 3, struck, "a", bold, " ")

    (sheet,) = read(written(fill))
    found = {row: [cell.strike for cell in cells.values()] for row, cells in sheet.rows.items()}
    assert found == {1: ["whole"] * 3, 2: ["", ""], 3: ["part", "whole", "part", "whole"]}
    off, on = "<rPr><strike val='0'/></rPr>", "<rPr><strike/></rPr>"
    inline = f"<is><r>{off}<t>a</t></r><r>{on}<t>b</t></r></is>"
    rows = f"<sheetData><row r='1'><c r='A1' t='inlineStr'>{inline}</c><c r='B1'><v>1</v></c></row>"
    (by_hand,) = read(made(a=f"{rows}</sheetData>"))
    assert [cell.strike for cell in by_hand.rows[1].values()] == ["part", ""]


@pytest.mark.parametrize(("height", "hidden"), [
    ("0", True), ("0.00", True), ("0.75", True), ("1", False), ("13.5", False),
])  # fmt: skip
def test_a_row_that_is_too_low_to_be_seen_is_hidden(height: str, hidden: bool) -> None:  # noqa: FBT001 - a column of the table above
    row = f"<sheetData><row r='1' ht='{height}' customHeight='1'><c r='A1'><v>1</v></c></row>"
    (sheet,) = read(made(a=f"{row}</sheetData>"))
    assert (1 in sheet.hidden_rows) == hidden


def in_turn(*values: Value) -> dict[int, Cell]:
    return {column: Cell(value) for column, value in enumerate(values, start=1)}


def test_every_kind_of_value() -> None:
    def fill(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["文字", 7, 0.1 + 0.2, 1.5e15, True, -3.25])
        sheet.write_datetime(1, 0, datetime(2020, 3, 9), day)  # noqa: DTZ001 - as Excel has it
        sheet.write_datetime(1, 1, datetime(2020, 3, 9, 8, 30), day)  # noqa: DTZ001 - as Excel has it
        sheet.write_number(1, 2, 0.5, book.add_format({"num_format": "hh:mm"}))
        sheet.write_number(1, 3, 1.5, book.add_format({"num_format": "[h]:mm"}))
        sheet.write_number(1, 4, 43899, book.add_format({"num_format": 57}))
        sheet.write_number(1, 5, 43899, book.add_format({"num_format": '#,##0"元"'}))
        sheet.write_formula(2, 0, "=1+1", None, 2)
        sheet.write_formula(2, 1, '=""', None, " ")
        sheet.write_formula(2, 2, "=A9", None, "#REF!")
        sheet.write_formula(2, 3, "=now()", None, "")
        sheet.write_rich_string(2, 4, "一", book.add_format({"bold": True}), "二", "三")
        sheet.write_string(2, 5, " \u3000\u200b")
        sheet.write_blank(3, 0, None, book.add_format({"border": 1}))

    (sheet,) = read(written(fill))
    march = datetime(2020, 3, 9)  # noqa: DTZ001 - as Excel has it
    assert sheet.rows == {
        1: in_turn("文字", Decimal(7), Decimal("0.3"), Decimal("1.5e15"), True, Decimal("-3.25")),
        2: in_turn(march, march.replace(hour=8, minute=30), time(12), Decimal("1.5"))
        | {5: Cell(march, is_month=True), 6: Cell(Decimal(43899))},
        3: {1: Cell(Decimal(2), is_formula=True), 3: Cell(None, is_formula=True, error="#REF!"),
            4: Cell(None, is_formula=True), 5: Cell("一二三")},
    }  # fmt: skip
    assert [cell.text for cell in sheet.rows[1].values()] == [
        "文字", "7", "0.3", "1500000000000000", "True", "-3.25",
    ]  # fmt: skip


def test_what_other_programs_write() -> None:
    """Prefixes, cells without places, texts within cells, days in words, marks of pronunciation."""
    text = (
        "<x:sheetData xmlns:x='x'><x:row r='3'><x:c><x:v>1</x:v></x:c>"
        "<x:c r='D3' t='inlineStr'><x:is><x:r><x:t>东</x:t></x:r><x:rPh><x:t>とう</x:t></x:rPh>"
        "<x:r><x:t>莞</x:t></x:r></x:is></x:c><x:c t='d'><x:v>2020-03-09T08:00:00Z</x:v></x:c>"
        "<x:c t='str'><x:f>A1</x:f><x:v>a_x000D__x0000__xD800_b</x:v></x:c>"
        "<x:c><x:v>1e999</x:v></x:c></x:row>"
        "<x:row><x:c t='b'><x:v>0</x:v></x:c></x:row></x:sheetData>"
    )
    (sheet,) = read(made(a=text))
    assert sheet.rows == {
        3: {1: Cell(Decimal(1)), 4: Cell("东莞"), 5: Cell(datetime(2020, 3, 9, 8)),  # noqa: DTZ001 - as Excel has it
            6: Cell("a\rb", is_formula=True), 7: Cell(None, error="#NUM!")},
        4: {1: Cell(value=False)},
    }  # fmt: skip


def test_what_is_special_about_a_sheet() -> None:
    def fill(book: Any, sheet: Any) -> None:
        for row in range(6):
            sheet.write_row(row, 0, [f"{row}", row])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_row(3, 0)
        sheet.set_row(40, None, None, {"hidden": True})
        sheet.set_column(3, 5, 9, None, {"hidden": True})
        sheet.merge_range(7, 0, 8, 2, "合并")
        sheet.write_comment("B2", "说明")
        sheet.insert_textbox(9, 9, "文本框")
        book.add_worksheet("另").write(0, 0, 1)
        hidden = book.add_worksheet("藏")
        hidden.write(0, 0, 1)
        hidden.hide()
        book.add_chartsheet("图")

    sheet, other, hidden = read(written(fill))
    assert (sheet.name, sheet.merged) == ("表", [Area(8, 1, 9, 3)])
    assert (sheet.hidden_rows, sheet.hidden_columns) == (frozenset({3, 4}), [(4, 6)])
    assert [sheet.hides(column) for column in (3, 4, 6, 7)] == [False, True, True, False]
    assert (sheet.comments, sheet.has_drawings, sheet.is_cut) == ([(2, 2)], True, False)
    assert (other.name, other.is_hidden, hidden.name, hidden.is_hidden) == (
        "另", False, "藏", True,
    )  # fmt: skip
    assert (other.has_drawings, other.comments) == (False, [])


def test_days_since_1904() -> None:
    def fill(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime(0, 0, datetime(2020, 3, 9), day)  # noqa: DTZ001 - as Excel has it

    (sheet,) = read(written(fill, date_1904=True))
    assert sheet.rows[1][1].value == datetime(2020, 3, 9)  # noqa: DTZ001 - as Excel has it


FORMATS: Final = {
    (0, "General"): False, (14, ""): True, (31, ""): True, (58, ""): True, (2, ""): False,
    (46, ""): False, (164, 'yyyy"年"m"月"'): True, (164, "[h]:mm"): False,
    (164, '0.00"days"'): False, (164, "[Red]0;[Blue]-0"): False, (164, "上午/下午h时"): True,
    (164, "[$-804]aaaa"): False, (164, "[DBNum1][$-804]m月d日"): True, (164, "0_d"): False,
    (164, "\\d0"): False, (164, "@"): False,
}  # fmt: skip


def test_which_formats_are_of_days() -> None:
    assert {each: is_of_dates(*each) for each in FORMATS} == FORMATS


def test_which_formats_show_a_month_and_no_day() -> None:
    codes = ['yyyy"年"m"月"', "yyyy年m月;@", "[$-804]yyyy/mm", "mmm-yy", "e\\.m"]
    assert [is_of_months(164, each) for each in codes] == [True] * 5
    others = ["yyyy-mm-dd", 'm"月"d"日"', "yyyy", "mm:ss", "yyyy/m h:mm", 'yyyy"年"m"月"d"日"']
    assert [is_of_months(164, each) for each in others] == [False] * 6
    assert [each for each in range(60) if is_of_months(each)] == [17, 27, 36, 50, 52, 57]


def test_what_numbers_are_as_days() -> None:
    assert moment_of(43899.999999) == datetime(2020, 3, 10)  # noqa: DTZ001 - as Excel has it
    assert moment_of(43899 + 8.5 / 24) == datetime(2020, 3, 9, 8, 30)  # noqa: DTZ001 - as Excel has it
    assert moment_of(1) == datetime(1900, 1, 1)  # noqa: DTZ001 - as Excel has it
    assert moment_of(61) == datetime(1900, 3, 1)  # noqa: DTZ001 - as Excel has it
    assert (moment_of(0.75), moment_of(-1), moment_of(2_958_466)) == (time(18), None, None)


def test_names_of_columns_and_runs_of_rows() -> None:
    assert [letters(each) for each in (1, 26, 27, 702, 703, 16384)] == [
        "A", "Z", "AA", "ZZ", "AAA", "XFD",
    ]  # fmt: skip
    assert runs([5, 3, 4, 9, 9]) == [(3, 5), (9, 9)]
    assert runs([]) == []


def rows_of(number: int, *, first: int = 1) -> str:
    return "<sheetData>" + "".join(
        f"<row r='{row}'><c r='A{row}'><v>{row}</v></c></row>"
        for row in range(first, first + number)
    ) + "</sheetData>"  # fmt: skip


LARGE: Final = {
    "a dimension of the whole sheet": "<dimension ref='A1:XFD1048576'/>" + rows_of(3),
    "a stray value in the last cell": rows_of(2) + (
        "<sheetData><row r='1048576'><c r='XFD1048576'><v>1</v></c></row></sheetData>"
    ),
    "borders down to the last row": rows_of(3) + "<sheetData>" + "".join(
        f"<row r='{row}'><c r='A{row}' s='1'/><c r='B{row}' s='1'/></row>"
        for row in range(4, 60_000)
    ) + "</sheetData>",
    "a column merged to the last row": rows_of(3) + (
        "<mergeCells><mergeCell ref='B1:B1048576'/><mergeCell ref='D1:XFD1'/></mergeCells>"
    ),
    "values far apart": "<sheetData>" + "".join(
        f"<row r='{row}'><c r='A{row}'><v>1</v></c></row>" for row in (1, 500_000, 1_000_000)
    ) + "</sheetData>",
}  # fmt: skip


def test_large_is_what_holds_much_and_not_what_spans_much() -> None:
    for what, text in LARGE.items():
        (sheet,) = read(made(a=text), most_rows=3)
        assert (len(sheet.rows), sheet.is_cut) == (3, False), what


def test_more_rows_than_may_be_are_not_read_and_that_is_said() -> None:
    sheets = read(made(a=rows_of(200), b=rows_of(100), c=rows_of(101, first=7)), most_rows=100)
    assert [(len(each.rows), each.is_cut) for each in sheets] == [
        (50, True), (100, False), (50, True),
    ]  # fmt: skip


def test_what_follows_the_last_row_is_not_even_looked_at() -> None:
    text = rows_of(101) + "<sheetData><row><c><v>no number</v></c></row></sheetData>"
    assert [each.is_cut for each in read(made(a=text), most_rows=100)] == [True]
    with pytest.raises(Invalid):
        read(made(a=text), most_rows=1000)


def old(fill: Any) -> bytes:
    book, file = xlwt.Workbook(), BytesIO()
    fill(book, book.add_sheet("表"))
    book.save(file)
    return file.getvalue()


def test_excel_97() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write(0, 0, "文字")
        sheet.write(0, 1, 0.1 + 0.2)
        sheet.write(0, 2, datetime(2020, 3, 9, 8), xlwt.easyxf(num_format_str="yyyy-mm-dd"))  # noqa: DTZ001 - as Excel has it
        sheet.write(0, 3, *[True])
        sheet.write(0, 4, datetime(2020, 3, 1), xlwt.easyxf(num_format_str="yyyy年m月"))  # noqa: DTZ001 - as Excel has it
        for row in range(2, 5):
            sheet.write(row, 0, row)
        sheet.row(3).hidden = True
        sheet.col(2).hidden = True
        sheet.write_merge(6, 7, 0, 1, "合并")
        sheet.write(9, 0, "", xlwt.easyxf("borders: left thin"))
        book.add_sheet("藏").visibility = 1

    sheet, hidden = read(old(fill))
    assert sheet.rows == {
        1: {1: Cell("文字"), 2: Cell(Decimal("0.3")), 3: Cell(datetime(2020, 3, 9, 8)),  # noqa: DTZ001 - as Excel has it
            4: Cell(value=True), 5: Cell(datetime(2020, 3, 1), is_month=True)},  # noqa: DTZ001 - as Excel has it
        3: {1: Cell(Decimal(2))}, 4: {1: Cell(Decimal(3))}, 5: {1: Cell(Decimal(4))},
        7: {1: Cell("合并")},
    }  # fmt: skip
    assert (sheet.hidden_rows, sheet.hidden_columns) == (frozenset({4}), [(3, 3)])
    assert (sheet.merged, hidden.is_hidden) == ([Area(7, 1, 8, 2)], True)
    (long,) = read(old(lambda _book, sheet: [sheet.write(row, 0, row) for row in range(20)]), 9)
    assert long.is_cut


WHY_NOT: Final[dict[str, tuple[bytes, str]]] = {
    "text": (b"a,b\n1,2\n", "workbook"),
    "a web page": ("\ufeff \n<html><table>".encode(), "web-page"),
    "XML of Excel 2003": (b"<?xml version='1.0'?><Workbook/>", "web-page"),
    "a password": (ole(EncryptedPackage=b"", EncryptionInfo=b""), "encrypted"),
    "old Word": (ole(WordDocument=b""), "workbook"),
    "half an old workbook": (old(lambda _b, sheet: sheet.write(0, 0, 1))[:700], "damaged"),
    "an archive": (packed({"a.txt": "a"}), "workbook"),
    "a document": (
        packed({"_rels/.rels": _relations(("officeDocument", "word/d.xml"))}), "workbook",
    ),
    "half an archive": (made(a=rows_of(3))[:-30], "damaged"),
    "no XML": (made(a="<sheetData><row>"), "damaged"),
    "a number that is none": (
        made(a="<sheetData><row><c><v>x</v></c></row></sheetData>"), "damaged",
    ),
    "a string that is not there": (
        made(a="<sheetData><row><c t='s'><v>9</v></c></row></sheetData>"), "damaged",
    ),
    "a place that is none": (
        made(a="<sheetData><row><c r='?1'><v>9</v></c></row></sheetData>"), "damaged",
    ),
    "entities": (
        packed({"_rels/.rels": "<!DOCTYPE a [<!ENTITY b 'c'>]><Relationships/>"}), "entities",
    ),
    "a bomb": (packed({"xl/a.xml": b" " * 135_000_000}), "too-large"),
    "a chart alone": (
        packed({"_rels/.rels": _relations(("officeDocument", "w.xml")), "w.xml": "<workbook/>"}),
        "workbook",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WHY_NOT)
def test_what_cannot_be_read_says_why(what: str) -> None:
    content, code = WHY_NOT[what]
    with pytest.raises(Invalid) as refused:
        read(content)
    assert [(error.path, error.code) for error in refused.value.errors] == [(("file",), code)]


def test_a_workbook_of_openpyxl() -> None:
    book, file = Workbook(), BytesIO()
    sheet: Any = book.active
    sheet["B2"], sheet["C3"] = "=1+1", "a"
    book.save(file)
    (found,) = read(file.getvalue())
    assert found.rows == {2: {2: Cell(None, is_formula=True)}, 3: {3: Cell("a")}}
