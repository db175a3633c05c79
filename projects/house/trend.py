"""A trend as SVG: a line of levels above columns for each day, with shaded days.

Colours are classes, which ``house/charts.css`` sets for light, dark, walls and paper. The table
beside a trend says the same to whoever cannot see it, so it is hidden from readers of the screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString

from projects.house.svg import drawn, drawn_each

_STEPS: Final = (1, 2, 5)  # of a scale, times a power of ten


def scale(most: float) -> int:
    """The end of a scale for numbers up to ``most``: 2, 10, 20, 50, 100 and so on, always even."""
    power = 1
    while True:
        for step in _STEPS:
            if most <= step * power and step * power % 2 == 0:
                return step * power
        power *= 10


@dataclass(frozen=True)
class Point:
    """A day of a trend: what stood at its end, and what came and went on it, with addresses.

    ``level`` is a number or a rate.
    """

    label: str
    tick: str  # written below the axis; empty on most days
    is_shaded: bool
    level: float
    columns: tuple[int, ...]
    links: tuple[str, ...]  # of the columns; empty where there are none


@dataclass(frozen=True)
class Frame:
    """The size of a trend and of its letters, in pixels; ``side`` is the room for names."""

    width: int
    height: int
    letters: int
    side: int
    left: int = 34


@dataclass(frozen=True)
class Field:
    """A part of a trend between two heights, with a scale from 0."""

    top: float
    foot: float
    most: int

    def y(self, number: float) -> float:
        """How far down the number is."""
        return self.foot - self.height(number)

    def height(self, number: float) -> float:
        """How high a column for the number is."""
        return (self.foot - self.top) * number / self.most


@dataclass(frozen=True)
class Trend:
    """The points in their frame; ``level`` and ``columns`` are the names of what they show."""

    points: Sequence[Point]
    frame: Frame
    level: str
    columns: Sequence[str]

    @property
    def _step(self) -> float:
        frame = self.frame
        return (frame.width - frame.left - frame.side) / max(len(self.points), 1)

    @property
    def _beside(self) -> float:
        return self.frame.width - self.frame.side + self.frame.letters * 0.7

    @property
    def _upper(self) -> Field:
        most = max((each.level for each in self.points), default=0)
        return Field(self.frame.letters, self.frame.height * 0.56, scale(most))

    @property
    def _lower(self) -> Field:
        most = max((number for each in self.points for number in each.columns), default=0)
        letters = self.frame.letters
        return Field(
            self.frame.height * 0.56 + 2 * letters, self.frame.height - 2 * letters, scale(most)
        )

    def draw(self) -> SafeString:
        """The picture."""
        frame = self.frame
        return drawn(
            '<svg class="c-trend" viewBox="0 0 {} {}" font-size="{}" aria-hidden="true">'
            "{}{}{}{}{}{}{}</svg>",
            frame.width, frame.height, frame.letters, self._shades(), self._axis(self._upper),
            self._axis(self._lower), self._ticks(), self._line(), self._all_columns(),
            self._legend(),
        )  # fmt: skip

    def _shades(self) -> SafeString:
        top, foot = self._upper.top, self._lower.foot
        return drawn_each(
            '<rect class="c-shade" x="{}" y="{}" width="{}" height="{}"/>',
            (
                (self.frame.left + i * self._step, top, self._step, foot - top)
                for i, point in enumerate(self.points) if point.is_shaded
            ),
        )  # fmt: skip

    def _axis(self, field: Field) -> SafeString:
        """Three lines: nothing, half and all of the scale."""
        frame = self.frame
        return drawn_each(
            '<line class="c-grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
            '<text class="c-quiet" x="{}" y="{}" text-anchor="end">{}</text>',
            (
                (
                    frame.left, frame.width - frame.side, y, y, frame.left - 6,
                    y + frame.letters * 0.35, number,
                )
                for number in (0, field.most // 2, field.most)
                for y in [field.y(number)]
            ),
        )  # fmt: skip

    def _ticks(self) -> SafeString:
        return drawn_each(
            '<text class="c-quiet" x="{}" y="{}" text-anchor="middle">{}</text>',
            (
                (self._middle(i), self.frame.height - self.frame.letters * 0.5, point.tick)
                for i, point in enumerate(self.points) if point.tick
            ),
        )  # fmt: skip

    def _middle(self, place: int) -> float:
        return self.frame.left + (place + 0.5) * self._step

    def _line(self) -> SafeString:
        if not self.points:
            return SafeString()
        field, letters = self._upper, self.frame.letters
        at = [(self._middle(i), field.y(point.level)) for i, point in enumerate(self.points)]
        x, y = at[-1]
        return drawn(
            '<polyline class="c-line" points="{}"/>'
            '<circle class="c-end" cx="{}" cy="{}" r="4"/>'
            '<text x="{}" y="{}">{}</text>'
            '<text class="c-strong" x="{}" y="{}">{}</text>',
            " ".join(f"{x:.1f},{y:.1f}" for x, y in at), x, y,
            self._beside, y + letters * 0.1, self.level,
            self._beside, y + letters * 1.4, self.points[-1].level,
        )  # fmt: skip

    def _all_columns(self) -> SafeString:
        return drawn_each(
            "{}",
            (
                (self._column(i, place),)
                for i, point in enumerate(self.points)
                for place, number in enumerate(point.columns) if number
            ),
        )  # fmt: skip

    def _column(self, i: int, place: int) -> SafeString:
        point, field = self.points[i], self._lower
        number, link = point.columns[place], point.links[place]
        width = self._step * 0.8 / len(self.columns)
        column = drawn(
            '<rect class="c-column-{}" x="{}" y="{}" width="{}" height="{}">'
            "<title>{} {} {}</title></rect>",
            place, self.frame.left + (i + 0.1) * self._step + place * width, field.y(number),
            width * 0.92, field.height(number), point.label, self.columns[place], number,
        )  # fmt: skip
        return drawn('<a href="{}" tabindex="-1">{}</a>', link, column) if link else column

    def _legend(self) -> SafeString:
        letters, left = self.frame.letters, self._beside
        size = letters * 0.75
        return drawn_each(
            '<rect class="c-column-{}" x="{}" y="{}" width="{}" height="{}"/>'
            '<text x="{}" y="{}">{}</text>',
            (
                (place, left, y - size, size, size, left + size * 1.5, y, name)
                for place, name in enumerate(self.columns)
                for y in [self._lower.top + letters * (0.9 + 1.5 * place)]
            ),
        )  # fmt: skip
