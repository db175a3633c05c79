"""Charts as SVG and plain elements, drawn without JavaScript, so that they print the same.

Colours are classes, which ``house/charts.css`` sets for light, dark, walls and paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from projects.house.svg import drawn, drawn_each

_ROW: Final = 24
_LABEL: Final = 90
_BAR: Final = 360
_FULL: Final = Decimal(100)


def _width(rate: str | None) -> int:
    """The width of a bar; limited to that of 100 %."""
    return int(_BAR * min(Decimal(rate or 0), _FULL) / _FULL)


def _percent(rate: str | None) -> str:
    """The rate as text; an undefined one is “—”, not zero."""
    return "—" if rate is None else f"{rate}%"


def bars(rows: Sequence[tuple[str, str | None]]) -> SafeString:
    """One bar for each (name, rate in percent); an undefined rate has none and says "—"."""
    lines = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="end">{}</text>'
        '<rect x="{}" y="{}" width="{}" height="14" fill="#2563eb"/><text x="{}" y="{}">{}</text>',
        (
            (
                _LABEL, _ROW * i + 16, name, _LABEL + 8, _ROW * i + 5, _width(rate),
                _LABEL + 14 + _width(rate), _ROW * i + 16, _percent(rate),
            )
            for i, (name, rate) in enumerate(rows)
        ),
    )  # fmt: skip
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="100%" '
        'style="max-width:{}px" font-size="12" fill="currentColor">{}</svg>',
        _LABEL + _BAR + 70, _ROW * len(rows) + 6, _LABEL + _BAR + 70, lines,
    )  # fmt: skip


def bar(part: int, of: int, most: int) -> SafeString:
    """A bar for ``of`` on a scale up to ``most``, filled for ``part``; for a cell of a table."""
    most = max(most, 1)
    filled, whole = part * 100 / most, of * 100 / most
    rest = drawn(
        '<rect class="c-rest" x="{}" y=".5" width="{}" height="9"/>', filled, whole - filled
    ) if of > part else ""  # fmt: skip
    return drawn(
        '<svg class="c-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="c-data" width="{}" height="10"/>{}</svg>', filled, rest,
    )  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A tile of a map: its column and row from 1, what is written on it, and its shade.

    A shade is a class of the sheet of colours: a ``depth``, or ``lit`` by a light.
    """

    column: int
    row: int
    words: tuple[str, str, str]  # name, figure, remark
    shade: str
    link: str = ""


DEEPEST: Final = 3


def depths(most: int) -> list[tuple[int, int]]:
    """The bounds of the depths 1, 2, … for numbers up to ``most``: equal steps, at least of 1."""
    step = max(1, -(-most // DEEPEST))
    bounds = [(1 + i * step, (i + 1) * step) for i in range(DEEPEST)]
    return bounds if most else bounds[:1]


def depth_of(number: int, most: int) -> int:
    """How deep a number is coloured, on a scale up to ``most``."""
    return min(DEEPEST, -(-number // max(1, -(-most // DEEPEST))))


def depth(number: int) -> str:
    """The shade of a depth, from 0 to ``DEEPEST``."""
    return f"c-depth-{number}"


def lit(light: str) -> str:
    """The shade of a light: green, yellow, red, or none."""
    return f"c-lit-{light}"


def tile_map(places: Sequence[Place], legend: Sequence[tuple[str, str]]) -> SafeString:
    """Tiles in columns and rows, like the places on a map; ``legend`` names the shades."""
    tiles = drawn_each("{}", ((_tile(place),) for place in places))
    keys = drawn_each('<li><i class="{}"></i>{}</li>', legend)
    return drawn('<div class="c-map">{}</div><ul class="c-legend">{}</ul>', tiles, keys)


def _tile(place: Place) -> SafeString:
    name, figure, remark = place.words
    classes = f"c-tile c-col-{place.column} c-row-{place.row} {place.shade}"
    words = drawn("<span>{}</span><b>{}</b><span>{}</span>", name, figure, remark)
    if not place.link:
        return drawn('<div class="{}">{}</div>', classes, words)
    return drawn('<a class="{}" href="{}">{}</a>', classes, place.link, words)
