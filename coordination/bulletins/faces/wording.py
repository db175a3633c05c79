"""What each format adds to a paper's own words: numbers of sections and tables, and short labels.

All are in the paper's language, whichever language the reader's pages have.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from coordination.bulletins.paper import Head, Paper, Paragraph, Section, numeral
from projects.house.blocks import Format
from projects.house.sheets import Cell, Sheet

# What XML forbids, what turns text around, and what nobody sees.
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff"
    "\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
_HASH_SHOWN: Final = 16
_NUMERALS: Final = 100  # are written in Chinese up to here
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def printable(text: str) -> str:
    """The text without characters that cannot be printed; a tab is a space."""
    return _UNPRINTABLE.sub("", text.replace("\t", " "))


@dataclass(frozen=True)
class Headed:
    """A paragraph with its sub-heading as it is printed, number included.

    The staff's page alone shows what it ``counted``.
    """

    heading: str
    text: str
    counted: tuple[tuple[str, Cell], ...] = ()


@dataclass(frozen=True)
class Captioned:
    """A table with its number, empty where it has no grid."""

    label: str
    sheet: Sheet

    @property
    def caption(self) -> str:
        """Its number and title, which stand above it."""
        return printable("\u3000".join(filter(None, (self.label, self.sheet.title))))

    @property
    def charted(self) -> int | None:
        """The place of the column that the bars show; None where there are none."""
        shown = dict(self.sheet.bars)
        rows = [row for row in self.sheet.rows if row.titles[0] in shown]
        for place, column in enumerate(self.sheet.columns):
            if column.format == Format.RATE and rows and all(
                row.cells[place].value == shown[row.titles[0]] for row in rows
            ):  # fmt: skip
                return place
        return None

    @property
    def chart_title(self) -> str:
        """What the bars show."""
        return "" if self.charted is None else printable(self.sheet.headings[self.charted])


@dataclass(frozen=True)
class Part:
    """A section with its number in its heading."""

    heading: str
    paragraphs: tuple[Headed, ...]
    tables: tuple[Captioned, ...]


@dataclass(frozen=True)
class Worded:
    """A paper with all that a format prints beside its words."""

    paper: Paper
    day: str
    parts: tuple[Part, ...]
    appendices: tuple[Captioned, ...]
    appendix_label: str
    note_label: str
    counted_label: str
    verification: str
    text_label: str
    colon: str

    @property
    def head(self) -> Head:
        """What is printed above the rule."""
        return self.paper.head

    @property
    def listed(self) -> tuple[str, ...]:
        """The appendices as they are listed after the text."""
        return tuple(
            f"{number}. {printable(each.sheet.title)}"
            for number, each in enumerate(self.appendices, start=1)
        )

    def tables(self) -> Iterator[Captioned]:
        """Every table in the order in which it is printed."""
        for part in self.parts:
            yield from part.tables
        yield from self.appendices


def worded(paper: Paper) -> Worded:
    """The paper with its numbers and labels."""
    with override(paper.language):
        return Worded(
            paper=paper,
            day=_day(paper),
            parts=tuple(_parts(paper)),
            appendices=tuple(
                Captioned(pgettext("bulletin", "Appendix %(number)s") % {"number": number}, sheet)
                for number, sheet in enumerate(paper.appendices, start=1)
            ),
            appendix_label=pgettext("bulletin", "Appendices"),
            note_label=pgettext("bulletin", "Note"),
            counted_label=pgettext("bulletin", "Rows"),
            verification=_verification(paper),
            text_label=pgettext("bulletin", "Text"),
            colon="：" if paper.is_chinese else ": ",
        )


def _day(paper: Paper) -> str:
    day = paper.head.day
    if paper.is_chinese:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _parts(paper: Paper) -> Iterator[Part]:
    tables = 0
    for number, section in enumerate(paper.sections, start=1):
        captioned = []
        for sheet in section.sheets:
            tables += bool(sheet.rows)
            label = (
                pgettext("bulletin", "Table %(number)s") % {"number": tables} if sheet.rows else ""
            )
            captioned.append(Captioned(label, sheet))
        yield Part(
            _heading(paper, number, section), tuple(_headed(paper, section)), tuple(captioned)
        )


def _heading(paper: Paper, number: int, section: Section) -> str:
    title = printable(section.title)
    return f"{_chinese(number)}、{title}" if paper.is_chinese else f"{number}. {title}"


def _headed(paper: Paper, section: Section) -> Iterator[Headed]:
    number = 0
    for paragraph in section.paragraphs:
        number += bool(paragraph.heading)
        heading = _sub_heading(paper, number, paragraph)
        yield Headed(heading, printable(paragraph.text), paragraph.counted)


def _sub_heading(paper: Paper, number: int, paragraph: Paragraph) -> str:
    if not paragraph.heading:
        return ""
    heading = printable(paragraph.heading)
    return f"（{_chinese(number)}）{heading}" if paper.is_chinese else f"({number}) {heading}"


def _chinese(number: int) -> str:
    return numeral(number) if number < _NUMERALS else str(number)


def _verification(paper: Paper) -> str:
    """How a reader compares the paper with the figures; empty for a draft without a hash."""
    digits = paper.foot.hash[:_HASH_SHOWN]
    if not digits:
        return ""
    halves = f"{digits[:8]} {digits[8:]}".strip()
    if not paper.foot.address:
        return _("Figures are fixed; SHA-256 begins with %(digits)s") % {"digits": halves}
    text = _(
        "Figures and pages are fixed at publication. SHA-256 begins with %(digits)s; verify at"
        " %(address)s"
    )
    return text % {"digits": halves, "address": printable(paper.foot.address)}
