"""How wide each column of a table is, estimated from its texts; one em is a Chinese character."""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from projects.house.blocks import Format
from projects.house.sheets import Sheet

_LATIN: Final = 0.56
_CAPITAL: Final = 0.72
_PAD: Final = 0.9
_LEAST: Final = 8.0  # of a column of words that has to wrap
_WORDS: Final = 5.0  # of a heading whose words have to be broken
_SHORT: Final = 6.5  # up to here words stand in the middle
# Sizes of text in points, and up to which width a word of a heading is not broken at it.
_WAYS: Final = ((10.5, 4.0), (9.5, 4.0), (9.5, 3.0), (8.5, 3.0), (7.5, 3.0), (6.5, 3.0))
_WAYS_OF_HALVES: Final = ((10.5, 4.0), (9.5, 4.0), (8.5, 4.0))
_HALVED: Final = range(14, 47)  # rows of a narrow table that stands in two halves on one page
_WORD: Final = re.compile(
    r"[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef、。“”‘’\U00020000-\U0003ffff]+"
)


def width_of(text: str) -> float:
    """The width of the text's longest line in em."""
    return max((sum(map(_width, line)) for line in text.split("\n")), default=0.0)


def _width(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    return _CAPITAL if character.isupper() or character in "%@" else _LATIN


@dataclass(frozen=True)
class Lane:
    """One column: its share of the width in em, how it is aligned, and the room beside numbers."""

    width: float
    align: str  # left, center or right
    inset: float


@dataclass(frozen=True)
class Lanes:
    """The columns of a table, and the size of its text in points.

    With ``halves`` they are those of each half: the later rows stand beside the earlier ones.
    """

    size: float
    lanes: tuple[Lane, ...]
    halves: bool = False


@dataclass
class _Wish:
    wants: float
    least: float
    widest: float
    align: str


def lanes_of(sheet: Sheet, points: float, *, may_halve: bool = False) -> Lanes:
    """Columns that fill ``points`` with the largest text in which no number has to wrap."""
    columns = _columns(sheet)
    if may_halve and len(sheet.rows) in _HALVED:
        for size, whole in _WAYS_OF_HALVES:
            wishes = [_wish(*column, whole=whole) for column in columns]
            if sum(wish.wants for wish in wishes) <= points / 2 / size:
                return Lanes(size, _lanes(wishes, points / 2 / size), halves=True)
    for size, whole in _WAYS:
        wishes = [_wish(*column, whole=whole) for column in columns]
        if sum(wish.least for wish in wishes) <= points / size:
            break
    return Lanes(size, _lanes(wishes, points / size))


def _lanes(wishes: Sequence[_Wish], room: float) -> tuple[Lane, ...]:
    return tuple(
        _lane(wish, width) for wish, width in zip(wishes, _shared(wishes, room), strict=True)
    )


def _columns(sheet: Sheet) -> list[tuple[str, list[str], bool]]:
    """Of each column its heading, its cells, and whether it has numbers."""
    found = [
        (heading, [row.titles[place] for row in sheet.rows], False)
        for place, heading in enumerate(sheet.row_headings)
    ]
    for place, (heading, column) in enumerate(zip(sheet.headings, sheet.columns, strict=True)):
        is_number = column.format not in {Format.TEXT, Format.DAY}
        found.append((heading, [row.cells[place].text for row in sheet.rows], is_number))
    return found


def _wish(heading: str, cells: Sequence[str], is_number: bool, *, whole: float) -> _Wish:  # noqa: FBT001
    widest = max(map(width_of, cells), default=0.0)
    head = max((_unbroken(word, whole) for word in heading.split()), default=0.0) + _PAD
    wants = max(widest + _PAD, head)
    if is_number:
        return _Wish(wants, wants, widest, "right")
    align = "center" if widest <= _SHORT else "left"
    return _Wish(wants, min(wants, max(_LEAST, head)), widest, align)


def _unbroken(word: str, whole: float) -> float:
    """How wide a word of a heading is, over two lines where it is long."""
    width = width_of(word)
    if width <= whole:
        return width
    return max(whole, math.ceil(width / 2), min(_latin(word), _WORDS))


def pieces_of(heading: str, room: float) -> list[str]:
    """The words of a heading, each that is wider than the room in two: before its unit, or in half.

    The unit is what stands in brackets at its end.
    """
    found = []
    for word in heading.split():
        unit = word.rfind("（")
        fits = unit > 0 and max(width_of(word[:unit]), width_of(word[unit:])) <= room
        place = unit if fits else -(-len(word) // 2)
        found += [word] if width_of(word) <= room else [word[:place], word[place:]]
    return found


def _latin(text: str) -> float:
    return max(map(width_of, _WORD.findall(text)), default=0.0)


def _shared(wishes: Sequence[_Wish], room: float) -> list[float]:
    """What each gets: its wish and more where there is room, else less for the widest words."""
    total = sum(wish.wants for wish in wishes)
    if total <= room:
        return [wish.wants * room / total for wish in wishes]
    least = sum(wish.least for wish in wishes)
    if least >= room:
        return [wish.least * room / least for wish in wishes]
    return _capped(wishes, room)


def _capped(wishes: Sequence[_Wish], room: float) -> list[float]:
    """The wishes, with the widest cut to one width so that all fit."""
    low, high = 0.0, max(wish.wants for wish in wishes)
    for _step in range(40):
        cap = (low + high) / 2
        widths = [max(wish.least, min(wish.wants, cap)) for wish in wishes]
        low, high = (low, cap) if sum(widths) > room else (cap, high)
    return [max(wish.least, min(wish.wants, low)) for wish in wishes]


def _lane(wish: _Wish, width: float) -> Lane:
    """Numbers are aligned at the right, with the widest of them in the column's middle."""
    inset = max((width - wish.widest) / 2, _PAD / 2) if wish.align == "right" else _PAD / 2
    return Lane(width, wish.align, inset)


def breakable(text: str, room: float, joint: str = "\u200b") -> str:
    """The text with a joint at which a word that is wider than the room may be broken."""
    return _WORD.sub(lambda found: _jointed(found[0], room, joint), text)


def _jointed(word: str, room: float, joint: str) -> str:
    return joint.join(word) if width_of(word) > room else word
