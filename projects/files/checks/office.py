"""Word and Excel files: archives that contain one document, and no active content.

The documents themselves are never parsed here.
"""

import re
from tempfile import TemporaryFile
from typing import Final

from django.core.files.base import File

from projects.files.checks.archives import Budget, Member, members_of, unpacked
from projects.files.checks.file_bytes import Raw, opened, refuse_virus
from projects.files.checks.refusal_messages import refused_file
from projects.files.limits import FileType

_CONTENT_TYPES: Final = "[Content_Types].xml"
_DOCUMENTS: Final[dict[FileType, tuple[str, bytes]]] = {
    FileType.WORD: ("word/document.xml", b"wordprocessingml.document.main+xml"),
    FileType.EXCEL: ("xl/workbook.xml", b"spreadsheetml.sheet.main+xml"),
}
# Macros, old macro sheets, controls: by the names that Office uses for them.
_RUNS: Final = re.compile(r"(?:^|/)(?:vba[^/]*\.(?:bin|xml)|macrosheets/.*|activex/.*)", re.I)
_MACRO_TYPE: Final = b"macroenabled"
_PROGRAMS: Final = (b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0")  # the last: old documents
_ARCHIVE: Final = b"PK\x03\x04"
_OTHER_ARCHIVES: Final = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b\x08")
_PACKED_PICTURES: Final = (".emz", ".wmz")  # Office's own drawings, each compressed separately
_DECLARES: Final = re.compile(rb"<!(?:doctype|entity)", re.I)  # because XML entities could expand
_XML: Final = (".xml", ".rels")
_EMBEDDED: Final = "/embeddings/"
_OVERLAP: Final = 128  # longer than anything searched for, which may span two pieces


def check_office(file_type: FileType, raw: Raw) -> None:
    """Raise Invalid unless it is such a document, without macros, within the limits."""
    budget = Budget()
    members = members_of(raw, budget)
    document, media_type = _DOCUMENTS[file_type]
    by_name = {member.name: member for member in members}
    if document not in by_name or _CONTENT_TYPES not in by_name:
        raise refused_file("mismatch")
    types = b"".join(unpacked(raw, by_name[_CONTENT_TYPES], Budget(2**20)))
    if _MACRO_TYPE in types.lower():
        raise refused_file("active")
    if media_type not in types:
        raise refused_file("mismatch")
    _check_members(raw, members, budget, depth=0)


def _check_members(raw: Raw, members: list[Member], budget: Budget, *, depth: int) -> None:
    for member in members:
        if _RUNS.search(member.name):
            raise refused_file("active")
        _check_member(raw, member, budget, depth=depth)


def _check_member(raw: Raw, member: Member, budget: Budget, *, depth: int) -> None:
    before, begins = b"", True
    for piece in unpacked(raw, member, budget):
        if begins and piece:
            begins = False
            if piece.startswith(_ARCHIVE):
                _check_within(raw, member, budget, depth=depth)
                return
            _refuse_foreign(member.name.lower(), piece)
        _check_piece(member.name, before + piece)
        before = piece[-_OVERLAP:]


def _refuse_foreign(name: str, beginning: bytes) -> None:
    if beginning.startswith(_PROGRAMS):
        raise refused_file("active")
    if beginning.startswith(_OTHER_ARCHIVES) and not name.endswith(_PACKED_PICTURES):
        raise refused_file("nested")


def _check_piece(name: str, piece: bytes) -> None:
    refuse_virus(piece)
    if name.lower().endswith(_XML) and _DECLARES.search(piece.replace(b"\0", b"")):
        raise refused_file("inflated")


def _check_within(raw: Raw, member: Member, budget: Budget, *, depth: int) -> None:
    """Check a nested archive, such as a chart's workbook; none may be nested more deeply."""
    if depth or _EMBEDDED not in f"/{member.name.lower()}":
        raise refused_file("nested")
    with TemporaryFile() as within:
        for piece in unpacked(raw, member, budget):
            within.write(piece)
        within.flush()
        with opened(File(within)) as inner:
            members = members_of(inner, budget)
            if _CONTENT_TYPES not in {each.name for each in members}:
                raise refused_file("nested")
            _check_members(inner, members, budget, depth=depth + 1)
