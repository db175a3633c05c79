"""Inspecting an uploaded file: its type by name and content, and the bytes to store."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

from projects.files.checks.documents import check_office, check_pdf, check_text
from projects.files.checks.file_bytes import Pieces, Raw, Sent, opened, refuse_virus, whole
from projects.files.checks.pictures import jpeg, png
from projects.files.checks.refusal_messages import refused_file
from projects.files.checks.sniff import type_of
from projects.files.file_types import EXTENSIONS, FileType
from projects.files.limits import LARGEST_FILE, PART
from projects.files.names import named_as


@dataclass(frozen=True)
class Content:
    """A file that may be attached; its bytes can be read while the upload is open."""

    name: str
    file_type: FileType
    pieces: Pieces
    size: int
    sha256: str

    def parts(self) -> Iterator[bytes]:
        """The bytes in parts of equal length, except that the last may be shorter."""
        waiting = bytearray()
        for piece in self.pieces():
            waiting += piece
            while len(waiting) >= PART:
                yield bytes(waiting[:PART])
                del waiting[:PART]
        if waiting:
            yield bytes(waiting)


def _checked(check: Callable[[Raw], None]) -> Callable[[Raw], Pieces]:
    def pieces_of(raw: Raw) -> Pieces:
        check(raw)
        return partial(whole, raw)

    return pieces_of


def _rewritten(walk: Callable[[Raw], Iterator[bytes]]) -> Callable[[Raw], Pieces]:
    return lambda raw: partial(walk, raw)


# How each type is checked, and which bytes of it are stored.
_JUDGES: Final[dict[FileType, Callable[[Raw], Pieces]]] = {
    FileType.PDF: _checked(check_pdf),
    FileType.JPEG: _rewritten(jpeg),
    FileType.PNG: _rewritten(png),
    FileType.WORD: _checked(partial(check_office, FileType.WORD)),
    FileType.EXCEL: _checked(partial(check_office, FileType.EXCEL)),
    FileType.TEXT: _checked(check_text),
    FileType.TABLE: _checked(check_text),
}


@contextmanager
def inspected(file: Sent | None) -> Iterator[Content]:
    """Check the file and yield its content. Raises Invalid for ``file`` with the reason."""
    if file is None:
        raise refused_file("required")
    name = file.name or ""
    if not file.size:
        raise refused_file("empty")
    if file.size > LARGEST_FILE:
        raise refused_file("too-large")
    with opened(file) as raw:
        refuse_virus(raw)
        file_type = type_of(raw, name)
        pieces = _JUDGES[file_type](raw)
        size, sha256 = _measured(pieces)  # a picture is checked while it is rewritten
        yield Content(_named_as(name, file_type), file_type, pieces, size, sha256)


def _named_as(name: str, file_type: FileType) -> str:
    """The name with an ending of its type: what is called a.jpg and is a PNG becomes a.png."""
    endings = [ending for ending, each in EXTENSIONS.items() if each == file_type]
    return named_as(name, endings, EXTENSIONS)


def _measured(pieces: Pieces) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    for piece in pieces():
        size += len(piece)
        digest.update(piece)
    return size, digest.hexdigest()
