"""A file's bytes as the checks read them: by place, without holding them all in memory."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import UnsupportedOperation
from mmap import ACCESS_READ, mmap
from typing import Any, Final

from django.core.files.base import File

from projects.files.checks.unfit import unfit
from projects.files.limits import PART

type Sent = File[Any]
type Raw = bytes | mmap
type Pieces = Callable[[], Iterator[bytes]]

# What every scanner calls a virus, so that one can try it; in two, or ours would be called one.
_EICAR: Final = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STAND" + b"ARD-ANTIVIRUS-TEST-FILE!$H+H*"
_ARCHIVE_END: Final = b"PK\x05\x06"
_LONGEST_END: Final = 22 + 0xFFFF  # of an archive, with its comment
_SNIFFED: Final = 1024  # so much of a file a browser looks at to guess what it is
_MARKUP: Final = re.compile(
    rb"<(?:!doctype|!--|\?xml|html|head|body|title|script|style|svg|iframe|img|meta|a\s|div|table)",
    re.IGNORECASE,
)


def _number_of(file: Sent) -> int | None:
    try:
        number: int = file.fileno()
    except (AttributeError, UnsupportedOperation):  # a small one that lies in memory
        return None
    return number


@contextmanager
def opened(file: Sent) -> Iterator[Raw]:
    """The bytes of what was sent; those of a large file stay on the disk. It is not empty."""
    file.seek(0)
    number = _number_of(file)
    if number is None:
        yield file.read()
        return
    with mmap(number, 0, access=ACCESS_READ) as view:
        yield view


def whole(raw: Raw, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The bytes from one place to another, piece by piece."""
    end = len(raw) if end is None else end
    for place in range(start, end, PART):
        yield raw[place : min(place + PART, end)]


def refuse_virus(raw: Raw) -> None:
    """Raises Invalid where the test signature is in it."""
    if raw.find(_EICAR) >= 0:
        raise unfit("virus")


def refuse_archive_behind(raw: Raw) -> None:
    """An archive is read from its end: whatever it stands behind would be one too (GIFAR)."""
    if raw.rfind(_ARCHIVE_END, max(0, len(raw) - _LONGEST_END)) >= 0:
        raise unfit("two-in-one")


def refuse_markup(raw: Raw) -> None:
    """Nothing that a browser which guesses would take for a page."""
    if _MARKUP.search(raw[:_SNIFFED]):
        raise unfit("two-in-one")
