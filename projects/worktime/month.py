"""A month of the working calendar, for display. Uses no database."""

import calendar as gregorian
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from projects.worktime.calendar import DAY, Calendar

_MONDAY_FIRST: Final = gregorian.Calendar()
FIRST: Final = date(2000, 1, 1)
LAST: Final = date(2100, 12, 31)


@dataclass(frozen=True)
class Day:
    """Whether it is worked (None if unknown), and whether the staff entered that."""

    day: date
    is_working: bool | None
    is_entered: bool
    is_of_month: bool


def weeks_of(month: date, calendar: Calendar) -> list[list[Day]]:
    """The month's weeks, all complete, each from Monday on."""
    weeks = _MONDAY_FIRST.monthdatescalendar(month.year, month.month)
    return [[_day(each, month, calendar) for each in week] for week in weeks]


def _day(day: date, month: date, calendar: Calendar) -> Day:
    return Day(day, _working(day, calendar), day in calendar.overrides, day.month == month.month)


def _working(day: date, calendar: Calendar) -> bool | None:
    is_known = day in calendar.overrides or calendar.is_known(day.year)
    return calendar.is_working(day) if is_known else None


def worked_in(weeks: list[list[Day]]) -> int:
    """The number of working days of the month."""
    return sum(bool(each.is_working) and each.is_of_month for week in weeks for each in week)


def month_said(words: str, today: date) -> date:
    """The first day of a month such as ``2026-11``; of this month if it cannot be parsed."""
    try:
        found = date.fromisoformat(f"{words}-01")
    except ValueError:
        return today.replace(day=1)
    return found if FIRST <= found <= LAST else today.replace(day=1)


def months_beside(month: date) -> Iterator[date | None]:
    """The months before and after; None beyond the range of dates."""
    before = month - DAY
    after = (month.replace(day=28) + 4 * DAY).replace(day=1)
    yield before.replace(day=1) if before >= FIRST else None
    yield after if after <= LAST else None
