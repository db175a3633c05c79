"""Which type a file is of, by its content; the name decides only between kinds of text."""

import re
from typing import Final

from projects.files.checks.documents import PDF, refuse_compound
from projects.files.checks.file_bytes import ARCHIVES, PROGRAMS, SNIFFED, Raw
from projects.files.checks.office import office_type
from projects.files.checks.refusal_messages import refused_file
from projects.files.file_types import EXTENSIONS, FileType
from projects.files.names import extension_of

_ARCHIVE: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES: Final[dict[bytes, FileType]] = {
    b"\xff\xd8\xff": FileType.JPEG, b"\x89PNG\r\n\x1a\n": FileType.PNG,
}  # fmt: skip
_OTHER_PICTURES: Final = re.compile(
    rb"GIF8[79]a|BM.{4}\0\0\0\0|II\*\0|MM\0\*|RIFF.{4}WEBP|.{4}ftyp(?:heic|heix|hevc|mif1|msf1|avif)",
    re.DOTALL,
)
_TEXTS: Final = frozenset({FileType.TEXT, FileType.TABLE})
_FOREIGN: Final = (*PROGRAMS, *ARCHIVES, b"GIF8", b"{\\rtf", b"#!")  # no bytes before a PDF


def type_of(raw: Raw, name: str) -> FileType:
    """The type of the file. Raises Invalid where it is none that may be attached."""
    ending = extension_of(name)
    named = EXTENSIONS.get(ending)
    if named is None and ending:
        raise refused_file("file-type")
    head = raw[:SNIFFED]
    if head.startswith(_ARCHIVE):
        return office_type(raw)
    if head.startswith(_COMPOUND):
        refuse_compound(raw)
    return _picture(head) or _paper(head, named)


def _picture(head: bytes) -> FileType | None:
    if _OTHER_PICTURES.match(head):
        raise refused_file("picture")
    return next((_PICTURES[each] for each in _PICTURES if head.startswith(each)), None)


def _paper(head: bytes, named: FileType | None) -> FileType:
    """A PDF, which readers accept with some bytes before it; or text, where its name says so."""
    if named in _TEXTS and not PDF.match(head):
        return named
    if PDF.search(head) is None:
        raise refused_file("mismatch" if named else "file-type")
    if head.startswith(_FOREIGN):
        raise refused_file("two-in-one")
    return FileType.PDF
