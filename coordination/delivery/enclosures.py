"""Files that a mail encloses.

The outbox names a file and its SHA-256; its bytes stay with the room that keeps them, and are read
there when the mail is sent. Such a room adds to ``READERS`` in its ``room.py``.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, InterfaceError

log = logging.getLogger(__name__)

# Kind of a file -> its bytes by its key; None where it is not there any more.
READERS: Final[dict[str, Callable[[str], bytes | None]]] = {}
_LINE: Final = 57  # bytes of a file that one line of a mail holds
_LINE_AS_SENT: Final = 78  # with its end
_WORDS: Final = 65_536  # bytes left for the text and the headings of a mail
_MEGABYTE: Final = 1_048_576
_SLOWEST: Final = 100_000  # bytes of a file a second, by which its mail is given more time


@dataclass(frozen=True)
class Enclosure:
    """A file as the outbox names it; ``kind`` is that under which a room gives its bytes."""

    kind: str
    key: str
    name: str
    media_type: str
    size: int
    sha256: str

    @property
    def kept(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)

    @property
    def size_as_sent(self) -> int:
        """How many bytes of a mail it takes."""
        return -(-self.size // _LINE) * _LINE_AS_SENT


@dataclass(frozen=True)
class OpenedEnclosure:
    """A file with the bytes that its room gave; None where it has it no more."""

    name: str
    media_type: str
    sha256: str
    content: bytes | None = field(repr=False)

    @property
    def is_as_named(self) -> bool:
        """Whether the bytes are those that were to be sent."""
        return self.content is not None and (
            hashlib.sha256(self.content).hexdigest() == self.sha256
        )


def extra_seconds(sizes: Iterable[int]) -> float:
    """How much longer a mail may take that encloses files of these sizes."""
    return sum(sizes) / _SLOWEST


def fitting(files: Iterable[Enclosure]) -> tuple[list[Enclosure], list[Enclosure]]:
    """Those that one mail holds, taken in this order, and the others."""
    left = settings.EMAIL_LARGEST_MB * _MEGABYTE - _WORDS
    taken, others = list[Enclosure](), list[Enclosure]()
    for each in files:
        if each.size_as_sent <= left:
            left -= each.size_as_sent
            taken.append(each)
        else:
            others.append(each)
    return taken, others


def opened(files: Iterable[Mapping[str, Any]]) -> tuple[OpenedEnclosure, ...]:
    """The files that a delivery names, read where they are kept.

    Raises only what the database raises: a reader's other errors leave the file without bytes, so
    that one mail stops no others.
    """
    found = list[OpenedEnclosure]()
    for each in files:
        content = _read(each["kind"], each["key"])
        found.append(
            OpenedEnclosure(each["name"], each["media_type"], each["sha256"], content)
        )  # fmt: skip
    return tuple(found)


def _read(kind: str, key: str) -> bytes | None:
    try:
        read = READERS.get(kind)
        return read(key) if read is not None else None
    except (DatabaseError, InterfaceError):
        raise
    except Exception:
        log.exception("file %s of kind %s was not read", key, kind)
        return None
