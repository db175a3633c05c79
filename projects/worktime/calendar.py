"""The working calendar: the State Council's notices, and the entries of the centre's staff.

Uses no database. The announced holidays and makeup days come from a library; a year that it does
not know yet must be entered by the staff. Until then its days from Monday to Friday count as
worked, and a deadline that depends on them is provisional.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

import chinese_calendar

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
DAY: Final = timedelta(days=1)
SATURDAY: Final = 5


@cache
def announced(day: date) -> bool | None:
    """Whether the day is worked by the official notices; None if its year is not known."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def is_announced(year: int) -> bool:
    """Whether the library knows the year."""
    return announced(date(year, 6, 15)) is not None


@dataclass(frozen=True, eq=False)
class Calendar:
    """The working days, and their hours of service.

    ``overrides`` take precedence over the notices; ``entered`` are years whose holidays the staff
    have entered completely, so that all other days from Monday to Friday are worked. ``hours``
    are the day's service periods in their order.
    """

    hours: tuple[tuple[time, time], ...]
    overrides: dict[date, bool] = field(default_factory=dict)
    entered: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether the day is worked; in a year that is not known, from Monday to Friday."""
        if day in self.overrides:
            return self.overrides[day]
        official = announced(day)
        return day.weekday() < SATURDAY if official is None else official

    def is_known(self, year: int) -> bool:
        """Whether the year was announced, or entered by the staff."""
        return year in self.entered or is_announced(year)

    def unknown_year(self, first: date, last: date) -> int | None:
        """The first year of these days that is neither announced nor entered, if there is one."""
        years = range(first.year, last.year + 1)
        return next((year for year in years if not self.is_known(year)), None)

    def is_serving(self, moment: datetime) -> bool:
        """Whether the moment lies within the hours of service of a working day."""
        local = moment.astimezone(SHANGHAI)
        is_open = any(opens <= local.time() < closes for opens, closes in self.hours)
        return is_open and self.is_working(local.date())

    def service_from(self, moment: datetime) -> datetime:
        """The moment itself if it lies within service, else when service begins next."""
        return next(self.periods_from(moment))[0]

    def days_after(self, day: date) -> Iterator[date]:
        """Every day after this one."""
        while True:
            day += DAY
            yield day

    def working_days_after(self, day: date) -> Iterator[date]:
        """Every working day after this one, which need not be a working day."""
        return (each for each in self.days_after(day) if self.is_working(each))

    def close_of(self, day: date) -> datetime:
        """When service ends on a working day."""
        return at_time(day, self.hours[-1][1])

    def periods_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The periods of service from this moment on; the first is cut off before the moment."""
        day = moment.astimezone(SHANGHAI).date()
        while True:
            if self.is_working(day):
                for opens, closes in self.hours:
                    begin, end = max(moment, at_time(day, opens)), at_time(day, closes)
                    if begin < end:
                        yield begin, end
            day += DAY


def at_time(day: date, clock: time) -> datetime:
    """The moment of that time of day in Shanghai, which has no daylight saving time."""
    return datetime.combine(day, clock, SHANGHAI)


def end_of(day: date) -> datetime:
    """The end of the day, 24:00."""
    return at_time(day + DAY, time.min)


def day_of(moment: datetime) -> date:
    """The date in Shanghai."""
    return moment.astimezone(SHANGHAI).date()
