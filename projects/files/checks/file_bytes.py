"""Access to a file's bytes by position, without loading them all into memory."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import UnsupportedOperation
from mmap import ACCESS_READ, mmap
from typing import Any, Final

from django.core.files.base import File

from projects.files.checks.refusal_messages import refused_file
from projects.files.limits import PART

type Sent = File[Any]
type Raw = bytes | mmap
type Pieces = Callable[[], Iterator[bytes]]

# The EICAR test signature; split, so that scanners do not report this file.
_EICAR: Final = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STAND" + b"ARD-ANTIVIRUS-TEST-FILE!$H+H*"
_ARCHIVE_END: Final = b"PK\x05\x06"
_LONGEST_END: Final = 22 + 0xFFFF  # bytes of an archive's end record, with its comment
SNIFFED: Final = 1024  # bytes in which a browser looks for a file's type, and readers for a PDF
PROGRAMS: Final = (b"MZ", b"\x7fELF")
ARCHIVES: Final = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b\x08")  # but for ZIP, which documents are
_MARKUP: Final = re.compile(
    rb"<(?:!doctype|!--|\?xml|html|head|body|title|script|style|svg|iframe|img|meta|a\s|div|table)",
    re.IGNORECASE,
)


def _number_of(file: Sent) -> int | None:
    try:
        number: int = file.fileno()
    except (AttributeError, UnsupportedOperation):  # a small file is in memory
        return None
    return number


@contextmanager
def opened(file: Sent) -> Iterator[Raw]:
    """The bytes of an uploaded file, which must not be empty; a large one stays on disk."""
    file.seek(0)
    number = _number_of(file)
    if number is None:
        yield file.read()
        return
    with mmap(number, 0, access=ACCESS_READ) as view:
        yield view


def whole(raw: Raw, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The bytes from one position to another, piece by piece."""
    end = len(raw) if end is None else end
    for place in range(start, end, PART):
        yield raw[place : min(place + PART, end)]


def refuse_virus(raw: Raw) -> None:
    """Raise Invalid if it contains the test signature."""
    if raw.find(_EICAR) >= 0:
        raise refused_file("virus")


def refuse_archive_behind(raw: Raw) -> None:
    """Raise Invalid if an archive is appended: archives are read from their end (GIFAR)."""
    if raw.rfind(_ARCHIVE_END, max(0, len(raw) - _LONGEST_END)) >= 0:
        raise refused_file("two-in-one")


def refuse_markup(raw: Raw) -> None:
    """Raise Invalid if a browser that guesses the type would take it for HTML."""
    if _MARKUP.search(raw[:SNIFFED]):
        raise refused_file("two-in-one")
