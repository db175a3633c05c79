"""Word and Excel files: archives that contain one document, no active content, nothing remote.

Of the documents themselves only the lists of what they refer to are parsed, and the contents of
embedded objects: all of it in a process of its own (``office_child.py``).
"""

import re
from typing import Final

from projects.files.checks.archives import Budget, Member, members_of, unpacked
from projects.files.checks.compound import why_not_object
from projects.files.checks.file_bytes import ARCHIVES, PROGRAMS, Raw, refuse_virus
from projects.files.checks.refusal_messages import refused_file
from projects.files.checks.remote import refuse_remote
from projects.files.file_types import FileType

_CONTENT_TYPES: Final = "[Content_Types].xml"
_DOCUMENTS: Final[dict[FileType, tuple[str, bytes]]] = {
    FileType.WORD: ("word/document.xml", b"wordprocessingml.document.main+xml"),
    FileType.EXCEL: ("xl/workbook.xml", b"spreadsheetml.sheet.main+xml"),
}
# Macros, old macro sheets, controls: by the names that Office uses for them.
_RUNS: Final = re.compile(r"(?:^|/)(?:vba[^/]*\.(?:bin|xml)|macrosheets/.*|activex/.*)", re.I)
_MACRO_TYPE: Final = b"macroenabled"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0"
_ARCHIVE: Final = b"PK\x03\x04"
_PACKED_PICTURES: Final = (".emz", ".wmz")  # Office's own drawings, each compressed separately
_DECLARES: Final = re.compile(rb"<!(?:doctype|entity)", re.I)  # because XML entities could expand
_XML: Final = (".xml", ".rels")
_EMBEDDED: Final = "/embeddings/"
_RELATIONS: Final = ".rels"
_LARGEST_RELATIONS: Final = 4 * 2**20  # bytes
_LARGEST_OBJECT: Final = 2**20  # bytes: formulas have a few thousand
_OVERLAP: Final = 128  # longer than anything searched for, which may span two pieces


def office_type(raw: Raw) -> FileType:
    """Whether it is a document of Word or of Excel, by its main part. Raises Invalid."""
    names = {member.name for member in members_of(raw, Budget())}
    for file_type, (document, _media_type) in _DOCUMENTS.items():
        if document in names and _CONTENT_TYPES in names:
            return file_type
    raise refused_file("mismatch")


def check_office(file_type: FileType, raw: Raw) -> None:
    """Raise Invalid unless it has no macros and fetches nothing, within the limits."""
    budget = Budget()
    members = members_of(raw, budget)
    by_name = {member.name: member for member in members}
    types = b"".join(unpacked(raw, by_name[_CONTENT_TYPES], Budget(2**20)))
    if _MACRO_TYPE in types.lower():
        raise refused_file("active")
    if _DOCUMENTS[file_type][1] not in types:
        raise refused_file("mismatch")
    _check_members(raw, members, budget, depth=0)


def _check_members(raw: Raw, members: list[Member], budget: Budget, *, depth: int) -> None:
    for member in members:
        if _RUNS.search(member.name):
            raise refused_file("active")
        _check_member(raw, member, budget, depth=depth)


def _check_member(raw: Raw, member: Member, budget: Budget, *, depth: int) -> None:
    if member.name.lower().endswith(_RELATIONS):
        refuse_remote(b"".join(unpacked(raw, member, Budget(_LARGEST_RELATIONS))))
    before, begins = b"", True
    for piece in unpacked(raw, member, budget):
        if begins and piece:
            begins = False
            if piece.startswith(_ARCHIVE):
                _check_within(raw, member, budget, depth=depth)
                return
            if piece.startswith(_COMPOUND):
                _check_object(raw, member, budget)
                return
            _refuse_foreign(member.name.lower(), piece)
        _check_piece(member.name, before + piece)
        before = piece[-_OVERLAP:]


def _refuse_foreign(name: str, beginning: bytes) -> None:
    if beginning.startswith(PROGRAMS):
        raise refused_file("active")
    if beginning.startswith(ARCHIVES) and not name.endswith(_PACKED_PICTURES):
        raise refused_file("nested")


def _check_piece(name: str, piece: bytes) -> None:
    refuse_virus(piece)
    if name.lower().endswith(_XML) and _DECLARES.search(piece.replace(b"\0", b"")):
        raise refused_file("inflated")


def _check_object(raw: Raw, member: Member, budget: Budget) -> None:
    """Check an embedded object of before 2007, of which only formulas are accepted."""
    if member.info.file_size > _LARGEST_OBJECT:
        raise refused_file("embedded")
    content = b"".join(unpacked(raw, member, budget))
    refuse_virus(content)
    if code := why_not_object(content):
        raise refused_file(code)


def _check_within(raw: Raw, member: Member, budget: Budget, *, depth: int) -> None:
    """Check a nested archive, such as a chart's workbook; none may be nested more deeply."""
    if depth or _EMBEDDED not in f"/{member.name.lower()}":
        raise refused_file("nested")
    inner = b"".join(unpacked(raw, member, budget))
    members = members_of(inner, budget)
    if _CONTENT_TYPES not in {each.name for each in members}:
        raise refused_file("nested")
    _check_members(inner, members, budget, depth=depth + 1)
