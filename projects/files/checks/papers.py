"""PDF and plain text: kept as they came, once they are what they say."""

import codecs
import re
from typing import Final

from projects.files.checks.raw import Raw, refuse_archive_behind, refuse_markup, whole
from projects.files.checks.unfit import unfit

_PDF: Final = re.compile(rb"%PDF-[12]\.\d")
_PDF_END: Final = b"%%EOF"
_END_WITHIN: Final = 1024  # readers look for the end in so many last bytes
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # what Notepad calls Unicode
_NO_TEXT: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def check_pdf(raw: Raw) -> None:
    """From its first byte to its end mark a PDF, and nothing behind it. Raises Invalid."""
    if not _PDF.match(raw):
        raise unfit("mismatch")
    refuse_markup(raw)
    refuse_archive_behind(raw)
    _before, mark, behind = raw[-_END_WITHIN:].rpartition(_PDF_END)
    if not mark:
        raise unfit("damaged")
    if behind.strip(b"\0\t\n\f\r "):
        raise unfit("two-in-one")


def check_text(raw: Raw) -> None:
    """Words in UTF-8 or GB 18030, and no page of a browser's. Raises Invalid."""
    if raw[:2] in _UTF_16:
        raise unfit("encoding")
    if _NO_TEXT.search(raw):
        raise unfit("mismatch")
    refuse_markup(raw)
    if not (_is_in("utf-8-sig", raw) or _is_in("gb18030", raw)):
        raise unfit("encoding")


def _is_in(encoding: str, raw: Raw) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in whole(raw):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
