"""A brief as it is printed: of each block the sentences, the tables, and the lists after them.

A table of a block that is declared as an appendix is a list: the page shows it whole, the one A4
page as much of it as there is room for.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coordination.bulletins.drafting import join, letterhead_in, sentences_of
from coordination.bulletins.models import Brief
from coordination.bulletins.paper import Foot, Head, Paper, Paragraph, Section
from coordination.bulletins.week import day_to
from projects.house.block_registry import BRIEFS
from projects.house.blocks import Block, Period
from projects.house.sheets import Sheet, sheet_of


def brief_paper(brief: Brief, *, language: str) -> Paper:
    """The brief in that language, by the schemas with which it was built."""
    with translation.override(language):
        letterhead = letterhead_in(language)
        period = day_to(brief.cut_off)
        title = _("Brief of %(day)s on daily reports, work on site and tickets")
        return Paper(
            language=language,
            head=Head(
                heading=letterhead.heading, name=pgettext("brief", "Daily brief"), number="",
                office=letterhead.office, day=brief.day,
            ),
            title=title % {"day": _day(period)},
            addressees="",
            opening=_opening(period),
            sections=tuple(_sections(brief.blocks, period)),
            appendices=tuple(_lists(brief.blocks, period)),
            foot=Foot((), (), "", "", brief.hash, ""),
        )  # fmt: skip


def said_in(blocks: Mapping[str, Any]) -> Iterator[str]:
    """The sentences of all blocks, in the language that is active."""
    for block in _known(blocks):
        for table in block.tables:
            yield from sentences_of(table, blocks[block.name]["figures"])


def _known(blocks: Mapping[str, Any]) -> list[Block]:
    return BRIEFS.of({name: block["schema"] for name, block in blocks.items()})


def _sections(blocks: Mapping[str, Any], period: Period) -> Iterator[Section]:
    for block in _known(blocks):
        figures = blocks[block.name]["figures"]
        said = join(tuple(each for table in block.tables for each in sentences_of(table, figures)))
        sheets = tuple(
            sheet_of(block.name, table, figures, period)
            for table in block.tables
            if not (table.in_words or table.is_appendix)
        )
        yield Section(
            block.name, str(block.chapter.title), (Paragraph(block.name, said),) if said else (),
            sheets,
        )  # fmt: skip


def _lists(blocks: Mapping[str, Any], period: Period) -> Iterator[Sheet]:
    for block in _known(blocks):
        figures = blocks[block.name]["figures"]
        for table in block.tables:
            if table.is_appendix and any(table.lines(figures)):
                yield sheet_of(block.name, table, figures, period)


def _day(period: Period) -> str:
    return date_format(timezone.localtime(period.end), pgettext("day of a bulletin", "N j, Y"))


def _opening(period: Period) -> str:
    """What the figures cover, and by when they were recorded."""
    moment = pgettext("moment of a brief", "N j, Y, H:i")
    return _(
        "As recorded by %(end)s; reports of the day were due at 17:00. Tickets: since %(start)s."
    ) % {
        "start": date_format(timezone.localtime(period.start), moment),
        "end": date_format(timezone.localtime(period.end), moment),
    }  # fmt: skip
