"""An issue as a page that needs nothing else: no script, no picture, no style sheet."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from coordination.bulletins.faces.wording import Captioned, worded
from coordination.bulletins.paper import Paper
from projects.house.charts import bars
from projects.house.sheets import Cell, Sheet, SheetRow

_BEGIN = "<article"
_END = "</article>"


def page_of(paper: Paper) -> bytes:
    """The whole page, in UTF-8."""
    with translation.override(paper.language):
        return render_to_string("bulletins/paper_page.html", _context(paper)).encode()


def article_of(paper: Paper) -> SafeString:
    """The document alone, for a page that has a head of its own."""
    with translation.override(paper.language):
        return mark_safe(render_to_string("bulletins/paper.html", _context(paper)))  # noqa: S308 - rendered by a template, which escapes


def article_in(page: bytes) -> SafeString:
    """The document out of a page that ``page_of`` made."""
    text = page.decode()
    return mark_safe(text[text.index(_BEGIN) : text.index(_END) + len(_END)])  # noqa: S308 - as it was rendered by our template


@dataclass(frozen=True)
class _Drawn:
    """A table with its chart; of each cell, whether it holds words."""

    table: Captioned
    chart: SafeString | str
    rows: list[tuple[SheetRow, list[tuple[Cell, bool]]]]

    @property
    def sheet(self) -> Sheet:
        """The table itself."""
        return self.table.sheet


def _context(paper: Paper) -> dict[str, object]:
    words = worded(paper)
    return {
        "paper": paper,
        "words": words,
        "parts": [(part, list(map(_drawn, part.tables))) for part in words.parts],
        "appendices": list(map(_drawn, words.appendices)),
    }


def _drawn(table: Captioned) -> _Drawn:
    sheet = table.sheet
    rows = [(row, list(zip(row.cells, sheet.texts, strict=True))) for row in sheet.rows]
    return _Drawn(table, bars(sheet.bars) if sheet.bars else "", rows)
