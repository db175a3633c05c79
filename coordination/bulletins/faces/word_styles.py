"""The styles of the Word file, each with its East Asian font, and its pages.

python-docx's own template is the start; its fonts of other languages and its unused styles go.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Final

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from coordination.bulletins.faces.word_parts import element
from coordination.bulletins.faces.wording import Worded, printable

TITLE: Final = "方正小标宋简体"
BODY: Final = "仿宋_GB2312"
KAI: Final = "楷体_GB2312"
HEI: Final = "黑体"
LATIN: Final = "Times New Roman"
RED: Final = RGBColor(0xD7, 0x00, 0x0F)
_KEPT: Final = frozenset({
    "Normal", "Header", "Footer", "Heading 1", "Heading 2", "Default Paragraph Font",
    "Normal Table", "No List", "Title", "Caption", "Table Grid",
})  # fmt: skip
_NOT_OURS: Final = (
    "/thumbnail", "/stylesWithEffects", "/customXml", "/numbering", "/fontTable", "/webSettings",
    "/extended-properties",
)  # fmt: skip
_LINE: Final = 28.95  # points: 22 lines on a page
_CHARACTER: Final = 15.79  # points: 28 characters in a line
_FULL: Final = 16  # points: a character of 三号 without spacing


@dataclass(frozen=True)
class _Style:
    """A paragraph style: font and size in Chinese and in English, and how its lines stand."""

    east: str
    size: float
    english: float
    align: ALIGN = ALIGN.LEFT
    bold: bool = False  # in English; Chinese faces are bold by themselves
    color: RGBColor | None = None
    before: float = 0
    after: float = 0
    on_grid: bool = False
    indented: bool = False
    keeps_next: bool = False


_STYLES: Final = {
    "Normal": _Style(BODY, 16, 12, ALIGN.JUSTIFY, on_grid=True, indented=True),
    "Heading 1": _Style(HEI, 16, 14, bold=True, on_grid=True, indented=True, keeps_next=True),
    "Heading 2": _Style(KAI, 16, 12, bold=True, on_grid=True, indented=True, keeps_next=True),
    "Title": _Style(TITLE, 22, 20, ALIGN.CENTER, bold=True, before=36, after=30),
    "Caption": _Style(HEI, 12, 12, ALIGN.CENTER, bold=True, before=9, after=4, keeps_next=True),
    "Header": _Style(HEI, 10.5, 10.5, ALIGN.CENTER, color=RED),
    "Footer": _Style(BODY, 14, 14),
    "Mark": _Style(HEI, 16, 14, color=RED, bold=True),
    "Masthead": _Style(TITLE, 25, 17, ALIGN.CENTER, bold=True, color=RED, before=50),
    "Masthead Name": _Style(TITLE, 58, 46, ALIGN.CENTER, bold=True, color=RED, after=20),
    "Issue": _Style(BODY, 16, 12, ALIGN.CENTER, after=4),
    "Office": _Style(BODY, 16, 12),
    "Addressees": _Style(BODY, 16, 12, on_grid=True),
    "Table Heading": _Style(HEI, 10.5, 10.5, ALIGN.CENTER, bold=True),
    "Table Text": _Style(BODY, 10.5, 10.5),
    "Table Note": _Style(BODY, 9, 9, before=3, after=9),
    "Imprint": _Style(BODY, 14, 11),
    "Verification": _Style(BODY, 7.5, 7.5, ALIGN.RIGHT, color=RGBColor(0x60, 0x60, 0x60)),
}


def new_document(words: Worded) -> Any:
    """An empty document with our styles, pages and properties."""
    document: Any = Document()
    chinese = words.paper.is_chinese
    _strip(document)
    _default_fonts(document.styles.element, chinese=chinese)
    for name, wanted in _STYLES.items():
        _apply(_style(document, name), wanted, chinese=chinese)
    for style in document.styles:
        if style.type == WD_STYLE_TYPE.TABLE:
            _set_fonts(style.element.get_or_add_rPr(), BODY)
    _page(document, chinese=chinese)
    _describe(document, words)
    return document


def _strip(document: Any) -> None:
    """Remove the styles that are not used, and the parts that are not ours."""
    for style in list(document.styles):
        if style.name not in _KEPT:
            style.delete()
    for relations in (document.part.package.rels, document.part.rels):
        for key, relation in list(relations.items()):
            if any(each in relation.reltype for each in _NOT_OURS):
                del relations[key]


def _set_fonts(properties: Any, east: str) -> None:
    """Name the fonts for Chinese and Latin, in place of the theme's."""
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name, font in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", east)):
        fonts.set(qn(f"w:{name}"), font)


