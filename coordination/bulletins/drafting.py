"""Drafts an issue: words and tables from its figures, by what the blocks declare.

Sentences take every number from the figures. An editor may replace the words of a paragraph, or
write the two chapters that have none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coordination.bulletins.models import Language, Letterhead
from coordination.bulletins.paper import Foot, Head, Paper, Paragraph, Section
from projects.house.block_registry import BLOCKS
from projects.house.blocks import Audience, Figures, Period, Table
from projects.house.outline import NEXT, PROBLEMS, Chapter
from projects.house.sheets import Sheet, sheet_of

OPENING: Final = "opening"
TITLE: Final = "title"
# Chapters that an editor writes, for the staff's own issue.
WRITTEN: Final = (PROBLEMS, NEXT)


@dataclass(frozen=True)
class Given:
    """What is known of an issue beside its figures.

    ``wordings`` are the edited words by paragraph. ``signatures`` are (label, name) of those who
    signed so far. ``number`` is empty in a draft.
    """

    language: str = Language.CHINESE
    audience: Audience = Audience.STAFF
    wordings: Mapping[str, str] = field(default_factory=dict)
    number: str = ""
    day: date | None = None
    mark: str = ""
    signatures: tuple[tuple[str, str], ...] = ()
    hash: str = ""
    address: str = ""
    links: bool = True


@dataclass
class _Written:
    """A chapter while it is put together."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)


def paper_of(blocks: Mapping[str, Any], period: Period, given: Given) -> Paper:
    """The issue with these figures, in the language that is given."""
    with translation.override(given.language):
        letterhead = letterhead_in(given.language)
        chapters, appendices = _chapters(blocks, period, given, ranks=letterhead.shows_ranks)
        day = given.day or period.day
        return Paper(
            language=given.language,
            head=Head(
                heading=letterhead.heading, name=letterhead.name, number=given.number,
                office=letterhead.office, day=day, mark=given.mark,
            ),
            title=given.wordings.get(TITLE) or letterhead.title,
            addressees=letterhead.addressees,
            opening=given.wordings.get(OPENING) or _opening(period),
            sections=tuple(_sections(chapters, _steps(blocks), given)),
            appendices=tuple(appendices),
            foot=_foot(letterhead, given, day),
        )  # fmt: skip


def _chapters(
    blocks: Mapping[str, Any], period: Period, given: Given, *, ranks: bool
) -> tuple[dict[Chapter, _Written], list[Sheet]]:
    """What each chapter has, by the issue's own schemas; and the appendices."""
    chapters: dict[Chapter, _Written] = {}
    appendices: list[Sheet] = []
    for block in BLOCKS.of({name: block["schema"] for name, block in blocks.items()}):
        figures = blocks[block.name]["figures"]
        for place, table in enumerate(block.tables):
            if table not in block.tables_for(given.audience):
                continue
            written = chapters.setdefault(block.chapter, _Written())
            key = f"{block.name}.{place}"
            written.paragraphs += _paragraph(key, table, figures, given)
            if not table.in_words and any(table.lines(figures)):
                about = period if given.links else None
                sheet = sheet_of(block.name, table, figures, about)
                sheet = sheet if ranks else _without_ranks(sheet)
                (appendices if table.is_appendix else written.sheets).append(sheet)
    return chapters, appendices


def _without_ranks(sheet: Sheet) -> Sheet:
    """The table without its ranks, its rows in the order of their keys; totals last as before."""
    places = [place for place, column in enumerate(sheet.columns) if not column.is_rank]
    if len(places) == len(sheet.columns):
        return sheet
    listed = sorted((row for row in sheet.rows if not row.is_fixed), key=lambda row: row.key)
    rows = [*listed, *(row for row in sheet.rows if row.is_fixed)]
    order = {row.titles[0]: place for place, row in enumerate(listed)}
    return replace(
        sheet,
        bars=tuple(sorted(sheet.bars, key=lambda bar: order.get(bar[0], len(order)))),
        columns=tuple(sheet.columns[place] for place in places),
        headings=tuple(sheet.headings[place] for place in places),
        rows=tuple(replace(row, cells=tuple(row.cells[place] for place in places)) for row in rows),
    )


