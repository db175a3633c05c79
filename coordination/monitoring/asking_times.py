"""When reporters are asked and chased, without access to the database.

In the afternoon before the day's reports are due, and once more after; never at night, and never
for a day that is over: what was missed by then is left out.
"""

from datetime import date, datetime, time
from typing import Final

from django.conf import settings

from projects.worktime.calendar import DAY, Calendar, at_time, day_of

MORNING: Final = time(8)  # before which nobody is written to
NIGHT: Final = time(20)  # from which nobody is written to
_NOON: Final = time(12)
ASKED: Final = "asked"
CHASED: Final = "chased"


def is_asked(day: date, calendar: Calendar) -> bool:
    """Whether reporters are written to on that day, by the setting."""
    if settings.REPORTERS_ASKED == "workdays":
        return calendar.is_working(day)
    return bool(settings.REPORTERS_ASKED == "daily")


def kind_due(at: datetime, calendar: Calendar) -> str:
    """What is due at that moment; empty where nothing is."""
    day = day_of(at)
    begins = at_time(day, settings.REPORT_ASKED)
    if not is_asked(day, calendar) or not begins <= at < at_time(day, NIGHT):
        return ""
    return ASKED if at < at_time(day, settings.REPORT_CHASED) else CHASED


def is_day(at: datetime) -> bool:
    """Whether reporters may be written to at that hour."""
    day = day_of(at)
    return at_time(day, MORNING) <= at < at_time(day, NIGHT)


def expiry_of(day: date) -> datetime:
    """Until when a day's link opens: noon of the next day."""
    return at_time(day + DAY, _NOON)
