"""The PDF shows each figure and word of the paper, whatever these are, within its page."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from pypdf import PdfReader

from coordination.bulletins.faces.fonts import chosen
from coordination.bulletins.faces.pdf import pdf_of, pictures_of
from coordination.bulletins.faces.wording import printable, worded
from coordination.bulletins.paper import Paper
from projects.house.blocks import Format
from tests.coordination.bulletins.faces import hostile, sample
from tests.coordination.bulletins.faces.reading import (
    flat,
    inked,
    pages_of,
    printed_grid,
    printed_row,
    text_of,
)

MARK: Final = "草稿：未定稿，不得引用"
PAPERS: Final = {"zh": sample.chinese_paper(), "en": sample.english_paper()}


@pytest.fixture(params=PAPERS)
def paper(request: pytest.FixtureRequest) -> Paper:
    return PAPERS[request.param]


def test_every_table_is_printed_figure_for_figure(paper: Paper) -> None:
    text = text_of(pdf_of(paper))
    for table in worded(paper).tables():
        halves = paper.is_chinese and len(table.sheet.rows) > 18
        shown = flat(table.caption) + printed_grid(table.sheet, halves=halves)
        assert text.count(shown) == 1, (table.caption, shown, text)


def test_every_word_is_printed(paper: Paper) -> None:
    text = text_of(pdf_of(paper))
    assert [said for _place, said in paper.texts() if flat(said) not in text] == []


def test_numbers_of_sections_and_paragraphs() -> None:
    text = text_of(pdf_of(PAPERS["zh"]))
    for heading in (
        "一、总体情况（一）项目总量。2020年",
        "二、分县（市）区情况（一）分类情况。",
        "四、下周工作（一）",
    ):
        assert text.count(heading) == 1
    english = text_of(pdf_of(PAPERS["en"]))
    assert english.count("1.Thewholecity(1)Projects.Thefirstbatch") == 1


def test_foot_and_head_stand_in_their_order() -> None:
    pages = pages_of(pdf_of(PAPERS["zh"]))
    assert flat(pages[0]).startswith(
        "洛阳市重点项目协调服务每周通报第10期（总第10期）洛阳市重点建设项目服务中心2020年3月9日"
        "关于全市重点项目复工开工和协调服务情况的通报各县（市）区政府、管委会，"
    )
    foot = (
        "报：市委、市政府有关领导，省重点项目主管部门。送：市直有关单位，各协调服务组。"
        "发：各县（市）区政府、管委会。编辑：王××审核：李××签发：赵××"
        "洛阳市重点建设项目服务中心2020年3月9日印发（共60份）"
        "本期数据和版面已固化。核验码7b251548809e0e9d（SHA-256前16位），"
        "核验地址https://zhitongche.example/v/2020-10"
    )
    assert foot in flat(pages[-1])
    assert foot not in flat("".join(pages[:-1]))


def test_a_draft_says_so_on_each_page() -> None:
    draft = pages_of(pdf_of(sample.chinese_paper(mark=MARK, number="")))
    assert [flat(page).count(MARK) for page in draft] == [1] * len(draft)
    assert "第10期" not in flat("".join(draft)).partition("各县")[0]
    issued = pages_of(pdf_of(PAPERS["zh"]))
    assert not any("草稿" in page for page in issued)


def test_the_same_paper_gives_the_same_bytes(paper: Paper) -> None:
    assert pdf_of(paper) == pdf_of(paper)
    assert pdf_of(paper) != pdf_of(replace(paper, title="x"))


def test_the_file_says_what_it_is() -> None:
    reader = PdfReader(io.BytesIO(pdf_of(PAPERS["zh"])))
    about = reader.metadata
    assert about is not None
    assert (about.title, about.author) == (PAPERS["zh"].title, PAPERS["zh"].head.office)
    assert about.creation_date is not None
    assert about.creation_date.date() == PAPERS["zh"].head.day
    root: Any = reader.trailer["/Root"]
    outline: Any = reader.outline
    assert root["/Lang"] == "zh-CN"
    assert [item["/Title"] for item in outline if not isinstance(item, list)] == [
        part.heading for part in worded(PAPERS["zh"]).parts
    ]
    page = reader.pages[0].mediabox
    assert (round(float(page.width)), round(float(page.height))) == (595, 842)
    resources: list[Any] = [each["/Resources"] for each in reader.pages]
    embedded = [
        font["/DescendantFonts"][0]["/FontDescriptor"]
        for each in resources
        for font in each["/Font"].values()
    ]
    assert all(font.keys() & {"/FontFile", "/FontFile2", "/FontFile3"} for font in embedded)


def test_markup_and_code_are_printed_as_text() -> None:
    paper = hostile.paper()
    text = text_of(pdf_of(paper))
    fonts = chosen()
    for _place, said in paper.texts():
        assert flat(fonts.replaced(said)) in text
    (sheet, other) = paper.sheets()
    wanted = [flat(fonts.replaced(printed_row(row))) for row in (*sheet.rows, *other.rows)]
    assert [row for row in dict.fromkeys(wanted) if text.count(row) < wanted.count(row)] == []


def test_a_table_of_many_pages_has_each_row_once_and_its_headings_on_each() -> None:
    rows = [
        sample.row((str(place), f"第{place}号重点项目"), (place, "x" * 5))
        for place in range(1001, 1121)
    ]
    sheet = sample.sheet(
        "长表",
        ("序号", "项目名称"),
        (sample.column("a", "数量"), sample.column("b", "编号", Format.TEXT)),
        rows,
    )
    paper = replace(sample.chinese_paper(), appendices=(sheet,))
    sheets = [flat(page) for page in pages_of(pdf_of(paper)) if "号重点项目" in page]
    assert len(sheets) > 3
    assert [page.count("序号项目名称数量编号") for page in sheets] == [1] * len(sheets)
    together = "".join(sheets)
    assert [together.count(f"第{place}号重点项目{place}xxxxx") for place in range(1001, 1121)] == [
        1
    ] * 120


def test_a_table_that_fits_on_a_page_is_not_broken() -> None:
    rows = [
        sample.row((f"第{place}号重点项目建设工程",), (place, place, place, "甲" * 9))
        for place in range(20)
    ]
    sheet = sample.sheet("不断的表", ("项目名称",), (
        sample.column("a", "数量"), sample.column("b", "数量"), sample.column("c", "数量"),
        sample.column("d", "说明", Format.TEXT),
    ), rows)  # fmt: skip
    base = sample.chinese_paper()
    for lines in range(1, 22, 4):
        filled = tuple(
            replace(part, sheets=(sheet,)) if part.title == "总体情况" else part
            for part in base.sections
        )
        paper = replace(base, opening="填。" * 14 * lines, sections=filled)
        on = [page for page in pages_of(pdf_of(paper)) if "号重点项目建设工程" in page]
        assert [flat(page).count("号重点项目建设工程") for page in on] == [20]


def test_tables_are_printed_in_their_order_wherever_the_text_ends() -> None:
    """In English the last of several may be moved to the next page, before no other."""
    columns = (sample.column("a", "projects"), sample.column("b", "words", Format.TEXT))
    sheets = [
        sample.sheet(f"Sheet {letter}", ("name",), columns, [
            sample.row((f"{letter}{place}",), (place, "many words " * 6)) for place in range(rows)
        ])
        for letter, rows in (("A", 20), ("B", 4), ("C", 20))
    ]  # fmt: skip
    base = sample.english_paper()
    first, *others = base.sections
    for lines in range(1, 30, 4):
        filled = (replace(first, sheets=tuple(sheets)), *others)
        text = text_of(pdf_of(replace(base, opening="Filled. " * 12 * lines, sections=filled)))
        places = [text.index(flat(f"Sheet {letter}")) for letter in "ABC"]
        assert places == sorted(places)


def test_a_table_stays_whole_where_its_chart_does_not_fit_beside_it() -> None:
    columns = (sample.column("a", "率", Format.RATE), sample.column("b", "说明", Format.TEXT))
    rows = [sample.row((f"第{place}号",), ("50.0", "说" * 24)) for place in range(24)]
    bars = [(f"县{place}", "50.0") for place in range(40)]
    sheet = sample.sheet("率", ("名称",), columns, rows, bars=bars)
    paper = replace(sample.chinese_paper(), appendices=(sheet,))
    counts = [flat(page).count("号50.0说") for page in pages_of(pdf_of(paper))]
    assert sorted(counts)[-2:] == [0, 24]


def test_a_chart_of_very_many_bars_goes_on_over_pages() -> None:
    bars = tuple((f"第{place}号", f"{place % 100}.0") for place in range(1000, 1240))
    paper = replace(sample.chinese_paper(), appendices=(replace(sample.weeks(), bars=bars),))
    text = text_of(pdf_of(paper))
    assert [text.count(f"{name}{value}%") for name, value in bars] == [1] * len(bars)


def test_sentences_without_a_table_are_printed_below_their_title() -> None:
    bare = replace(sample.money(), rows=(), sentences=("甲句。", "乙句。"), note="")
    paper = replace(sample.chinese_paper(), appendices=(bare,))
    assert "附表1投资甲句。乙句。" in text_of(pdf_of(paper))


def test_nothing_is_printed_beside_the_text_area() -> None:
    wide = sample.sheet(
        "宽表" * 20, ("名称", "w" * 40),
        [sample.column(f"c{place}", ("W" * 30, "很长标题" * 5)[place % 2]) for place in range(14)],
        [sample.row(("名" * 60, "w" * 90), range(100_000, 100_014)) for _line in range(3)],
        note="n" * 300,
    )  # fmt: skip
    paper = replace(hostile.paper(texts=hostile.LONG), appendices=(wide,))
    for png in pictures_of(paper, dots_per_inch=36):
        width, height, rows = inked(png)
        left, right = round(width * 28 / 210), round(width * (210 - 26) / 210)
        assert {row for row in rows if row[1] < left - 1 or row[2] > right + 1} == set()
        assert {row for row in rows if row[0] > height * (297 - 20) / 297} == set()


def anonymous_memory() -> int:
    """The process's own memory in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) // 1024


def test_memory_does_not_grow_with_the_number_of_papers() -> None:
    base = sample.chinese_paper()
    for place in range(3):
        pdf_of(replace(base, opening="甲乙丙" * place, title=f"第{place}号"))
    before = anonymous_memory()
    for place in range(3, 11):
        pdf_of(replace(base, opening="甲乙丙" * place, title=f"第{place}号"))
    assert anonymous_memory() - before < 40  # 160 if all of them were kept


def test_text_without_anything_to_print() -> None:
    base = sample.chinese_paper(number="")
    bare = replace(
        base, title="", addressees="", opening="", sections=(), appendices=(),
        foot=replace(base.foot, rows=(), signatures=(), copies="", hash="", printed=""),
    )  # fmt: skip
    assert len(pages_of(pdf_of(bare))) == 1


def test_printable_text_has_no_signs_that_are_not_seen() -> None:
    assert printable("a\x00b\x0bc\u202ed\ufffee\tf\ng\ud800") == "abcde f\ng"