def _default_fonts(styles: Any, *, chinese: bool) -> None:
    defaults = styles.find(qn("w:docDefaults"))
    properties = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    _set_fonts(properties, BODY)
    properties.find(qn("w:lang")).set(qn("w:eastAsia"), "zh-CN")
    normal = _STYLES["Normal"]
    for name in ("w:sz", "w:szCs"):
        half_points = round(2 * (normal.size if chinese else normal.english))
        properties.find(qn(name)).set(qn("w:val"), str(half_points))
    spacing = defaults.find(qn("w:pPrDefault")).find(qn("w:pPr")).find(qn("w:spacing"))
    spacing.set(qn("w:after"), "0")
    spacing.set(qn("w:line"), "240")


def _style(document: Any, name: str) -> Any:
    """The paragraph style without anything that the template said of it, or a new one."""
    if name in document.styles:
        style = document.styles[name]
        for inner in ("w:pPr", "w:rPr", "w:link"):
            for found in style.element.findall(qn(inner)):
                style.element.remove(found)
    else:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
    style.hidden, style.unhide_when_used, style.quick_style = False, False, True
    return style


def _apply(style: Any, wanted: _Style, *, chinese: bool) -> None:
    font, paragraph = style.font, style.paragraph_format
    _set_fonts(style.element.get_or_add_rPr(), wanted.east)
    size = wanted.size if chinese else wanted.english
    font.size = Pt(size)
    font.bold = wanted.bold and not chinese
    font.color.rgb = wanted.color or RGBColor(0, 0, 0)
    paragraph.alignment = wanted.align
    paragraph.space_before, paragraph.space_after = Pt(wanted.before), Pt(wanted.after)
    paragraph.keep_with_next = wanted.keeps_next
    paragraph.first_line_indent = Pt(2 * size if chinese and wanted.indented else 0)
    if chinese and wanted.on_grid:
        paragraph.line_spacing_rule, paragraph.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(_LINE)
    elif wanted.on_grid:
        paragraph.line_spacing, paragraph.space_after = 1.2, Pt(6)
    else:
        paragraph.line_spacing = 1.0
    _finish(style, wanted, chinese=chinese)


def _finish(style: Any, wanted: _Style, *, chinese: bool) -> None:
    """What python-docx has no words for."""
    properties = style.element.get_or_add_pPr()
    spacing = properties.find(qn("w:spacing"))
    for name in ("autoSpaceDE", "autoSpaceDN", *([] if wanted.on_grid else ["snapToGrid"])):
        spacing.addprevious(element(name, val="0"))
    if chinese and wanted.indented:
        properties.find(qn("w:ind")).set(qn("w:firstLineChars"), "200")
    else:
        properties.find(qn("w:ind")).set(qn("w:firstLineChars"), "0")
    if chinese:  # what is not on the grid would inherit it
        twentieths = math.floor(20 * (_CHARACTER - _FULL)) if wanted.on_grid else 0
        run = style.element.get_or_add_rPr()
        run.find(qn("w:color")).addnext(element("spacing", val=str(twentieths)))
    if style.name.startswith("Heading "):
        properties.append(element("outlineLvl", val=str(int(style.name[-1]) - 1)))


def _page(document: Any, *, chinese: bool) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(20), Mm(23)
    grid = document.element.body.sectPr.find(qn("w:docGrid"))
    if chinese:  # 22 lines; 28 characters by the styles' spacing, since programs differ in grids
        grid.set(qn("w:type"), "lines")
        grid.set(qn("w:linePitch"), str(round(_LINE * 20)))


def _describe(document: Any, words: Worded) -> None:
    about, head = document.core_properties, words.head
    day = datetime.combine(head.day, time(), UTC)
    about.title = printable(words.paper.title)[:255]
    about.subject = printable(f"{head.heading} {head.name} {head.number}").strip()[:255]
    about.author = about.last_modified_by = printable(head.office)[:255]
    about.comments = about.keywords = about.category = ""
    about.language = "zh-CN" if words.paper.is_chinese else "en-GB"
    about.created = about.modified = day
    about.revision = 1
    settings = document.settings
    settings.odd_and_even_pages_header_footer = True
    theme = settings.element.find(qn("w:themeFontLang"))
    theme.set(qn("w:eastAsia"), "zh-CN")
    settings.element.find(qn("w:characterSpacingControl")).set(qn("w:val"), "compressPunctuation")
