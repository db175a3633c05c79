"""Reads a workbook in a process of its own: ``python -m projects.files.workbooks.child``."""

from typing import Final

from projects.files.sandbox.child import CannotReadError, serve
from projects.files.workbooks.wire import Found, Limits
from projects.files.workbooks.xls import read_xls
from projects.files.workbooks.xlsx import read_xlsx
from projects.record.refusals import Invalid

_OLD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NEW: Final = b"PK\x03\x04"
_SHOWN_OF_CUT: Final = 50  # rows of a sheet that is too long: its headings are among them


def read(content: bytes, *, rows: int, cells: int) -> list[Found]:
    """Every sheet of an .xlsx or .xls file, by its content. Raises CannotReadError."""
    limits = Limits(rows, cells)
    if content.startswith(_OLD):
        found = read_xls(content, limits)
    elif content.startswith(_NEW):
        try:
            found = read_xlsx(content, limits)
        except Invalid as refused:  # what the archive is refused for
            raise CannotReadError(refused.errors[0].code) from refused
    else:
        raise CannotReadError("web-page" if _is_page(content) else "workbook")
    for each in found:
        if each.is_cut:
            del each.rows[_SHOWN_OF_CUT:]
    return found


def _is_page(content: bytes) -> bool:
    """Whether it is a web page or XML, which some systems export under the name .xls."""
    return content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


if __name__ == "__main__":
    serve(read)
