"""Compound files (OLE), the containers of old Office documents and of embedded objects."""

import struct
from typing import Final

_SECTOR: Final = 512
_SMALL: Final = 4096  # bytes; shorter streams would be kept together
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STREAM, _ROOT = 2, 5


def ole(**streams: bytes) -> bytes:
    """A compound file with these streams; an underscore in a name stands for a space."""
    parts = {name.replace("_", " "): content.ljust(_SMALL, b"\0")
             for name, content in streams.items()}  # fmt: skip
    folders = -(-(1 + len(parts)) // 4)
    fat, bodies = [_FAT, *range(2, folders + 1), _END], b""
    entries = [_entry("Root Entry", _ROOT, child=1, start=_END, size=0)]
    for index, (name, content) in enumerate(parts.items(), start=1):
        start, sectors = len(fat), -(-len(content) // _SECTOR)
        fat += [*range(start + 1, start + sectors), _END]
        bodies += content.ljust(sectors * _SECTOR, b"\0")
        following = index + 1 if index < len(parts) else _FREE
        entries.append(_entry(name, _STREAM, right=following, start=start, size=len(content)))
    folder = b"".join(entries).ljust(folders * _SECTOR, b"\0")
    fat += [_FREE] * (128 - len(fat))
    head = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        b"", 0, 1, 1, 0, _SMALL, _END, 0, _END, 0, 0,
    )  # fmt: skip
    head += b"\xff" * (_SECTOR - len(head))
    return head + struct.pack("<128I", *fat) + folder + bodies


def _entry(
    name: str, kind: int, *, right: int = _FREE, child: int = _FREE, start: int, size: int
) -> bytes:
    written = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sIQQIQ", written, len(written) + 2, kind, 1, _FREE, right, child, b"", 0, 0, 0,
        start, size,
    )  # fmt: skip
