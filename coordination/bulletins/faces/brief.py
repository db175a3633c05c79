"""A brief as one A4 page, set by Typst with ``brief.typ``: its lists are cut where room ends."""

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from coordination.bulletins.faces.fonts import Chosen, chosen
from coordination.bulletins.faces.lanes import breakable
from coordination.bulletins.faces.pdf import common, forget, table_data, typeset
from coordination.bulletins.faces.wording import Captioned, Worded, printable, worded
from coordination.bulletins.paper import Paper
from projects.house.sheets import Sheet, SheetRow

_WIDTH: Final = 174 * 72 / 25.4  # points of the text area
_LINE: Final = 40.0  # em that a word in the text may be wide
_MOST: Final = 400  # rows of a list, more than a page has room for


def brief_pdf_of(paper: Paper) -> bytes:
    """The page; the same bytes for the same paper and fonts."""
    return _compiled(paper, "pdf")


def brief_picture_of(paper: Paper, *, dots_per_inch: int = 100) -> bytes:
    """The page as a PNG."""
    return _compiled(paper, "png", dots_per_inch)


def _compiled(paper: Paper, form: Any, dots_per_inch: int | None = None) -> bytes:
    words = worded(paper)
    with override(paper.language):
        data = _data(words, chosen())
    (page,) = typeset("brief.typ", data, words, form, dots_per_inch)
    forget()
    return page


def _data(words: Worded, fonts: Chosen) -> dict[str, Any]:
    paper, head = words.paper, words.paper.head

    def say(text: str) -> str:
        return breakable(fonts.replaced(text), _LINE)

    return {
        **common(words, fonts),
        "heading": fonts.replaced(head.heading),
        "name": fonts.replaced(head.name),
        "office": say(head.office),
        "day": words.day,
        "title": breakable(fonts.replaced(paper.title), _LINE / 2),
        "opening": say(paper.opening),
        "parts": [
            {
                "heading": say(part.heading),
                "paragraphs": [say(each.text) for each in part.paragraphs],
                "tables": [_table(each, words, fonts) for each in part.tables],
            }
            for part in words.parts
        ],
        "lists": [_list(each.sheet, words, say) for each in words.appendices],
        "comma": pgettext("list of a brief", ", "),
        "stop": "。" if paper.is_chinese else ".",
        "colon": words.colon,
        "verification": say(words.verification),
    }


def _table(table: Captioned, words: Worded, fonts: Chosen) -> dict[str, Any]:
    return table_data(Captioned("", table.sheet), words, fonts, width=_WIDTH)


def _list(sheet: Sheet, words: Worded, say: Any) -> dict[str, Any]:
    """The rows as running text, and what is said in place of those for which there is no room."""
    number = {"number": len(sheet.rows)}
    return {
        "title": say(_("%(title)s (%(unit)s)") % {"title": sheet.title, "unit": len(sheet.rows)}),
        "items": [say(_item(row, words)) for row in sheet.rows[:_MOST]],
        "number": len(sheet.rows),
        "more": _("and others, %(number)s in all: see the system") % number,
        "none": _("%(number)s in all: see the system") % number,
    }


def _item(row: SheetRow, words: Worded) -> str:
    """``name (district, change)``, on one line."""
    cells = pgettext("list", ", ").join(cell.text for cell in row.cells)
    text = _("%(title)s (%(unit)s)") % {"title": " ".join(row.titles), "unit": cells}
    return printable(text).replace("\n", " ") if words.paper.is_chinese else printable(text)
