"""Drafts an issue: words and tables from its figures, by what the blocks declare.

Sentences take every number from the figures. An editor may replace the words of a paragraph, or
write the two chapters that have none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coordination.bulletins.models import Language, Letterhead, Series
from coordination.bulletins.paper import Foot, Head, Paper, Paragraph, Section
from coordination.bulletins.paragraphs import OPENING, TITLE
from coordination.bulletins.queries_series import left_out_of
from projects.house.block_registry import BLOCKS
from projects.house.blocks import Audience, Figures, Format, Period, Table
from projects.house.outline import NEXT, PROBLEMS, Chapter
from projects.house.sheets import Cell, Sheet, SheetRow, sheet_of
from projects.record.days import end_of

# Chapters that an editor writes, for the staff's own issue.
WRITTEN: Final = (PROBLEMS, NEXT)


@dataclass(frozen=True)
class Given:
    """What is known of an issue beside its figures.

    ``wordings`` are the edited words by paragraph. ``signatures`` are (label, name) of those who
    signed so far. ``number`` is empty in a draft. ``series`` is which bulletin it is.
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
    series: str = Series.WEEKLY


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
            opening=given.wordings.get(OPENING) or _opening(period, given),
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
            about = period if given.links else None
            written.paragraphs += _paragraph(key, table, figures, given, about)
            if not table.in_words and any(table.lines(figures)):
                sheet = _as_printed(sheet_of(block.name, table, figures, about), ranks=ranks)
                (appendices if table.is_appendix else written.sheets).append(sheet)
    return chapters, appendices


def _as_printed(sheet: Sheet, *, ranks: bool) -> Sheet:
    """The table with its ranks and their rule, or without them; and without empty columns."""
    if any(column.is_rank for column in sheet.columns):
        sheet = _with_rule(sheet) if ranks else _by_keys(sheet)
    kept = [
        place for place, column in enumerate(sheet.columns)
        if (ranks or not column.is_rank) and not _is_empty(sheet, place)
    ]  # fmt: skip
    return replace(
        sheet,
        columns=tuple(sheet.columns[place] for place in kept),
        headings=tuple(sheet.headings[place] for place in kept),
        rows=tuple(
            replace(row, cells=tuple(row.cells[place] for place in kept)) for row in sheet.rows
        ),
    )


def _is_empty(sheet: Sheet, place: int) -> bool:
    """Whether a column of words has none in any row; a rate that is "—" everywhere says so."""
    is_of_words = sheet.columns[place].format == Format.TEXT
    return is_of_words and all(row.cells[place].value is None for row in sheet.rows)


def _with_rule(sheet: Sheet) -> Sheet:
    note = join(tuple(each for each in (sheet.note, sheet.rank_rule) if each))
    return replace(sheet, note=note)


def _by_keys(sheet: Sheet) -> Sheet:
    """Rows that stand together in the order of their keys; sums and totals stay where they are."""
    rows = list[SheetRow]()
    for is_fixed, run in groupby(sheet.rows, key=lambda row: row.is_fixed):
        together = list(run)
        rows += together if is_fixed else sorted(together, key=lambda row: row.key)
    order = {row.titles[0]: place for place, row in enumerate(rows)}
    bars = sorted(sheet.bars, key=lambda bar: order.get(bar[0], len(order)))
    return replace(sheet, bars=tuple(bars), rows=tuple(rows))


def _paragraph(
    key: str, table: Table, figures: Figures, given: Given, about: Period | None
) -> Iterator[Paragraph]:
    drafted = join(sentences_of(table, figures))
    if drafted:
        heading = str(table.heading or table.title)
        counted = tuple(_counted_in_words(table, figures, about))
        yield Paragraph(key, given.wordings.get(key) or drafted, heading, counted)


def _counted_in_words(
    table: Table, figures: Figures, about: Period | None
) -> Iterator[tuple[str, Cell]]:
    """The figures with an address of a table that is printed as sentences alone."""
    if table.in_words and about is not None:
        for row in sheet_of("", replace(table, in_words=False), figures, about).rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                if cell.link:
                    yield str(column.title), cell


def sentences_of(table: Table, figures: Figures) -> tuple[str, ...]:
    """The sentences of the last total row, or of the first row if none is a total."""
    every = list(table.lines(figures))
    lines = [line for line in every if line.is_total][-1:] or every[:1]
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


def _opening(period: Period, given: Given) -> str:
    """The first sentence: by what arrangement, and of which days."""
    words = {"start": _moment(period.start), "end": _moment(period.end)}
    if given.series == Series.EXTRA:
        first = _(
            "This extra issue reports on the situation from %(start)s to %(end)s. Every rate is"
            " computed from exact counts and rounded to one decimal."
        )
        return join(tuple(each for each in (first % words, _without(given)) if each))
    return _(
        "By the arrangement of a bulletin every week, this is the situation from %(start)s to"
        " %(end)s. Every rate is computed from exact counts and rounded to one decimal."
    ) % words  # fmt: skip


def _moment(at: datetime) -> str:
    """A moment in words, with its minutes where it has any; the end of a day is its 24:00."""
    local = timezone.localtime(at)
    if at == end_of(local.date()):
        day = date_format(local, pgettext("day of a bulletin", "N j, Y"))
        return pgettext("moment of a bulletin", "%(day)s, 24:00") % {"day": day}
    if local.minute:
        return date_format(local, pgettext("moment of a bulletin with minutes", "N j, Y, H:i"))
    return date_format(local, pgettext("moment of a bulletin", "N j, Y, H:i"))


def _without(given: Given) -> str:
    """Which tables of the weekly bulletin an extra issue does not have; empty if it has all."""
    tables = [each.tables_for(given.audience) for each in left_out_of(given.series)]
    titles = [str(found[0].title or found[0].heading) for found in tables if found]
    if not titles:
        return ""
    said = _("Only the weekly bulletin has: %(tables)s.")
    return said % {"tables": _(", ").join(titles)}


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
