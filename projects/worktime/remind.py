"""When to remind of a deadline that was told, by the calendar as it is now. Uses no database.

A deadline stays as it was told, but days off and service hours may have been edited since. The
reminder then moves to the last day before the deadline on which the desk works.
"""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final

from projects.worktime.calendar import DAY, Calendar, at_time, day_of, end_of
from projects.worktime.reckon import HOUR, Deadline, last_working
from projects.worktime.spans import Span, Unit

_INSTANT: Final = timedelta(microseconds=1)


def reminder_window(
    *, start: datetime, due: datetime, warn_at: datetime, unit: str, calendar: Calendar
) -> tuple[datetime, datetime]:
    """From when until when the reminder is given; it never lies on a day off.

    ``warn_at`` is when the warning was to begin by the calendar of the day that the deadline was
    set. Only a term without any working day keeps it, and is reminded of until its deadline.
    """
    day = last_working(day_of(due - _INSTANT), start, calendar)  # 24:00 belongs to the day before
    if not calendar.is_working(day):
        return warn_at, due
    if unit != Unit.SERVICE_HOUR:
        return at_time(day, time.min), end_of(day)
    begins = warn_at if calendar.is_serving(warn_at) else hour_before(due, start, calendar)
    return begins, end_of(day)


def not_before(
    told: datetime, found: Deadline, *, start: datetime, span: Span, calendar: Calendar
) -> Deadline:
    """The deadline that was found, or the one that was told if that is later, with its warning."""
    if told <= found.due:
        return found
    if span.unit == Unit.SERVICE_HOUR:
        return replace(found, due=told, warn_at=hour_before(told, start, calendar))
    last = last_working(day_of(told - _INSTANT), start, calendar)
    return replace(found, due=told, warn_at=at_time(last, time.min))


def hour_before(due: datetime, start: datetime, calendar: Calendar) -> datetime:
    """When one hour of service is left until the deadline; not before the term's start."""
    left, day = HOUR, day_of(due)
    while day >= day_of(start):
        for opens, closes in reversed(calendar.hours) if calendar.is_working(day) else ():
            end = min(due, at_time(day, closes))
            length = max(end - at_time(day, opens), timedelta(0))
            if length >= left:
                return max(end - left, start)
            left -= length
        day -= DAY
    return start
