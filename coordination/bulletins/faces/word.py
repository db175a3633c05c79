"""A paper as a Word file that can be edited: real headings and tables, fonts of official papers."""

import io
import math
from typing import Any, Final

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from coordination.bulletins.faces.lanes import Lane, lanes_of, width_of
from coordination.bulletins.faces.pdf import chart_of
from coordination.bulletins.faces.word_parts import WordRow, Written, element, field, table_of
from coordination.bulletins.faces.word_styles import new_document
from coordination.bulletins.faces.wording import Captioned, Part, Worded, printable, worded
from coordination.bulletins.faces.zips import undated
from coordination.bulletins.paper import Paper
from projects.house.sheets import NOTHING

_WIDTH: Final = 156  # mm
_POINTS: Final = _WIDTH * 72 / 25.4
_MARGIN: Final = 3.0  # points beside a cell's text
_CELL: Final = 0.6  # em beside a heading
_SMALLEST: Final = 9.0  # points
_TOGETHER: Final = 24  # rows of a table that is not broken over pages
_FRAME: Final = (
    ("top", "8"), ("left", "8"), ("bottom", "8"), ("right", "8"), ("insideH", "4"),
    ("insideV", "4"),
)  # fmt: skip
_THICK: Final = (("top", "8"),)


def word_of(paper: Paper) -> bytes:
    """The paper as a .docx; the same bytes for the same paper."""
    words = worded(paper)
    document = new_document(words)
    _mark_pages(document, words)
    _masthead(document, words)
    for part in words.parts:
        _part(document, part, words)
    _list_appendices(document, words)
    for place, table in enumerate(words.appendices):
        _table(document, table, words, on_new_page=place == 0)
    _imprint(document, words)
    stream = io.BytesIO()
    document.save(stream)
    return undated(stream.getvalue())


def _say(document: Any, text: str, style: str) -> Any:
    return document.add_paragraph(printable(text), style=style)


def _add(document: Any, block: Any) -> None:
    """Put an element after all that the document has."""
    document.element.body.sectPr.addprevious(block)


def _mark_pages(document: Any, words: Worded) -> None:
    """Page numbers outside, and the mark above each page."""
    section = document.sections[0]
    for footer, align in (
        (section.footer, ALIGN.RIGHT), (section.even_page_footer, ALIGN.LEFT),
    ):  # fmt: skip
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        outside = paragraph.paragraph_format
        outside.alignment, outside.left_indent, outside.right_indent = align, Pt(14), Pt(14)
        paragraph.add_run("— ")
        outside.element.extend(field("PAGE"))
        paragraph.add_run(" —")
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        header.paragraphs[0].add_run(printable(words.head.mark))


