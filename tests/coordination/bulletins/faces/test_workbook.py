"""The workbook has figures as numbers that look as they are printed, and words as strings."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import pytest
from openpyxl import load_workbook

from coordination.bulletins.faces.wording import printable, worded
from coordination.bulletins.faces.workbook import workbook_of
from coordination.bulletins.paper import Paper
from projects.house.blocks import Column, Format
from projects.house.sheets import Cell, Sheet
from tests.coordination.bulletins.faces import hostile, sample

HEADER: Final = 4
PAPERS: Final = {
    "zh": sample.chinese_paper(), "en": sample.english_paper(), "hostile": hostile.paper(),
}  # fmt: skip


@pytest.fixture(params=PAPERS)
def paper(request: pytest.FixtureRequest) -> Paper:
    return PAPERS[request.param]


def read(paper: Paper) -> Any:
    return load_workbook(io.BytesIO(workbook_of(paper)))


def shown(cell: Any) -> str:
    """A cell's text as Excel would show it."""
    if isinstance(cell.value, datetime):
        assert cell.number_format == "yyyy-mm-dd"
        return cell.value.date().isoformat()
    if isinstance(cell.value, int | float):
        _whole, _point, places = cell.number_format.partition(".")
        return f"{cell.value:.{len(places)}f}"
    return cell.value or ""


def printed(sheet: Sheet) -> list[list[str]]:
    return [
        [printable(text) for text in (*sheet.row_headings, *sheet.headings)],
        *(
            [printable(text) for text in (*row.titles, *(cell.text for cell in row.cells))]
            for row in sheet.rows
        ),
    ]


def grids(book: Any, paper: Paper) -> Iterator[tuple[Any, Sheet, list[list[Any]]]]:
    """Each sheet of the workbook beside the paper's, with its cells from the headings down."""
    _words, *tables = book.worksheets
    for drawn, sheet in zip(tables, paper.sheets(), strict=True):
        width = len(sheet.row_headings) + len(sheet.headings)
        rows = drawn.iter_rows(HEADER, HEADER + len(sheet.rows), max_col=width)
        yield drawn, sheet, [list(row) for row in rows]


def test_every_cell_looks_as_it_is_printed(paper: Paper) -> None:
    for _drawn, sheet, cells in grids(read(paper), paper):
        assert [[shown(cell) for cell in row] for row in cells] == printed(sheet)


def test_figures_are_numbers_and_words_are_strings(paper: Paper) -> None:
    for _drawn, sheet, (_headings, *rows) in grids(read(paper), paper):
        for row, cells in zip(sheet.rows, rows, strict=True):
            titles = len(row.titles)
            assert {cell.data_type for cell in cells[:titles] if cell.value} <= {"s"}
            for cell, column, drawn in zip(row.cells, sheet.columns, cells[titles:], strict=True):
                is_figure = cell.value is not None and column.format != Format.TEXT
                kinds = (
                    {Format.DAY: {"d", "s"}}.get(column.format, {"n"}) if is_figure else {"s", "n"}
                )
                assert drawn.data_type in kinds
                if is_figure and column.format != Format.DAY:
                    assert Decimal(str(drawn.value)) == Decimal(str(cell.value))


def test_the_figures_of_the_issue() -> None:
    book = read(PAPERS["zh"])
    sheet = book.worksheets[2]
    total = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "合计")
    row = [cell.value for cell in sheet[total.row]]
    assert row == ["合计", 331, 313, 94.6, "—"]
    assert [cell.number_format for cell in sheet[total.row]][1:4] == ["0", "0", "0.0"]
    assert all(cell.font.bold for cell in sheet[total.row])
    assert not sheet[total.row - 1][0].font.bold
    money = book.worksheets[-1]
    assert [cell.value for cell in money[HEADER + 2]] == ["2020年第一批", 515, 4851, 1572.1]
    assert [cell.number_format for cell in money[HEADER + 2]][1:] == ["0", "0.00", "0.00"]
    needs = book.worksheets[-2]
    assert (needs["H9"].value, needs["H9"].number_format) == (0.125, "0.000")


def test_the_first_sheet_has_the_words(paper: Paper) -> None:
    first = read(paper).worksheets[0]
    said = [row[0].value for row in first.iter_rows()]
    assert {row[0].data_type for row in first.iter_rows()} == {"s"}
    words = worded(paper)
    head = paper.head
    wanted = [head.mark, head.heading, head.name, head.number, f"{head.office}  {words.day}",
              paper.title, paper.addressees, paper.opening]  # fmt: skip
    for part in words.parts:
        wanted.append(part.heading)
        for each in part.paragraphs:
            wanted += [each.heading, each.text]
        for table in part.tables:
            wanted += [table.caption] * bool(table.sheet.sentences) + [*table.sheet.sentences]
    listed = words.appendix_label + words.colon + words.listed[0]
    wanted += [listed, *words.listed[1:]]
    foot = paper.foot
    wanted += [f"{label}{words.colon}{name}" for label, name in (*foot.rows, *foot.signatures)]
    wanted += [foot.printed, foot.copies, words.verification]
    assert said == [printable(text) for text in wanted if text]