def _paragraph(key: str, table: Table, figures: Figures, given: Given) -> Iterator[Paragraph]:
    drafted = join(sentences_of(table, figures))
    if drafted:
        heading = str(table.heading or table.title)
        yield Paragraph(key, given.wordings.get(key) or drafted, heading)


def sentences_of(table: Table, figures: Figures) -> tuple[str, ...]:
    """The sentences of the first total row, or of the first row if none is a total."""
    lines = sorted(table.lines(figures), key=lambda line: not line.is_total)[:1]
    stated = (line.figures for line in lines if line.figures is not None)
    said = [sentence.say(row) for row in stated for sentence in table.sentences]
    more = table.says(figures) if table.says else ()
    return tuple(each for each in (*said, *more) if each)


def join(sentences: tuple[str, ...]) -> str:
    """Sentences as one text; in Chinese there is no space between them."""
    separator = "" if translation.get_language() == "zh-hans" else " "
    return separator.join(sentences)


def _sections(chapters: Mapping[Chapter, _Written], steps: str, given: Given) -> Iterator[Section]:
    """The chapters that have something, in their order; the last has the next ``steps``."""
    if given.audience == Audience.STAFF:
        chapters = {**{chapter: _Written() for chapter in WRITTEN}, **chapters}
    for chapter in sorted(chapters, key=lambda each: each.order):
        written = chapters[chapter]
        if chapter in WRITTEN and given.audience == Audience.STAFF:
            drafted = steps if chapter == NEXT else ""
            text = given.wordings.get(chapter.key) or drafted
            written.paragraphs += [Paragraph(chapter.key, text)] if text else []
        if written.paragraphs or written.sheets:
            yield Section(
                chapter.key, str(chapter.title), tuple(written.paragraphs), tuple(written.sheets)
            )


def _steps(blocks: Mapping[str, Any]) -> str:
    """What follows from the figures, by the rules of the blocks."""
    own = BLOCKS.of({name: block["schema"] for name, block in blocks.items()})
    said = (each.steps(blocks[each.name]["figures"]) for each in own if each.steps)
    return join(tuple(step for steps in said for step in steps))


def _opening(period: Period) -> str:
    """The first sentence: by what arrangement, and of which days."""
    moment = pgettext("moment of a bulletin", "N j, Y, H:i")
    return _(
        "By the arrangement of a bulletin every week, this is the situation from %(start)s to"
        " %(end)s. Every rate is computed from exact counts and rounded to one decimal."
    ) % {
        "start": date_format(timezone.localtime(period.start), moment),
        "end": date_format(timezone.localtime(period.end), moment),
    }  # fmt: skip


def letterhead_in(language: str) -> Letterhead:
    """The office's own, or neutral words where none is entered."""
    return Letterhead.objects.filter(language=language).first() or Letterhead(
        language=language,
        office=_("Service centre for key construction projects"),
        heading=_("Coordination service for key projects"),
        name=_("Weekly bulletin"),
        title=_("On resumption, starts and coordination service of key projects"),
        addressees=_("To all districts, departments concerned, and service groups:"),
    )


def _foot(letterhead: Letterhead, given: Given, day: date) -> Foot:
    rows = (
        (pgettext("bulletin", "reported to"), letterhead.reported_to),
        (pgettext("bulletin", "sent to"), letterhead.sent_to),
        (pgettext("bulletin", "issued to"), letterhead.issued_to),
    )
    shown_day = date_format(day, pgettext("day of a bulletin", "N j, Y"))
    copies = _("%(copies)s copies") % {"copies": letterhead.copies} if letterhead.copies else ""
    return Foot(
        rows=tuple(row for row in rows if row[1]), signatures=given.signatures,
        printed=_("printed on %(day)s") % {"day": shown_day},
        copies=copies, hash=given.hash, address=given.address,
    )  # fmt: skip
