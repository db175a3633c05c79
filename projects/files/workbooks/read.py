"""Reads a workbook in a process of its own, and says why one cannot be read."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from projects.files.sandbox.child import CannotReadError
from projects.files.sandbox.run import run
from projects.files.workbooks.book import Sheet, sheet_of
from projects.record.refusals import FieldError, Invalid

_MOST_CELLS: Final = 300_000
_NO_WORKBOOK: Final = _("This is not an Excel workbook (.xlsx or .xls).")
_UNREADABLE: Final = _("This workbook is damaged.")
WHY_NOT: Final[dict[str, Promise]] = {
    "workbook": _NO_WORKBOOK,
    "mismatch": _NO_WORKBOOK,
    "web-page": _("This is a web page, whatever it is called. Save it as .xlsx in Excel or WPS."),
    "encrypted": _("This workbook has a password. Save it without one."),
    "entities": _("This workbook holds XML entities, which no program for tables writes."),
    "inflated": _("This workbook unpacks to more than may be."),
    "too-large": _("This workbook unpacks to more than may be."),
    "too-complex": _(
        "Reading this workbook takes too much memory. Copy its rows into an empty template."
    ),
    "too-slow": _("Reading this workbook takes too long. Copy its rows into an empty template."),
}
_CODES: Final = {"mismatch": "workbook", "inflated": "too-large"}


def refused_workbook(code: str) -> Invalid:
    """The error to raise where it cannot be read, for the field of the file."""
    message = WHY_NOT.get(code, _UNREADABLE)
    known = _CODES.get(code, code) if code in WHY_NOT else "damaged"
    return Invalid([FieldError(("file",), message, known)])


def read_workbook(content: bytes, *, most_rows: int) -> list[Sheet]:
    """Every sheet of an .xlsx or .xls file; one with more rows that hold something is cut.

    Raises Invalid by ``file`` where it cannot be read; Busy where too many are being read.
    """
    try:
        found = run("projects.files.workbooks.child", content, rows=most_rows, cells=_MOST_CELLS)
    except CannotReadError as refused:
        raise refused_workbook(refused.code) from refused
    return [sheet_of(each) for each in found]
