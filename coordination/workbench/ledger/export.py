"""The ledger as an Excel sheet, with the same content as the page."""

import io
from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from coordination.workbench.ledger.book import Ledger, Row

# Names are always strings, so that typed text never becomes a formula.
_PLAIN: Final = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
    "strings_to_numbers": False,
}  # fmt: skip
_WIDE, _NARROW = 32, 12


def workbook(*, book: Ledger, title: str, subtitle: str, headings: Sequence[str]) -> bytes:
    """The file's bytes: title, period, table and total."""
    stream = io.BytesIO()
    with Workbook(stream, _PLAIN) as file:
        sheet: Any = file.add_worksheet(_("Ledger"))
        bold = file.add_format({"bold": True})
        wrapped = file.add_format({"bold": True, "text_wrap": True, "border": 1})
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_column(0, 0, _WIDE)
        sheet.set_column(1, len(headings), _NARROW)
        sheet.write_string(0, 0, title, bold)
        sheet.write_string(1, 0, subtitle)
        for place, heading in enumerate(headings):
            sheet.write_string(3, place, heading, wrapped)
        for line, row in enumerate((*book.rows, book.total), start=4):
            _write(sheet, line, row, book, file.add_format({"border": 1}))
    return stream.getvalue()


def _write(sheet: Any, line: int, row: Row, book: Ledger, cell: Any) -> None:
    sheet.write_string(line, 0, str(row.label), cell)
    for place, column in enumerate(book.columns, start=1):
        sheet.write_number(line, place, row.figures[column], cell)
    sheet.write_string(line, len(book.columns) + 1, balance_of(row), cell)


def balance_of(row: Row) -> str:
    """A word for whether the row reconciles."""
    if not row.difference:
        return _("balanced")
    return _("off by %(number)+d") % {"number": row.difference}
