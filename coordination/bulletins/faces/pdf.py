"""A paper as PDF, set by Typst with ``bulletin.typ``, which reads it as data and never as code."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import typst

from coordination.bulletins.faces.fonts import Chosen, chosen
from coordination.bulletins.faces.lanes import (
    Lane,
    breakable,
    lanes_of,
    pieces_of,
    width_of,
)
from coordination.bulletins.faces.wording import Captioned, Part, Worded, worded
from coordination.bulletins.paper import Paper
from projects.house.sheets import NOTHING, SheetRow

_TEMPLATES: Final = Path(__file__).resolve().parent / "typst"
_WIDTH: Final = 156 * 72 / 25.4  # points of the text area
_LINE: Final = 26.0  # em that a word in the text may be wide
_ROOM: Final = 0.9  # em beside a cell's text
_KEPT_FOR: Final = 10  # compilations
_TALL: Final = 12  # lines
_MARGIN: Final = 0.4  # em beside a heading

type _Say = Callable[[str], str]


def pdf_of(paper: Paper) -> bytes:
    """The paper's pages; the same bytes for the same paper and fonts."""
    return _compiled(paper, "pdf")[0]


def pictures_of(paper: Paper, *, dots_per_inch: int = 100) -> list[bytes]:
    """Each page as a PNG."""
    return _compiled(paper, "png", dots_per_inch)


def chart_of(table: Captioned, words: Worded, *, dots_per_inch: int = 220) -> bytes:
    """The table's bars as a PNG as wide as the text area, for files that take no drawing."""
    fonts = chosen()
    data = {**common(words, fonts), "table": table_data(table, words, fonts)}
    return typeset("chart.typ", data, words, "png", dots_per_inch)[0]


def _compiled(paper: Paper, form: Any, dots_per_inch: int | None = None) -> list[bytes]:
    words = worded(paper)
    made = typeset("bulletin.typ", _data(words, chosen()), words, form, dots_per_inch)
    forget()
    return made


def forget() -> None:
    """Let Typst free what it computed, some 20 MB, which it keeps for ten compilations."""
    for _compilation in range(_KEPT_FOR + 1):
        typst.compile(b"", font_paths=chosen().fonts, ignore_system_fonts=True)


def typeset(
    template: str, data: dict[str, Any], words: Worded, form: Any, dots_per_inch: int | None
) -> list[bytes]:
    """The pages that a template makes of the data, in one file or as a picture each."""
    day = datetime.combine(words.head.day, time(), UTC)
    made: Any = typst.compile(
        str(_TEMPLATES / template), root=str(_TEMPLATES), font_paths=chosen().fonts,
        ignore_system_fonts=True, format=form, ppi=dots_per_inch, timestamp=int(day.timestamp()),
        sys_inputs={"paper": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["a-2u"] if form == "pdf" else [],
    )  # fmt: skip
    return made if isinstance(made, list) else [made]


def common(words: Worded, fonts: Chosen) -> dict[str, Any]:
    """What every template is given."""
    return {"chinese": words.paper.is_chinese, "fonts": fonts.families, "own": fonts.is_own}


def _data(words: Worded, fonts: Chosen) -> dict[str, Any]:
    def say(text: str) -> str:
        return breakable(fonts.replaced(text), _LINE)

    paper, head, foot = words.paper, words.paper.head, words.paper.foot
    return {
        **common(words, fonts),
        "mark": say(head.mark),
        "heading": fonts.replaced(head.heading),
        "name": fonts.replaced(head.name),
        "number": say(head.number),
        "office": say(head.office),
        "day": words.day,
        "title": breakable(fonts.replaced(paper.title), _LINE / 2),
        "addressees": say(paper.addressees),
        "opening": say(paper.opening),
        "parts": [_part(part, words, fonts, say) for part in words.parts],
        "appendix-label": words.appendix_label + words.colon,
        "listed": [say(each) for each in words.listed],
        "appendices": [table_data(each, words, fonts) for each in words.appendices],
        "rows": [_labelled(row, words, say) for row in foot.rows],
        "signatures": [_labelled(row, words, say) for row in foot.signatures],
        "printed": say(foot.printed),
        "copies": say(foot.copies),
        "verification": say(words.verification),
    }


def _labelled(row: tuple[str, str], words: Worded, say: _Say) -> list[str]:
    return [say(row[0]) + words.colon.rstrip(), say(row[1])]


def _part(part: Part, words: Worded, fonts: Chosen, say: _Say) -> dict[str, Any]:
    stop = "。" if words.paper.is_chinese else "."
    return {
        "heading": say(part.heading),
        "paragraphs": [
            {"heading": _stopped(say(each.heading), stop), "text": say(each.text)}
            for each in part.paragraphs
        ],
        "tables": [table_data(each, words, fonts) for each in part.tables],
    }


def _stopped(heading: str, stop: str) -> str:
    """A sub-heading that is followed by its text in the same line ends with a stop."""
    return heading + stop if heading and heading[-1] not in "。.！!？?：:" else heading


def table_data(
    table: Captioned, words: Worded, fonts: Chosen, *, width: float = _WIDTH
) -> dict[str, Any]:
    """A table as the templates draw it, as wide as so many points."""
    sheet = table.sheet
    lanes = lanes_of(sheet, width, may_halve=True)
    rooms = [lane.width - _ROOM for lane in lanes.lanes]

    def fit(texts: Iterable[str]) -> list[str]:
        return [
            breakable(fonts.replaced(text), room) for text, room in zip(texts, rooms, strict=True)
        ]

    note = fonts.replaced(sheet.note)
    return {
        "caption": breakable(fonts.replaced(table.caption), _LINE),
        "sentences": [breakable(fonts.replaced(each), _LINE) for each in sheet.sentences],
        "size": lanes.size,
        "halves": lanes.halves,
        "lanes": [_lane(lane) for lane in lanes.lanes],
        "header": [
            _heading(fonts.replaced(text), lane.width - _MARGIN)
            for text, lane in zip((*sheet.row_headings, *sheet.headings), lanes.lanes, strict=True)
        ],
        "rows": [
            {
                "total": row.is_total,
                "cells": fit(_texts(row)),
                "breakable": any(map(_is_tall, _texts(row), rooms)),
            }
            for row in sheet.rows
        ],
        "note": f"{words.note_label}{words.colon}{breakable(note, _LINE * 1.5)}" if note else "",
        "chart-title": fonts.replaced(table.chart_title),
        "bars": [_bar(fonts.replaced(title), value) for title, value in sheet.bars],
    }


def _heading(text: str, room: float) -> dict[str, Any]:
    """The words of a heading, which are broken only where one does not fit by itself."""
    words = pieces_of(text, room)
    whole = all(width_of(word) <= room for word in words)
    return {"words": words if whole else [breakable(text, room)], "whole": whole}


def _is_tall(text: str, room: float) -> bool:
    """Whether a cell may need so many lines that its row has to be broken over pages."""
    return width_of(text) / room + text.count("\n") > _TALL


def _lane(lane: Lane) -> dict[str, Any]:
    return {"width": lane.width, "align": lane.align, "inset": lane.inset}


def _texts(row: SheetRow) -> tuple[str, ...]:
    return (*row.titles, *(cell.text for cell in row.cells))


def _bar(title: str, value: str | None) -> dict[str, Any]:
    """One bar: how long it is, in percent, and what is written at its end."""
    if value is None:
        return {"title": title, "value": 0, "text": NOTHING}
    return {"title": title, "value": float(max(Decimal(value), Decimal(0))), "text": f"{value}%"}
