"""Which characters a font file has, by its table "cmap" of OpenType (ISO/IEC 14496-22, 5.2.1)."""

import mmap
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

# Unicode tables by platform and encoding, those with characters beyond U+FFFF first.
_PREFERRED: Final = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3), (0, 2), (0, 1), (0, 0))
_COLLECTION: Final = b"ttcf"
_SEGMENTS, _GROUPS = 4, 12  # the formats in which fonts say it today

type _Data = bytes | mmap.mmap


def characters_of(path: Path, index: int = 0) -> frozenset[int]:
    """The code points of a font; ``index`` is its place in a collection. Empty if it says none.

    A font of which only a part is there has none either.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start = _u32(data, 12 + 4 * index) if data[:4] == _COLLECTION else 0
        try:
            return frozenset(_characters(data, _table(data, start, b"cmap")))
        except (KeyError, struct.error):
            return frozenset()


def _characters(data: _Data, cmap: int) -> Iterator[int]:
    found = {}
    for place in range(_u16(data, cmap + 2)):
        platform, encoding, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * place)
        found[platform, encoding] = cmap + offset
    for kind in _PREFERRED:
        if kind in found and (form := _u16(data, found[kind])) in {_SEGMENTS, _GROUPS}:
            return (
                _grouped(data, found[kind]) if form == _GROUPS else _by_segment(data, found[kind])
            )
    return iter(())


def _table(data: _Data, start: int, tag: bytes) -> int:
    """Where the table begins. Raises KeyError if the font does not have it."""
    for place in range(_u16(data, start + 4)):
        record = start + 12 + 16 * place
        if data[record : record + 4] == tag:
            return _u32(data, record + 8)
    raise KeyError(tag)


def _grouped(data: _Data, at: int) -> Iterator[int]:
    """Format 12: groups of characters whose glyphs follow one another."""
    for place in range(_u32(data, at + 12)):
        first, last, glyph = struct.unpack_from(">III", data, at + 16 + 12 * place)
        yield from range(first if glyph else first + 1, last + 1)


def _by_segment(data: _Data, at: int) -> Iterator[int]:
    """Format 4: segments whose glyphs follow by a difference, or stand in a list."""
    size = _u16(data, at + 6)  # of each of the four lists
    ends, starts, deltas, offsets = (at + 14 + size * list_ + 2 * (list_ > 0) for list_ in range(4))
    for step in range(0, size, 2):
        last, first = _u16(data, ends + step), _u16(data, starts + step)
        delta, offset = _u16(data, deltas + step), _u16(data, offsets + step)
        for character in range(first, last + 1):
            glyph = character
            if offset:
                glyph = _u16(data, offsets + step + offset + 2 * (character - first))
            if (not offset or glyph) and (glyph + delta) % 0x10000:
                yield character


def _u16(data: _Data, at: int) -> int:
    return int.from_bytes(data[at : at + 2])


def _u32(data: _Data, at: int) -> int:
    return int.from_bytes(data[at : at + 4])
