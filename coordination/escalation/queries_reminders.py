"""When a ticket is reminded of its deadline, by the calendar as it is now."""

from datetime import datetime
from typing import Final

from django.db.models import Q

from coordination.tickets.models import Ticket
from projects.worktime.calendar import Calendar, at_time, day_of
from projects.worktime.remind import reminder_window

_NO_WINDOW: Final = (None, None)


def window_of(
    ticket: Ticket, due: datetime, calendar: Calendar
) -> tuple[datetime | None, datetime | None]:
    """From when until when the reminder of this deadline may be given."""
    if ticket.warn_at is None or ticket.clock_from is None:
        return _NO_WINDOW
    return reminder_window(
        start=ticket.clock_from, due=due, warn_at=ticket.warn_at, unit=ticket.term_unit,
        calendar=calendar,
    )  # fmt: skip


def warned_too_late(at: datetime, calendar: Calendar) -> Q:
    """Condition: today is the last day to remind, though the warning was to begin later.

    That is so where the day of the warning was made a day off, or service ends earlier, since the
    deadline was set.
    """
    today = day_of(at)
    if not calendar.hours or not calendar.is_working(today):
        return Q(pk__in=())
    reopens = at_time(next(calendar.working_days_after(today)), calendar.hours[0][0])
    return Q(warn_at__gte=calendar.close_of(today), clock_due__lt=reopens)