def _masthead(document: Any, words: Worded) -> None:
    head, paper = words.head, words.paper
    if head.mark:
        _say(document, head.mark, "Mark")
    chinese = paper.is_chinese
    _add(document, _fitted(head.heading, "Masthead", 25 if chinese else 17, 0.3 * chinese))
    _add(document, _fitted(head.name, "MastheadName", 58 if chinese else 46, 0.4 * chinese))
    if head.number:
        _say(document, head.number, "Issue")
    line = _say(document, head.office, "Office")
    line.paragraph_format.tab_stops.add_tab_stop(Mm(_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    line.add_run(f"\t{words.day}")
    _rule_below(line)
    _title(document, printable(paper.title))
    if paper.addressees:
        _say(document, paper.addressees, "Addressees")
    if paper.opening:
        _say(document, paper.opening, "Normal")


def _title(document: Any, text: str) -> None:
    """The title in lines of about the same length, by its indents."""
    title = document.add_paragraph(text, style="Title")
    wide = width_of(text) * title.style.font.size.pt
    lines = math.ceil(wide / _POINTS)
    if lines > 1:
        beside = max((_POINTS - wide / lines) / 2 - 2 * title.style.font.size.pt, 0)
        title.paragraph_format.left_indent = title.paragraph_format.right_indent = Pt(beside)


def _fitted(text: str, style: str, size: float, spaced: float) -> Any:
    """A line in one size, smaller where it would be wider than the page; ``spaced`` is in em."""
    text = printable(text)
    wide = (width_of(text) + len(text) * spaced) * size
    if wide > _POINTS:
        size *= _POINTS / wide
    return Written(text, style, size=max(size, _SMALLEST), spaced=size * spaced).paragraph()


def _rule_below(paragraph: Any) -> None:
    """The red rule of the masthead."""
    borders = element("pBdr")
    borders.append(element("bottom", val="single", sz="14", space="4", color="D7000F"))
    tabs = paragraph.paragraph_format.element.pPr.find(qn("w:tabs"))
    tabs.addprevious(borders)


def _part(document: Any, part: Part, words: Worded) -> None:
    _say(document, part.heading, "Heading 1")
    for each in part.paragraphs:
        if each.heading:
            _say(document, each.heading, "Heading 2")
        _say(document, each.text, "Normal")
    for table in part.tables:
        _table(document, table, words)


def _list_appendices(document: Any, words: Worded) -> None:
    for place, text in enumerate(words.listed):
        label = words.appendix_label + words.colon if place == 0 else ""
        paragraph = _say(document, f"{label}{text}", "Normal")
        if place == 0:
            paragraph.paragraph_format.space_before = Pt(24)


def _table(
    document: Any, table: Captioned, words: Worded, *, on_new_page: bool = False
) -> None:  # fmt: skip
    sheet = table.sheet
    if table.caption:
        caption = _say(document, table.caption, "Caption")
        if on_new_page:
            caption.paragraph_format.page_break_before = True
    for sentence in sheet.sentences:
        _say(document, sentence, "Normal")
    if sheet.rows:
        _grid(document, table)
    note = f"{words.note_label}{words.colon}{sheet.note}" if sheet.note else ""
    _say(document, note, "Table Note")
    if sheet.bars:
        _chart(document, table, words)


def _grid(document: Any, table: Captioned) -> None:
    sheet = table.sheet
    lanes = lanes_of(sheet, _POINTS)
    together = len(sheet.rows) <= _TOGETHER
    header = [
        Written(_in_lines(heading, lane), "TableHeading", size=lanes.size, keeps_next=True)
        for heading, lane in zip((*sheet.row_headings, *sheet.headings), lanes.lanes, strict=True)
    ]
    rows = [WordRow(header, is_header=True)]
    for row in sheet.rows:
        keeps = together and row is not sheet.rows[-1]
        cells = [
            Written(
                printable(text), "TableText", lane.align, lanes.size, _beside(lane, lanes.size),
                bold=row.is_total, keeps_next=keeps,
            )
            for text, lane in zip(
                (*row.titles, *(cell.text for cell in row.cells)), lanes.lanes, strict=True
            )
        ]  # fmt: skip
        rows.append(WordRow(cells, is_shaded=row.is_total))
    widths = [lane.width * lanes.size for lane in lanes.lanes]
    _add(document, table_of(rows, widths, borders=_FRAME))


def _in_lines(heading: str, lane: Lane) -> str:
    """A heading that is too wide, with a word in each line where the words fit."""
    words = printable(heading).split()
    room = lane.width - _CELL
    if width_of(heading) <= room or any(width_of(word) > room for word in words):
        return printable(heading)
    return "\n".join(words)


def _beside(lane: Lane, size: float) -> float:
    """How far numbers stand from the right, so that the widest is in the column's middle."""
    return max(lane.inset * size - _MARGIN, 0) if lane.align == "right" else 0


def _chart(document: Any, table: Captioned, words: Worded) -> None:
    picture = io.BytesIO(chart_of(table, words))
    document.add_picture(picture, width=Mm(_WIDTH))
    frame = document.paragraphs[-1]
    frame.style = "Table Note"
    shown = ", ".join(f"{title} {value or NOTHING}" for title, value in table.sheet.bars)
    described = document.element.body.xpath(".//wp:docPr")[-1]
    described.set("descr", printable(f"{table.chart_title}: {shown}"))


def _imprint(document: Any, words: Worded) -> None:
    """Who gets it, who made it, how many copies: at the bottom of the last page."""
    foot, head = words.paper.foot, words.head
    copies = f"（{foot.copies}）" if words.paper.is_chinese else f" ({foot.copies})"
    printed = foot.printed + (copies if foot.copies else "")
    columns = 2 * max(len(foot.signatures), 1)
    rows = [
        _imprinted((f"{label}{words.colon}{names}",), columns, ruled=False)
        for label, names in foot.rows
    ]
    if foot.signatures:
        signed = tuple(f"{label}{words.colon}{name}" for label, name in foot.signatures)
        rows.append(_imprinted(signed, columns))
    rows.append(_imprinted((head.office, printed), columns))
    if words.verification:
        verified = Written(printable(words.verification), "Verification")
        rows.append(WordRow([verified], spans=[columns], borders=_THICK))
    at_the_bottom = element(
        "tblpPr", leftFromText="0", rightFromText="0", vertAnchor="margin", horzAnchor="margin",
        tblpXSpec="center", tblpYSpec="bottom",
    )  # fmt: skip
    frame = _THICK if words.verification else (*_THICK, ("bottom", "8"))
    widths = [_POINTS / columns] * columns
    _add(document, table_of(rows, widths, borders=frame, placed=at_the_bottom, margins=(3, 14)))
    _say(document, "", "Verification")


def _imprinted(cells: tuple[str, ...], columns: int, *, ruled: bool = True) -> WordRow:
    """One line between rules; the names of those who get it have no rules between them."""
    last = len(cells) - 1
    written = [
        Written(
            printable(text), "Imprint",
            "left" if place == 0 else "right" if place == last else "center", keeps_next=True,
        )
        for place, text in enumerate(cells)
    ]  # fmt: skip
    spans = [columns // len(cells)] * len(cells)
    return WordRow(written, spans=spans, borders=(("top", "6"),) if ruled else ())
