"""What a PDF shows, read back: its text, and where a page has ink."""

import io
import zlib
from collections.abc import Iterator
from itertools import batched
from typing import Final

from pypdf import PdfReader

from projects.house.sheets import Sheet, SheetRow

_BEHIND: Final = 4  # bytes of a pixel


def flat(text: str) -> str:
    """The text without white space, which PDF has no notion of."""
    return "".join(text.replace("\u200b", "").split())


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def text_of(pdf: bytes) -> str:
    """All its text without white space and page numbers."""
    found = []
    for number, page in enumerate(pages_of(pdf), start=1):
        lines = page.splitlines()
        assert sum(flat(line) == f"—{number}—" for line in lines) == 1, lines
        found += [line for line in lines if flat(line) != f"—{number}—"]
    return flat("".join(found))


def printed_row(row: SheetRow) -> str:
    return flat("".join((*row.titles, *(cell.text for cell in row.cells))))


def printed_grid(sheet: Sheet, *, halves: bool = False) -> str:
    """The table's headings and rows as they follow one another on the page."""
    header = flat("".join((*sheet.row_headings, *sheet.headings)))
    rows = [printed_row(row) for row in sheet.rows]
    if not halves:
        return header + "".join(rows)
    totals = sum(row.is_total for row in sheet.rows)
    if len(rows) % 2:
        rows.insert(len(rows) - totals, "")
    half = len(rows) // 2
    sides = zip(rows[:half], rows[half:], strict=True)
    return header + header + "".join(left + right for left, right in sides)


def inked(png: bytes) -> tuple[int, int, list[tuple[int, int, int]]]:
    """Width and height of a picture, and of each row with ink its first and last column."""
    width = height = 0
    packed = b""
    place = 8
    while place < len(png):
        length = int.from_bytes(png[place : place + 4], "big")
        kind, data = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        if kind == b"IHDR":
            width, height = int.from_bytes(data[:4], "big"), int.from_bytes(data[4:8], "big")
            assert data[8:10] == b"\x08\x06", "eight bits of red, green, blue and alpha"
        packed += data if kind == b"IDAT" else b""
        place += 12 + length
    found = []
    for number, line in enumerate(_lines(zlib.decompress(packed), width, height)):
        dark = [x for x, pixel in enumerate(batched(line, _BEHIND)) if min(pixel[:3]) < 128]
        if dark:
            found.append((number, dark[0], dark[-1]))
    return width, height, found


def _lines(data: bytes, width: int, height: int) -> Iterator[bytearray]:
    """Each line of pixels, with the filter of PNG undone."""
    size = width * _BEHIND
    above = bytearray(size)
    for number in range(height):
        start = number * (size + 1)
        line = bytearray(data[start + 1 : start + 1 + size])
        _unfilter(data[start], line, above)
        yield line
        above = line


def _unfilter(kind: int, line: bytearray, above: bytearray) -> None:
    for place in range(len(line)):
        left = line[place - _BEHIND] if place >= _BEHIND else 0
        corner = above[place - _BEHIND] if place >= _BEHIND else 0
        guess = (0, left, above[place], (left + above[place]) // 2, 0)[kind]
        if kind == 4:
            guess = min(
                (left, above[place], corner),
                key=lambda each: abs(left + above[place] - corner - each),
            )
        line[place] = (line[place] + guess) & 0xFF
