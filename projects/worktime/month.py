"""A month of the working calendar, for display. Uses no database."""

import calendar as gregorian
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from projects.worktime.calendar import DAY, Calendar

_MONDAY_FIRST: Final = gregorian.Calendar()
FIRST: Final = date(2000, 1, 1)
LAST: Final = date(2100, 12, 31)


@dataclass(frozen=True)
class Day:
    """Whether it is worked (None if unknown), and whether the staff entered that.

    ``counts_as`` is what deadlines take it for, also in a year that is unknown; ``is_changed`` if
    it would be otherwise than it is now.
    """

    day: date
    is_working: bool | None
    is_entered: bool
    is_of_month: bool
    counts_as: bool
    is_changed: bool = False


def weeks_of(
    month: date, calendar: Calendar, changed: Collection[date] = frozenset()
) -> list[list[Day]]:
    """The month's weeks, all complete, each from Monday on.

    ``changed`` are the days that the calendar has otherwise than it is recorded.
    """
    weeks = _MONDAY_FIRST.monthdatescalendar(month.year, month.month)
    return [[_day(each, month, calendar, changed) for each in week] for week in weeks]


def _day(day: date, month: date, calendar: Calendar, changed: Collection[date]) -> Day:
    is_known = day in calendar.overrides or calendar.is_known(day.year)
    counts_as = calendar.is_working(day)
    return Day(
        day, counts_as if is_known else None, day in calendar.overrides,
        day.month == month.month, counts_as, day in changed,
    )  # fmt: skip


def worked_in(weeks: list[list[Day]], *, as_counted: bool = False) -> int:
    """The number of working days of the month; ``as_counted`` also where its year is unknown."""
    days = (each for week in weeks for each in week if each.is_of_month)
    return sum(each.counts_as if as_counted else bool(each.is_working) for each in days)


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
