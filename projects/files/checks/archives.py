"""Reads a ZIP archive without trusting its declared sizes and offsets.

Python's reader gives the table of contents; the members are unpacked here, since it would stop
where the table says that a member ends, and another reader might not.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Final, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from projects.files.checks.file_bytes import Raw
from projects.files.checks.refusal_messages import refused_file
from projects.files.limits import MEGABYTE

MOST_MEMBERS: Final = 2_000
MOST_INFLATED: Final = 128 * MEGABYTE  # bytes of all members: a workbook of half a million rows
_PIECE: Final = 64 * 1024
_BEGIN, _END = b"PK\x03\x04", b"PK\x05\x06"
_END_LENGTH, _HEAD_LENGTH = 22, 30
_IS_ENCRYPTED, _IS_UTF8 = 0x1, 0x800


@dataclass
class Budget:
    """How many more bytes may be unpacked, of an archive and the nested ones together."""

    left: int = MOST_INFLATED

    def spend(self, amount: int) -> None:
        """Subtract unpacked bytes. Raises Invalid if they exceed the rest."""
        self.left -= amount
        if self.left < 0:
            raise refused_file("inflated")


@dataclass(frozen=True)
class Member:
    """One file of an archive: its name, and the position of its bytes."""

    info: ZipInfo
    start: int

    @property
    def name(self) -> str:
        """Its path within the archive."""
        return self.info.orig_filename


def members_of(raw: Raw, budget: Budget) -> list[Member]:
    """Every member, in the order of their bytes. Raises Invalid if the archive is malformed.

    It must begin with its first member and end with its end mark, with nothing before or after;
    no two members may share bytes or a name, and no name may lead out of the archive.
    """
    if raw[:4] != _BEGIN:
        raise refused_file("mismatch")
    end = raw.rfind(_END)
    if end != len(raw) - _END_LENGTH:
        raise refused_file("two-in-one" if 0 <= end < len(raw) - _END_LENGTH else "damaged")
    infos = _table_of(raw)
    if sum(info.file_size for info in infos) > budget.left:
        raise refused_file("inflated")
    _check_names([info.orig_filename for info in infos])
    members, end = [], 0
    for info in sorted(infos, key=lambda each: each.header_offset):
        if info.header_offset < end:
            raise refused_file("inflated")
        members.append(Member(info, _start_of(raw, info)))
        end = members[-1].start + info.compress_size
    if end > len(raw) or not members or members[0].info.header_offset:
        raise refused_file("damaged")
    return members


def _table_of(raw: Raw) -> list[ZipInfo]:
    file = BytesIO(raw) if isinstance(raw, bytes) else cast("IO[bytes]", raw)
    try:
        with ZipFile(file) as archive:
            infos = archive.infolist()
    except (BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
        raise refused_file("damaged") from error
    if len(infos) > MOST_MEMBERS:
        raise refused_file("inflated")
    if any(info.flag_bits & _IS_ENCRYPTED for info in infos):
        raise refused_file("encrypted")
    if any(info.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for info in infos):
        raise refused_file("damaged")
    return infos


def _check_names(names: list[str]) -> None:
    if len({name.lower() for name in names}) < len(names):
        raise refused_file("names")
    for name in names:
        parts = name.split("/")
        if ".." in parts or name.startswith("/") or any(mark in name for mark in "\\:\0"):
            raise refused_file("names")


def _start_of(raw: Raw, info: ZipInfo) -> int:
    """The position after the local header, which must have the same name as the directory."""
    head = raw[info.header_offset : info.header_offset + _HEAD_LENGTH]
    if head[:4] != _BEGIN or len(head) < _HEAD_LENGTH:
        raise refused_file("damaged")
    named = info.header_offset + _HEAD_LENGTH
    length, extra = int.from_bytes(head[26:28], "little"), int.from_bytes(head[28:30], "little")
    encoding = "utf-8" if info.flag_bits & _IS_UTF8 else "cp437"
    if raw[named : named + length].decode(encoding, "replace") != info.orig_filename:
        raise refused_file("names")
    return named + length + extra


def unpacked(raw: Raw, member: Member, budget: Budget) -> Iterator[bytes]:
    """Unpack the member piece by piece. Raises Invalid, perhaps only after the last piece."""
    info, size, told = member.info, 0, 0
    packed = _packed(raw, member.start, member.start + info.compress_size)
    for piece in packed if info.compress_type == ZIP_STORED else _inflated(packed):
        budget.spend(len(piece))
        size, told = size + len(piece), zlib.crc32(piece, told)
        yield piece
    if (size, told) != (info.file_size, info.CRC):
        raise refused_file("damaged")


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
            raise refused_file("damaged") from error
        if not (piece or waiting):
            raise refused_file("damaged")
        waiting = inflater.unconsumed_tail
        yield piece
