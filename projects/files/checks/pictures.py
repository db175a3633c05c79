"""Pictures: rewritten from only the parts that a picture needs, the pixels unchanged.

So a telephone's metadata (place, time, owner), comments, thumbnails and data after the end are
removed. Nothing is decoded here.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Final

from projects.files.checks.file_bytes import Raw, refuse_archive_behind, whole
from projects.files.checks.refusal_messages import refused_file

MOST_PIXELS: Final = 64_000_000  # pixels: decoded, a quarter of a gigabyte in the reader's memory
_LONGEST_SIDE: Final = 65_535  # the largest that a JPEG can have

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_CRITICAL: Final = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
_PNG_KEPT: Final = _PNG_CRITICAL | {
    b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs",
}  # fmt: skip
_PNG_ANCILLARY: Final = 0x20  # a lower-case first letter marks a chunk that readers may ignore

_JPEG: Final = b"\xff\xd8\xff"
_SCAN, _END = 0xDA, 0xD9
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_APP0, _APP1, _APP2, _APP14, _APP15, _COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
# In addition to the picture: colour information, with the length that it needs.
_COLOURS: Final = {
    _APP0: (b"JFIF\0", 14),
    _APP2: (b"ICC_PROFILE\0", 0xFFFF),
    _APP14: (b"Adobe", 12),
}
_EXIF: Final = b"Exif\0\0"
_ORIENTATION, _SHORT = 0x0112, 3
_UPRIGHT: Final = 1
# In a scan's data a marker is an FF that is neither escaped nor a restart marker.
_MARKER: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)


def _check_size(width: int, height: int) -> None:
    if not width or not height:
        raise refused_file("damaged")
    if width * height > MOST_PIXELS or max(width, height) > _LONGEST_SIDE:
        raise refused_file("pixels")


def png(raw: Raw) -> Iterator[bytes]:
    """Yield the picture's own chunks, checksums verified. Raises Invalid, perhaps at the end."""
    if raw[:8] != _PNG:
        raise refused_file("mismatch")
    refuse_archive_behind(raw)
    yield _PNG
    place, name, seen = 8, b"", set[bytes]()
    while name != b"IEND":
        name, end = _png_chunk(raw, place)
        if not seen:
            _check_png_head(name, raw[place + 8 : end - 4])
        seen.add(name)
        if name in _PNG_KEPT:
            yield from whole(raw, place, end)
        elif not name[0] & _PNG_ANCILLARY:
            raise refused_file("damaged")
        place = end
    if b"IDAT" not in seen:
        raise refused_file("damaged")


def _png_chunk(raw: Raw, place: int) -> tuple[bytes, int]:
    """Return the chunk's name, and where it ends."""
    if place + 12 > len(raw):
        raise refused_file("damaged")
    (length,) = struct.unpack(">I", raw[place : place + 4])
    end = place + 12 + length
    if end > len(raw):
        raise refused_file("damaged")
    (told,) = struct.unpack(">I", raw[end - 4 : end])
    if zlib.crc32(raw[place + 4 : end - 4]) != told:
        raise refused_file("damaged")
    return raw[place + 4 : place + 8], end


def _check_png_head(name: bytes, body: bytes) -> None:
    if name != b"IHDR" or len(body) != 13:  # noqa: PLR2004 - as the standard has it
        raise refused_file("damaged")
    _check_size(*struct.unpack(">II", body[:8]))


def jpeg(raw: Raw) -> Iterator[bytes]:
    """Yield the picture's own segments and its orientation. Raises Invalid, perhaps at the end."""
    if raw[:3] != _JPEG:
        raise refused_file("mismatch")
    refuse_archive_behind(raw)
    yield raw[:2]
    yield from _orientation_segment(raw)
    place, seen = 2, set[int]()
    while True:
        marker, place, end = _jpeg_segment(raw, place)
        if marker == _END:
            break
        seen.add(marker)
        body = raw[place + 4 : end]
        if marker in _FRAMES:
            _check_jpeg_head(body)
        if _is_kept(marker, body):
            yield raw[place:end]
        if marker == _SCAN:
            place, end = end, _end_of_scan(raw, end)
            yield from whole(raw, place, end)
        place = end
    if _SCAN not in seen or not seen & _FRAMES:
        raise refused_file("damaged")
    yield b"\xff\xd9"


def _jpeg_segment(raw: Raw, place: int) -> tuple[int, int, int]:
    """The marker at or after a place, where its segment begins, and where it ends."""
    while raw[place : place + 2] == b"\xff\xff":
        place += 1
    head = raw[place : place + 4]
    if len(head) < 2 or head[0] != 0xFF:  # noqa: PLR2004 - a marker has two bytes
        raise refused_file("damaged")
    if head[1] == _END:
        return _END, place, place + 2
    length = int.from_bytes(head[2:])
    if length < 2 or place + 2 + length > len(raw):  # noqa: PLR2004 - it counts itself
        raise refused_file("damaged")
    return head[1], place, place + 2 + length


def _check_jpeg_head(body: bytes) -> None:
    if len(body) < 5:  # noqa: PLR2004 - precision, height, width
        raise refused_file("damaged")
    height, width = struct.unpack(">HH", body[1:5])
    _check_size(width, height)


def _is_kept(marker: int, body: bytes) -> bool:
    if not _APP0 <= marker <= _APP15:
        return marker != _COMMENT
    begins, longest = _COLOURS.get(marker, (b"", 0))
    return body.startswith(begins) and len(body) <= longest


def _end_of_scan(raw: Raw, place: int) -> int:
    found = _MARKER.search(raw, place)
    if found is None:
        raise refused_file("damaged")
    return found.start()


def _orientation_segment(raw: Raw) -> Iterator[bytes]:
    """The segment with the orientation, the only part of the camera's metadata that is kept."""
    place = 2
    while True:
        marker, place, end = _jpeg_segment(raw, place)
        if marker in {_END, _SCAN}:
            return
        body = raw[place + 4 : end]
        if marker == _APP1 and body.startswith(_EXIF):
            if (turned := _orientation(body[len(_EXIF) :])) != _UPRIGHT:
                yield _written(turned)
            return
        place = end


def _orientation(tiff: bytes) -> int:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    try:
        if order is None:
            return _UPRIGHT
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (number,) = struct.unpack_from(f"{order}H", tiff, first)
        for index in range(number):
            tag, kind, _count, value = struct.unpack_from(
                f"{order}HHIH", tiff, first + 2 + 12 * index
            )
            if (tag, kind) == (_ORIENTATION, _SHORT):
                return value if 1 <= value <= 8 else _UPRIGHT  # noqa: PLR2004 - eight ways up
    except struct.error:
        pass
    return _UPRIGHT


def _written(turned: int) -> bytes:
    tiff = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION, _SHORT, 1, turned, 0, 0)
    body = _EXIF + tiff
    return struct.pack(">BBH", 0xFF, _APP1, len(body) + 2) + body