def test_sheets_are_ready_to_read_and_to_print(paper: Paper) -> None:
    book = read(paper)
    names = book.sheetnames
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    for drawn, sheet, _cells in grids(book, paper):
        assert drawn.freeze_panes == f"{'ABCD'[len(sheet.row_headings)]}{HEADER + 1}"
        assert drawn.print_title_rows == f"${HEADER}:${HEADER}"
        assert (drawn.page_setup.paperSize, drawn.page_setup.fitToHeight) == (9, 0)
        assert drawn.sheet_properties.pageSetUpPr.fitToPage
        assert drawn["A1"].value is None or drawn["A1"].font.bold
        assert 4 <= drawn.column_dimensions["A"].width <= 62


def references(paper: Paper) -> list[list[str]]:
    """Of each chart the cells with its names and with its values."""
    with zipfile.ZipFile(io.BytesIO(workbook_of(paper))) as file:
        charts = sorted(name for name in file.namelist() if name.startswith("xl/charts/chart"))
        return [re.findall("<c:f>(.*?)</c:f>", file.read(name).decode()) for name in charts]


def test_bars_are_native_charts_of_the_cells() -> None:
    _text, first, second, *_others = read(PAPERS["zh"]).sheetnames
    assert references(PAPERS["zh"]) == [
        [f"'{first}'!$A$5:$A$8", f"'{first}'!$D$5:$D$8"],
        [f"'{second}'!$A$5:$A$21", f"'{second}'!$D$5:$D$21"],
    ]


def test_bars_leave_out_the_rows_between_them() -> None:
    base = sample.weeks()
    first, *rest = base.rows
    mixed = replace(base, rows=(first, sample.row(("其中",), (1, 1, "9.0")), *rest))
    paper = replace(PAPERS["zh"], sections=(), appendices=(mixed,))
    name = "'附表1 近四期复工开工情况'"
    assert references(paper) == [
        [f"({name}!$A$5,{name}!$A$7:$A$9)", f"({name}!$D$5,{name}!$D$7:$D$9)"]
    ]


def one(value: Any, kind: Format, text: str | None = None) -> Any:
    """The cell that a single figure becomes."""
    sheet = sample.sheet("表", ("名",), [Column("a", "数", kind)], [sample.row(("甲",), (value,))])
    if text is not None:
        row = replace(sheet.rows[0], cells=(Cell(value, text),))
        sheet = replace(sheet, rows=(row,))
    return read(replace(PAPERS["zh"], sections=(), appendices=(sheet,))).worksheets[1]["B5"]


@pytest.mark.parametrize(
    ("value", "kind", "kept", "looks"),
    [
        (12, Format.COUNT, 12, "0"),
        (-3, Format.COUNT, -3, "0"),
        ("100.0", Format.RATE, 100, "0.0"),
        ("0.10", Format.MONEY, 0.1, "0.00"),
        (Decimal("4273.00"), Format.MONEY, 4273, "0.00"),
        ("1330", Format.QUANTITY, 1330, "0"),
        ("12.125", Format.QUANTITY, 12.125, "0.000"),
        ("12345678901234567.5", Format.QUANTITY, "12345678901234567.5", "General"),
        ("1e5", Format.QUANTITY, "1e5", "General"),
        (None, Format.COUNT, "—", "General"),
        ("2020-03-09", Format.DAY, datetime(2020, 3, 9), "yyyy-mm-dd"),  # noqa: DTZ001
        (date(2020, 3, 9), Format.DAY, datetime(2020, 3, 9), "yyyy-mm-dd"),  # noqa: DTZ001
        ("3月9日", Format.DAY, "3月9日", "General"),
        ("12", Format.TEXT, "12", "General"),
        ("=1+1", Format.TEXT, "=1+1", "General"),
    ],
)
def test_what_a_figure_becomes(value: Any, kind: Format, kept: Any, looks: str) -> None:
    cell = one(value, kind)
    assert (cell.value, cell.number_format) == (kept, looks)
    assert cell.data_type != "f"


def test_a_figure_that_is_said_in_words_is_a_string() -> None:
    assert one(2, Format.COUNT, "两个").value == "两个"
    assert one(None, Format.COUNT, "").value is None


def test_the_file_says_what_it_is_and_is_always_the_same(paper: Paper) -> None:
    made = workbook_of(paper)
    assert workbook_of(paper) == made
    about = load_workbook(io.BytesIO(made)).properties
    assert (about.title, about.creator) == (paper.title, paper.head.office)
    assert about.created.date() == paper.head.day


def test_text_that_is_longer_than_a_cell_goes_on_below() -> None:
    text = "长" * 70_000
    first = read(replace(PAPERS["zh"], opening=text, sections=(), appendices=())).worksheets[0]
    said = [row[0].value for row in first.iter_rows()]
    assert "".join(each for each in said if set(each) == {"长"}) == text


def test_a_draft_says_so_in_words_and_on_paper() -> None:
    book = read(sample.chinese_paper(mark="草稿 & 未定稿", number=""))
    assert book.worksheets[0]["A1"].value == "草稿 & 未定稿"
    assert {sheet.oddHeader.center.text for sheet in book.worksheets} == {"草稿 && 未定稿"}
