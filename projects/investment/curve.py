"""A year's investment as a picture: what is planned by each month's end, and what was invested.

The table beside it says the same, so the picture is hidden from readers of the screen.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from projects.house.sheets import Cell
from projects.house.svg import drawn, drawn_each
from projects.house.trend import Field, scale
from projects.investment.progress_of_time import IN_QUARTER

_WIDTH: Final = 560
_HEIGHT: Final = 230
_LEFT: Final = 52
_RIGHT: Final = 88  # room for the last numbers
_LETTERS: Final = 12
type _Month = tuple[str, Mapping[str, Cell]]


def curve(months: Sequence[_Month]) -> SafeString:
    """The picture of these months, each with its name and the figures of its row."""
    planned = [float(cells["planned_so_far"].value) for _name, cells in months]
    stated = [cells["actual_so_far"].value for _name, cells in months]
    actual = [float(each) for each in stated if each is not None]
    field = Field(2.5 * _LETTERS, _HEIGHT - 2 * _LETTERS, scale(max([*planned, *actual])))
    step = (_WIDTH - _LEFT - _RIGHT) / len(months)
    return drawn(
        '<svg class="c-trend" viewBox="0 0 {} {}" font-size="{}" aria-hidden="true">'
        "{}{}{}{}{}</svg>",
        _WIDTH, _HEIGHT, _LETTERS, _axis(field), _ticks(months, step),
        _line("c-plan", planned, field, step), _line("c-line", actual, field, step),
        _ends(months, len(actual), field, step),
    )  # fmt: skip


def _x(place: int, step: float) -> float:
    return _LEFT + (place + 0.5) * step


def _axis(field: Field) -> SafeString:
    return drawn_each(
        '<line class="c-grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text class="c-quiet" x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (_LEFT, _WIDTH - _RIGHT, field.y(number), field.y(number), _LEFT - 6,
             field.y(number) + _LETTERS * 0.35, number)
            for number in (0, field.most // 2, field.most)
        ),
    )  # fmt: skip


def _ticks(months: Sequence[_Month], step: float) -> SafeString:
    """The name below each quarter's last month."""
    return drawn_each(
        '<text class="c-quiet" x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (_x(place, step), _HEIGHT - _LETTERS * 0.5, name)
            for place, (name, _cells) in enumerate(months)
            if (place + 1) % IN_QUARTER == 0
        ),
    )


def _line(kind: str, amounts: Sequence[float], field: Field, step: float) -> SafeString:
    points = " ".join(
        f"{_x(place, step):.1f},{field.y(each):.1f}" for place, each in enumerate(amounts)
    )
    return drawn('<polyline class="{}" points="{}"/>', kind, points)


def _ends(months: Sequence[_Month], stated: int, field: Field, step: float) -> SafeString:
    """The legend with what is reached, and beside the plan's line what it comes to."""
    reached, planned = months[stated - 1][1]["actual_so_far"], months[-1][1]["planned_so_far"]
    y, middle = _LETTERS * 1.1, _LETTERS * 0.8
    return drawn(
        '<line class="c-line" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text class="c-strong" x="{}" y="{}">{}</text>'
        '<line class="c-plan" x1="{}" x2="{}" y1="{}" y2="{}"/><text x="{}" y="{}">{}</text>'
        '<circle class="c-end" cx="{}" cy="{}" r="4"/><text x="{}" y="{}">{}</text>',
        _LEFT, _LEFT + 24, middle, middle, _LEFT + 30, y,
        pgettext("board", "invested %(amount)s") % {"amount": reached.text},
        _LEFT + 190, _LEFT + 214, middle, middle, _LEFT + 220, y, pgettext("board", "planned"),
        _x(stated - 1, step), field.y(float(reached.value)),
        _WIDTH - _RIGHT, field.y(float(planned.value)) + _LETTERS * 0.35, planned.text,
    )  # fmt: skip
