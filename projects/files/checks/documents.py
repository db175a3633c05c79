"""Checks of documents, which are stored unchanged: PDF, those of Office, plain text."""

import codecs
import re
from typing import Final

from projects.files.checks.file_bytes import Raw, refuse_archive_behind, refuse_markup, whole
from projects.files.checks.refusal_messages import refused_file
from projects.files.file_types import FileType
from projects.files.sandbox.child import CannotReadError
from projects.files.sandbox.run import run

PDF: Final = re.compile(rb"%PDF-[12]\.\d")
_PDF_END: Final = b"%%EOF"
_END_WITHIN: Final = 1024  # bytes at the end in which readers search for the end mark
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # which Notepad calls Unicode
_NO_TEXT: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def check_pdf(raw: Raw) -> None:
    """Raise Invalid unless it ends with its end mark, and does nothing when it is opened."""
    refuse_markup(raw)
    refuse_archive_behind(raw)
    _before, mark, behind = raw[-_END_WITHIN:].rpartition(_PDF_END)
    if not mark:
        raise refused_file("damaged")
    if behind.strip(b"\0\t\n\f\r "):
        raise refused_file("two-in-one")
    _parse("projects.files.checks.pdf_child", raw)


def check_office(file_type: FileType, raw: Raw) -> None:
    """Raise Invalid unless a document of Office has no macros and fetches nothing."""
    _parse("projects.files.checks.office_child", raw, file_type=file_type.value)


def refuse_compound(raw: Raw) -> None:
    """Raise Invalid with what is wrong with a compound file: of old documents all are refused."""
    _parse("projects.files.checks.office_child", raw, file_type="")


def _parse(module: str, raw: Raw, **options: str) -> None:
    try:
        run(module, bytes(raw), **options)
    except CannotReadError as refused:
        raise refused_file(refused.code) from refused


def check_text(raw: Raw) -> None:
    """Raise Invalid unless it is text in UTF-8 or GB 18030, and no HTML."""
    if raw[:2] in _UTF_16:
        raise refused_file("encoding")
    if _NO_TEXT.search(raw):
        raise refused_file("mismatch")
    refuse_markup(raw)
    if not (_is_in("utf-8-sig", raw) or _is_in("gb18030", raw)):
        raise refused_file("encoding")


def _is_in(encoding: str, raw: Raw) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in whole(raw):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
