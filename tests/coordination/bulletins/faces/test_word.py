"""The Word file has each figure and word of the paper, fonts in every style, and real headings."""

import io
import zipfile
from dataclasses import replace
from typing import Any, Final

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from coordination.bulletins.faces.word import word_of
from coordination.bulletins.faces.wording import printable, worded
from coordination.bulletins.paper import Paper
from projects.house.blocks import Format
from projects.house.sheets import Sheet
from tests.coordination.bulletins.faces import hostile, sample

VERIFICATION: Final = (
    "本期数据和版面已固化。核验码7b251548 809e0e9d（SHA-256前16位），"
    "核验地址https://zhitongche.example/v/2020-10"
)
PAPERS: Final = {
    "zh": sample.chinese_paper(), "en": sample.english_paper(), "hostile": hostile.paper(),
}  # fmt: skip


@pytest.fixture(params=PAPERS)
def paper(request: pytest.FixtureRequest) -> Paper:
    return PAPERS[request.param]


def read(paper: Paper) -> Any:
    return Document(io.BytesIO(word_of(paper)))


def cells_of(sheet: Sheet) -> list[list[str]]:
    return [
        [printable(text) for text in (*sheet.row_headings, *sheet.headings)],
        *(
            [printable(text) for text in (*row.titles, *(cell.text for cell in row.cells))]
            for row in sheet.rows
        ),
    ]


def test_every_cell_of_every_table_is_in_it(paper: Paper) -> None:
    *tables, _imprint = read(paper).tables
    for table, sheet in zip(tables, paper.sheets(), strict=True):
        headings, *rows = ([cell.text for cell in row.cells] for row in table.rows)
        wanted, *cells = cells_of(sheet)
        assert [" ".join(text.split()) for text in headings] == wanted
        assert rows == cells


def test_every_paragraph_is_in_it_in_order(paper: Paper) -> None:
    document = read(paper)
    words = worded(paper)
    said = [
        (paragraph.style.name, paragraph.text)
        for paragraph in document.paragraphs
        if paragraph.text and paragraph.style.name != "Table Note"
    ]
    head = paper.head
    wanted = [
        ("Mark", head.mark), ("Masthead", head.heading), ("Masthead Name", head.name),
        ("Issue", head.number), ("Office", f"{head.office}\t{words.day}"), ("Title", paper.title),
        ("Addressees", paper.addressees), ("Normal", paper.opening),
    ]  # fmt: skip
    for part in words.parts:
        wanted.append(("Heading 1", part.heading))
        for each in part.paragraphs:
            wanted += [("Heading 2", each.heading), ("Normal", each.text)]
        for table in part.tables:
            wanted.append(("Caption", table.caption))
            wanted += [("Normal", sentence) for sentence in table.sheet.sentences]
    label = words.appendix_label + words.colon
    wanted += [("Normal", label * (place == 0) + each) for place, each in enumerate(words.listed)]
    for table in words.appendices:
        wanted.append(("Caption", table.caption))
        wanted += [("Normal", sentence) for sentence in table.sheet.sentences]
    assert said == [(style, text) for style, text in wanted if text]


def test_the_foot_says_who_gets_it_and_who_made_it() -> None:
    table = read(PAPERS["zh"]).tables[-1]
    shown = [list(dict.fromkeys(cell.text for cell in row.cells)) for row in table.rows]
    assert shown == [
        ["报：市委、市政府有关领导，省重点项目主管部门。"],
        ["送：市直有关单位，各协调服务组。"],
        ["发：各县（市）区政府、管委会。"],
        ["编辑：王××", "审核：李××", "签发：赵××"],
        ["洛阳市重点建设项目服务中心", "2020年3月9日印发（共60份）"],
        [VERIFICATION],
    ]


def test_every_style_names_its_east_asian_font(paper: Paper) -> None:
    document = read(paper)
    fonts = {
        style.name: style.element.rPr.rFonts.attrib
        for style in document.styles
        if style.name not in {"Default Paragraph Font", "No List"}
    }
    east = {name: each[qn("w:eastAsia")] for name, each in fonts.items()}
    assert {each[qn("w:ascii")] for each in fonts.values()} == {"Times New Roman"}
    assert east["Title"] == east["Masthead"] == "方正小标宋简体"
    assert east["Heading 1"] == east["Caption"] == east["Table Heading"] == "黑体"
    assert east["Heading 2"] == "楷体_GB2312"
    assert east["Normal"] == east["Table Text"] == east["Imprint"] == "仿宋_GB2312"
    with zipfile.ZipFile(io.BytesIO(word_of(paper))) as file:
        parts = {name: file.read(name).decode() for name in file.namelist() if "xml" in name}
    assert not any("Theme=" in text or "MS" in text for text in (parts["word/styles.xml"],))
    assert "w:eastAsia=" not in parts["word/document.xml"]  # all by styles


