"""Where districts stand when they are drawn as tiles, like the places on a map."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

# Where each district of Luoyang lies: column and row, by its code; those of before the merger of
# 2021 too.
_PLACES: Final[Mapping[str, tuple[int, int]]] = {
    "410322": (4, 1), "410308": (4, 1), "410306": (5, 1),
    "410323": (1, 2), "410305": (2, 2), "410303": (3, 2), "410302": (4, 2), "410304": (5, 2),
    "410381": (6, 2), "410307": (6, 2),
    "LY-GX": (3, 3), "410311": (4, 3), "LY-YB": (5, 3),
    "410328": (2, 4), "410327": (3, 4), "410329": (4, 4),
    "410324": (3, 5), "410325": (4, 5), "410326": (5, 5),
}  # fmt: skip
_WIDTH: Final = 6
_HEIGHT: Final = 5
_KIND: Final = re.compile(r"(?<=..)(回族区|区|县|市)$")  # of a name of three characters or more


def short(name: str) -> str:
    """A district's name without its kind: 瀍河 of 瀍河回族区; 嵩县 stays."""
    return _KIND.sub("", name)


def places_of(codes: Sequence[str]) -> list[tuple[int, int]]:
    """The column and row of each district; one without a place is put below the others."""
    unplaced = [code for code in codes if code not in _PLACES]
    return [_PLACES.get(code) or _below(unplaced.index(code)) for code in codes]


def _below(number: int) -> tuple[int, int]:
    return 1 + number % _WIDTH, 1 + _HEIGHT + number // _WIDTH
