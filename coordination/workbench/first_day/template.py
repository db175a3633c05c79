"""The workbook in which officers are listed: a sheet to fill in, and one with an example."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any, Final

import xlsxwriter
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coordination.groups.models import ServiceGroup
from coordination.workbench.first_day.pasted import COLUMNS, MOST, POSTS

_OPTIONS: Final = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
    "strings_to_numbers": False,
}  # fmt: skip
_WIDTH, _WIDE = 18, 60
_LONGEST_LIST: Final = 255  # characters of all choices together, in Excel


def template() -> bytes:
    """The workbook's bytes, in the active language; posts and groups are chosen from lists."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        bold, as_text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet: Any = book.add_worksheet(pgettext("sheet", "Officers"))
        sheet.freeze_panes(1, 0)
        groups = ServiceGroup.objects.filter(is_active=True).order_by("ordinal")
        choices = {"post": [str(each.label) for each in POSTS], "group": [g.name for g in groups]}
        for place, (name, heading) in enumerate(COLUMNS.items()):
            sheet.set_column(place, place, _WIDTH, as_text)
            sheet.write_string(0, place, str(heading), bold)
            _offer(sheet, place, choices.get(name, []))
        _write_notes(book.add_worksheet(_("Notes")), bold)
    return file.getvalue()


def _offer(sheet: Any, place: int, choices: list[str]) -> None:
    if choices and len(",".join(choices)) <= _LONGEST_LIST:
        sheet.data_validation(
            1, place, MOST, place,
            {"validate": "list", "source": choices, "error_type": "warning"},
        )  # fmt: skip


def _notes() -> list[tuple[str, str, str]]:
    """Each column with an example and what it is; and what holds for all of them."""
    headings = {name: str(heading) for name, heading in COLUMNS.items()}
    posts = _(", ").join(str(each.label) for each in POSTS)
    return [
        (_("Column"), _("Example"), _("What to enter")),
        (headings["name"], "陈示例", _("The officer's full name.")),
        (headings["username"], "chensl", _("With which he signs in; each has another.")),
        (headings["post"], str(POSTS[0].label), _("One of: %(posts)s.") % {"posts": posts}),
        (headings["group"], "第一服务组",
         _("The name or the code of a service group; empty for the centre's officers.")),
        (headings["mobile"], "0379-65123456", _("May stay empty.")),
        (_("In all"), "", _("One row for each officer, at most 50, on the first sheet.")),
    ]  # fmt: skip


def _write_notes(sheet: Any, bold: Any) -> None:
    sheet.set_column(0, 1, _WIDTH)
    sheet.set_column(2, 2, _WIDE)
    for line, row in enumerate(_notes()):
        for place, text in enumerate(row):
            sheet.write_string(line, place, text, bold if line == 0 else None)


def are_notes(texts: Iterable[str]) -> bool:
    """Whether a sheet holds nothing but the template's notes, in one language or the other."""
    known = set[str]()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            known |= {text.strip() for row in _notes() for text in row}
    return known.issuperset(texts)