def test_pages_are_those_of_an_official_paper() -> None:
    document = read(PAPERS["zh"])
    (section,) = document.sections
    lengths = (
        section.page_width, section.page_height, section.top_margin, section.bottom_margin,
        section.left_margin, section.right_margin,
    )  # fmt: skip
    wanted = (210, 297, 37, 35, 28, 26)
    assert all(abs(length - Mm(mm)) < Mm(0.1) for length, mm in zip(lengths, wanted, strict=True))
    assert document.settings.odd_and_even_pages_header_footer
    for footer, align in ((section.footer, "RIGHT"), (section.even_page_footer, "LEFT")):
        (paragraph,) = footer.paragraphs
        assert paragraph.text == "— 1 —"
        assert paragraph.alignment.name == align
        assert footer.part.element.xpath(".//w:instrText/text()") == [" PAGE "]


def test_a_line_has_28_characters_in_every_program() -> None:
    """By the spacing of characters: programs differ in what a grid of characters is."""
    document = read(PAPERS["zh"])
    (kind,) = document.element.xpath(".//w:docGrid/@w:type")
    assert kind == "lines"
    spacings = {
        style.name: [int(each) for each in style.element.xpath("./w:rPr/w:spacing/@w:val")]
        for style in document.styles if style.name in {"Normal", "Heading 1", "Table Text"}
    }  # fmt: skip
    (spacing,) = spacings.pop("Normal")
    assert 27.99 <= 156 / 25.4 * 72 / (16 + spacing / 20) < 29
    assert 28 * (16 + spacing / 20) <= 156 / 25.4 * 72
    assert spacings.pop("Heading 1") == [spacing]
    assert set(map(tuple, spacings.values())) <= {(0,)}


def test_headings_of_tables_are_repeated_and_rows_are_whole(paper: Paper) -> None:
    *tables, _imprint = read(paper).tables
    for table in tables:
        rows = (
            table.rows[0]
            .cells[0]
            .paragraphs[0]
            .paragraph_format.element.xpath("ancestor::w:tbl/w:tr")
        )
        marks = [[child.tag for child in row.trPr] for row in rows]
        assert marks[0] == [qn("w:cantSplit"), qn("w:tblHeader")]
        assert all(mark == [qn("w:cantSplit")] for mark in marks[1:])


def test_totals_are_bold_and_numbers_stand_at_the_right() -> None:
    table = read(PAPERS["zh"]).tables[1]
    bold = [row.cells[0].paragraphs[0].runs[0].bold for row in table.rows[1:]]
    assert bold == [None] * 18 + [True]
    places = {cell.paragraphs[0].alignment.name for row in table.rows[1:] for cell in row.cells[1:]}
    assert places == {"RIGHT"}


def test_a_draft_says_so_on_each_page() -> None:
    mark = "草稿：未定稿，不得引用"
    document = read(sample.chinese_paper(mark=mark, number=""))
    section = document.sections[0]
    assert [each.text for each in section.header.paragraphs] == [mark]
    assert [each.text for each in section.even_page_header.paragraphs] == [mark]
    assert document.paragraphs[0].text == mark


def test_the_file_says_what_it_is_and_is_always_the_same(paper: Paper) -> None:
    made = word_of(paper)
    assert word_of(paper) == made
    about = Document(io.BytesIO(made)).core_properties
    assert (about.title, about.author) == (paper.title, paper.head.office)
    assert about.created is not None
    assert about.created.date() == paper.head.day
    assert about.comments == ""
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert [name for name in file.namelist() if "thumbnail" in name] == []


def test_bars_are_pictures_that_say_what_they_show() -> None:
    document = read(PAPERS["zh"])
    described = document.element.body.xpath(".//wp:docPr/@descr")
    assert len(document.inline_shapes) == len(described) == 2
    assert described[0] == "复工率 (%): 2月17日 100.0, 2月24日 100.0, 3月2日 100.0, 3月9日 94.6"


def test_long_names_and_bare_papers_are_written() -> None:
    base = sample.chinese_paper()
    head = replace(base.head, heading="很长的机关名称" * 20, name="很长" * 30)
    assert read(replace(base, head=head)).paragraphs[0].text == head.heading
    rows = [sample.row((f"第{place}号",), (place, "x" * 300)) for place in range(200)]
    sheet = sample.sheet(
        "长表", ("名",), (sample.column("a", "数"), sample.column("b", "文", Format.TEXT)), rows
    )
    long = read(replace(base, sections=(), appendices=(sheet,)))
    assert [[cell.text for cell in row.cells] for row in long.tables[0].rows] == cells_of(sheet)
    bare = replace(
        base, title="", addressees="", opening="", sections=(), appendices=(),
        foot=replace(base.foot, rows=(), signatures=(), copies="", hash="", printed=""),
    )  # fmt: skip
    assert len(read(bare).tables) == 1
