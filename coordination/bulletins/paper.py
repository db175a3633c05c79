"""An issue of the bulletin as it is printed: words and tables, without any format.

Page, PDF, Word file and workbook are each made from a ``Paper`` by one renderer, so they show the
same figures. A paper is written in one language, which its texts already have.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from projects.house.sheets import Cell, Sheet

_CHINESE: Final = "一二三四五六七八九"


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; ``heading`` is its sub-heading, printed before the text, or empty.

    ``key`` names it for its editor: block and place, or section and place. ``counted`` are figures
    that have no table of their own, by title, with the addresses of what they count.
    """

    key: str
    text: str
    heading: str = ""
    counted: tuple[tuple[str, Cell], ...] = ()


@dataclass(frozen=True)
class Section:
    """A numbered section: paragraphs, then the tables that belong between them."""

    key: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    sheets: tuple[Sheet, ...] = ()


@dataclass(frozen=True)
class Head:
    """What is printed above the rule: the office's heading in red, the number, office and day.

    ``number`` is empty in a draft. ``mark`` is what a reader must know first: that it is a draft,
    or that it replaces an earlier edition; empty for an ordinary issue.
    """

    heading: str
    name: str
    number: str
    office: str
    day: date
    mark: str = ""


@dataclass(frozen=True)
class Foot:
    """What is printed at the end: who gets it, who made it, how many copies.

    ``rows`` are (label, names) such as 报, 送, 发. ``signatures`` are (label, name) of editor,
    reviewer and signer. ``hash`` is that of the figures; ``address`` is where it can be compared.
    """

    rows: tuple[tuple[str, str], ...]
    signatures: tuple[tuple[str, str], ...]
    printed: str
    copies: str
    hash: str
    address: str


@dataclass(frozen=True)
class Paper:
    """A whole issue. ``appendices`` are the tables that are printed after the text."""

    language: str
    head: Head
    title: str
    addressees: str
    opening: str
    sections: tuple[Section, ...]
    appendices: tuple[Sheet, ...]
    foot: Foot

    @property
    def is_chinese(self) -> bool:
        """Whether it is written in Chinese, and so set by GB/T 9704."""
        return self.language.startswith("zh")

    def sheets(self) -> Iterator[Sheet]:
        """Every table in the order in which it is printed."""
        for section in self.sections:
            yield from section.sheets
        yield from self.appendices

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text that is printed, each with the place where it stands, for people."""
        head, foot = self.head, self.foot
        for text in (head.mark, head.heading, head.name, head.number, head.office):
            yield self.title, text
        yield self.title, self.title
        yield self.title, self.addressees
        yield self.title, self.opening
        for section in self.sections:
            yield section.title, section.title
            for paragraph in section.paragraphs:
                yield paragraph.heading or section.title, paragraph.heading
                yield paragraph.heading or section.title, paragraph.text
        for sheet in self.sheets():
            yield from ((sheet.title, text) for text in _texts_of(sheet))
        for label, names in (*foot.rows, *foot.signatures):
            yield label, label
            yield label, names
        yield from ((foot.printed, text) for text in (foot.printed, foot.copies, foot.address))


def _texts_of(sheet: Sheet) -> Iterator[str]:
    yield sheet.title
    yield from sheet.row_headings
    yield from sheet.headings
    for row in sheet.rows:
        yield from row.titles
        yield from (cell.text for cell in row.cells)
    yield from sheet.sentences
    yield sheet.note


def numeral(number: int) -> str:
    """A number from 1 to 99 in Chinese, as sections are numbered: 一, 十二, 二十."""
    tens, ones = divmod(number, 10)
    before = "" if tens == 0 else "十" if tens == 1 else f"{_CHINESE[tens - 1]}十"
    return before + (_CHINESE[ones - 1] if ones else "")
