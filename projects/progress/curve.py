"""A project's daily reports as a picture: workers on site and required, day by day.

A day without a report has no column but a mark: it was not reported, which is not zero. The table
below the picture says the same, so the picture is hidden from readers of the screen.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from projects.house.svg import drawn, drawn_each
from projects.house.trend import Field, scale
from projects.progress.models import DailyReport

_WIDTH: Final = 760
_HEIGHT: Final = 190
_LEFT: Final = 46
_LETTERS: Final = 12
_MONDAY: Final = 0


def curve(days: Sequence[date], reports: Mapping[date, DailyReport]) -> SafeString:
    """The picture of these days; a number that was not stated is left out."""
    numbers = [
        number or 0
        for report in reports.values()
        for number in (report.workers_on_site, report.workers_required)
    ]
    field = Field(2 * _LETTERS, _HEIGHT - 2 * _LETTERS, scale(max(numbers, default=0)))
    step = (_WIDTH - _LEFT) / max(len(days), 1)
    return drawn(
        '<svg class="c-trend" viewBox="0 0 {} {}" font-size="{}" aria-hidden="true">'
        "{}{}{}{}{}</svg>",
        _WIDTH, _HEIGHT, _LETTERS, _axis(field), _columns(days, reports, field, step),
        _required(days, reports, field, step), _ticks(days, step), _legend(),
    )  # fmt: skip


def _axis(field: Field) -> SafeString:
    return drawn_each(
        '<line class="c-grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text class="c-quiet" x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (_LEFT, _WIDTH, field.y(number), field.y(number), _LEFT - 6,
             field.y(number) + _LETTERS * 0.35, number)
            for number in (0, field.most // 2, field.most)
        ),
    )  # fmt: skip


def _columns(
    days: Sequence[date], reports: Mapping[date, DailyReport], field: Field, step: float
) -> SafeString:
    """A column for the workers on site, or the mark of a day that was not reported."""
    return drawn_each("{}", (
        (_column(day, reports.get(day), _LEFT + (place + 0.2) * step, field, step * 0.6),)
        for place, day in enumerate(days)
    ))  # fmt: skip


def _column(
    day: date, report: DailyReport | None, x: float, field: Field, width: float
) -> SafeString:
    if report is None:
        return drawn(
            '<rect class="c-missing" x="{}" y="{}" width="{}" height="3"><title>{}</title></rect>',
            x, field.foot - 3, width, _("%(day)s: not reported") % {"day": day.isoformat()},
        )  # fmt: skip
    number = report.workers_on_site or 0
    return drawn(
        '<rect class="c-column-0" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
        x, field.y(number), width, field.height(number),
        _("%(day)s: %(number)s on site") % {"day": day.isoformat(), "number": number},
    )  # fmt: skip


def _required(
    days: Sequence[date], reports: Mapping[date, DailyReport], field: Field, step: float
) -> SafeString:
    """A short line across each day on which the number of workers required was stated."""
    stated = (
        (place, reports[day].workers_required) for place, day in enumerate(days) if day in reports
    )
    return drawn_each(
        '<line class="c-line" x1="{}" x2="{}" y1="{}" y2="{}"/>',
        (
            (_LEFT + (place + 0.1) * step, _LEFT + (place + 0.9) * step, y, y)
            for place, number in stated if number is not None
            for y in [field.y(number)]
        ),
    )  # fmt: skip


def _ticks(days: Sequence[date], step: float) -> SafeString:
    """The date below each Monday."""
    return drawn_each(
        '<text class="c-quiet" x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (_LEFT + (place + 0.5) * step, _HEIGHT - _LETTERS * 0.5, f"{day.month}-{day.day}")
            for place, day in enumerate(days) if day.weekday() == _MONDAY
        ),
    )  # fmt: skip


def _legend() -> SafeString:
    y = _LETTERS * 1.1
    return drawn(
        '<rect class="c-column-0" x="{}" y="{}" width="9" height="9"/><text x="{}" y="{}">{}</text>'
        '<line class="c-line" x1="{}" x2="{}" y1="{}" y2="{}"/><text x="{}" y="{}">{}</text>'
        '<rect class="c-missing" x="{}" y="{}" width="9" height="3"/><text x="{}" y="{}">{}</text>',
        _LEFT, y - 9, _LEFT + 14, y, _("workers on site"),
        _LEFT + 100, _LEFT + 114, y - 4, y - 4, _LEFT + 120, y, _("workers required"),
        _LEFT + 220, y - 5, _LEFT + 234, y, _("not reported"),
    )  # fmt: skip
