"""Officers in a workbook: its rows as they would be pasted, each in the line of its row."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from coordination.workbench.first_day.pasted import COLUMNS, MOST
from coordination.workbench.first_day.template import are_notes
from projects.files.workbooks.book import Cell, Sheet
from projects.files.workbooks.headings import find_headings
from projects.files.workbooks.notices import Notice
from projects.files.workbooks.read import read_workbook
from projects.files.workbooks.table import Table, read_table
from projects.record.folding import fold
from projects.record.refusals import FieldError, Invalid, Text
from projects.record.text import one_line

LARGEST_FILE: Final = 2 * 1024 * 1024  # bytes
_BESIDE: Final = 50  # further rows that a sheet may hold: titles, totals, notes
_MOST_DIGITS: Final = 15  # that Excel keeps of a number
_NEEDED: Final = ("name", "username")
_CALLED: Final = {
    fold(words): name
    for name, called in {
        "name": ("姓名", "name"),
        "username": ("用户名", "登录名", "账号", "user name"),
        "post": ("岗位", "职务", "post"),
        "group": ("服务组", "所属服务组", "组别", "service group"),
        "mobile": ("工作电话", "办公电话", "联系电话", "电话", "手机", "office phone"),
    }.items()
    for words in called
}


@dataclass(frozen=True)
class Filled:
    """A workbook's rows as text; ``notices`` are what of the workbook is not in it."""

    text: str
    notices: list[Notice]


def read_filled(content: bytes) -> Filled:
    """Read the sheet that has the headings.

    Raises Invalid by ``file`` where there is none, where it has no rows or too many, and where the
    workbook cannot be read; by (row, column) where nothing can be taken from a cell; Busy.
    """
    sheets = read_workbook(content, most_rows=MOST + _BESIDE)
    shown = [each for each in sheets if each.rows and not each.is_hidden]
    if not shown:
        raise _refused(_("There is nothing in this workbook."))
    sheet = max(shown, key=lambda each: len(find_headings(each, column_called).columns))
    table = read_table(sheet, column_called)
    known = table.headings.columns.values()
    if missing := [COLUMNS[each] for each in _NEEDED if each not in known]:
        message = _("The column “%(heading)s” is missing. Download the template below.")
        raise _refused(*(message % {"heading": heading} for heading in missing))
    if sheet.is_cut or len(table.rows) > MOST:
        raise _refused(_("At most 50 rows at a time."))
    if not table.rows:
        raise _refused(_("There is no row below the headings."))
    if wrong := list(_unusable(table)):
        raise Invalid(wrong)
    return Filled(_as_text(table), [*table.notices, *_other_sheets(sheets, sheet)])


def column_called(heading: str) -> str | None:
    """The column that a heading means, in either language."""
    return _CALLED.get(fold(heading))


def _refused(*messages: Text) -> Invalid:
    return Invalid([FieldError(("file",), each) for each in messages])


def _unusable(table: Table[str]) -> Iterator[FieldError]:
    """An error for each cell from which nothing can be taken."""
    for row in table.rows:
        for place, name in table.headings.columns.items():
            reason = _why_unusable(row.cells[place]) if place in row.cells else None
            if reason is not None:
                yield FieldError((row.number, name), reason)


def _why_unusable(cell: Cell) -> Text | None:
    if cell.error:
        return _("This cell shows the error %(error)s.") % {"error": cell.error}
    if cell.strike:
        return _("This is struck through. Delete what does not hold, or remove the line.")
    if cell.value is None:
        return _("This formula has no result yet. Enter its value, or save the workbook again.")
    if isinstance(cell.value, Decimal) and len(cell.text) > _MOST_DIGITS:
        return _("Excel has lost the last digits of this number. Enter it again, as text.")
    return None


def _as_text(table: Table[str]) -> str:
    """The rows with their cells apart by tabs; what stands above and between is an empty line."""
    lines = {table.headings.bottom: [str(each) for each in COLUMNS.values()]}
    for row in table.rows:
        texts = {
            name: one_line(row.cells[place].text)
            for place, name in table.headings.columns.items()
            if place in row.cells
        }
        lines[row.number] = [texts.get(name, "") for name in COLUMNS]
    return "\n".join("\t".join(lines.get(each, [])) for each in range(1, max(lines) + 1))


def _other_sheets(sheets: list[Sheet], own: Sheet) -> Iterator[Notice]:
    """A notice of each other sheet that holds something, but for the template's own notes."""
    for sheet in sheets:
        texts = {cell.text for row in sheet.rows.values() for cell in row.values()}
        if sheet is not own and texts and not are_notes(texts):
            code = "hidden-sheet" if sheet.is_hidden else "sheet"
            count = str(len(sheet.rows))
            yield Notice.of(code, sheet=sheet.name, name=sheet.name, count=count)
