"""A ZIP archive, looked into without trusting what it says of itself.

Python's reader gives the table of contents; the members are unpacked here, since it would stop
where the table says that a member ends, and another reader might not.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Final, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from projects.files.checks.raw import Raw
from projects.files.checks.unfit import unfit
from projects.files.limits import MEGABYTE

MOST_MEMBERS: Final = 2_000
MOST_INFLATED: Final = 128 * MEGABYTE  # of all members: a workbook of half a million rows
_PIECE: Final = 64 * 1024
_BEGIN, _END = b"PK\x03\x04", b"PK\x05\x06"
_END_LENGTH, _HEAD_LENGTH = 22, 30
_IS_ENCRYPTED, _IS_UTF8 = 0x1, 0x800


@dataclass
class Budget:
    """How much more may be unpacked, of an archive and of those within it together."""

    left: int = MOST_INFLATED

    def spend(self, amount: int) -> None:
        """Raises Invalid where it is spent."""
        self.left -= amount
        if self.left < 0:
            raise unfit("inflated")


@dataclass(frozen=True)
class Member:
    """One file of an archive: its name, and where its bytes lie."""

    info: ZipInfo
    start: int

    @property
    def name(self) -> str:
        """Its path within the archive."""
        return self.info.orig_filename


def members_of(raw: Raw, budget: Budget) -> list[Member]:
    """Every member, in the order in which they lie. Raises Invalid where the archive is crooked.

    It begins with its first member and ends with its end mark, so there is nothing before or
    behind it; no two members share bytes or a name, and no name leads out of it.
    """
    if raw[:4] != _BEGIN:
        raise unfit("mismatch")
    end = raw.rfind(_END)
    if end != len(raw) - _END_LENGTH:
        raise unfit("two-in-one" if 0 <= end < len(raw) - _END_LENGTH else "damaged")
    infos = _table_of(raw)
    if sum(info.file_size for info in infos) > budget.left:
        raise unfit("inflated")
    _check_names([info.orig_filename for info in infos])
    members, end = [], 0
    for info in sorted(infos, key=lambda each: each.header_offset):
        if info.header_offset < end:
            raise unfit("inflated")
        members.append(Member(info, _start_of(raw, info)))
        end = members[-1].start + info.compress_size
    if end > len(raw) or not members or members[0].info.header_offset:
        raise unfit("damaged")
    return members


def _table_of(raw: Raw) -> list[ZipInfo]:
    file = BytesIO(raw) if isinstance(raw, bytes) else cast("IO[bytes]", raw)
    try:
        with ZipFile(file) as archive:
            infos = archive.infolist()
    except (BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
        raise unfit("damaged") from error
    if len(infos) > MOST_MEMBERS:
        raise unfit("inflated")
    if any(info.flag_bits & _IS_ENCRYPTED for info in infos):
        raise unfit("encrypted")
    if any(info.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for info in infos):
        raise unfit("damaged")
    return infos


def _check_names(names: list[str]) -> None:
    if len({name.lower() for name in names}) < len(names):
        raise unfit("names")
    for name in names:
        parts = name.split("/")
        if ".." in parts or name.startswith("/") or any(mark in name for mark in "\\:\0"):
            raise unfit("names")


def _start_of(raw: Raw, info: ZipInfo) -> int:
    """Behind its own head, which says the same name as the table."""
    head = raw[info.header_offset : info.header_offset + _HEAD_LENGTH]
    if head[:4] != _BEGIN or len(head) < _HEAD_LENGTH:
        raise unfit("damaged")
    named = info.header_offset + _HEAD_LENGTH
    length, extra = int.from_bytes(head[26:28], "little"), int.from_bytes(head[28:30], "little")
    encoding = "utf-8" if info.flag_bits & _IS_UTF8 else "cp437"
    if raw[named : named + length].decode(encoding, "replace") != info.orig_filename:
        raise unfit("names")
    return named + length + extra


def unpacked(raw: Raw, member: Member, budget: Budget) -> Iterator[bytes]:
    """What the member really unpacks to, piece by piece. Raises Invalid, perhaps at the end."""
    info, size, told = member.info, 0, 0
    packed = _packed(raw, member.start, member.start + info.compress_size)
    for piece in packed if info.compress_type == ZIP_STORED else _inflated(packed):
        budget.spend(len(piece))
        size, told = size + len(piece), zlib.crc32(piece, told)
        yield piece
    if (size, told) != (info.file_size, info.CRC):
        raise unfit("damaged")


def _packed(raw: Raw, start: int, end: int) -> Iterator[bytes]:
    for place in range(start, end, _PIECE):
        yield raw[place : min(place + _PIECE, end)]


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    inflater, waiting = zlib.decompressobj(-zlib.MAX_WBITS), b""
    while not inflater.eof:
        waiting = waiting or next(packed, b"")
        try:
            piece = inflater.decompress(waiting, _PIECE)
        except zlib.error as error:
            raise unfit("damaged") from error
        if not (piece or waiting):
            raise unfit("damaged")
        waiting = inflater.unconsumed_tail
        yield piece
