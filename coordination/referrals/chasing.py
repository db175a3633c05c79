"""When a department is chased, without access to the database.

It is reminded on the last working day before the due day, and chased as overdue on the first
working day after, each from the hour at which service begins. A reminder that was missed is left
out once the answer is overdue.
"""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from projects.worktime.calendar import DAY, Calendar, at_time, day_of


class ChaseKind(TextChoices):
    """Why a department is chased."""

    REMINDED = "reminded", _("Reminder before the answer is due")
    OVERDUE = "overdue", _("The answer is overdue")
    BY_HAND = "by_hand", _("Chased by an officer")


def next_chase(
    asked_at: datetime, due_at: datetime, done: Collection[str], at: datetime, calendar: Calendar
) -> ChaseKind | None:
    """The kind of chasing that is due at that moment, if any."""
    if at <= due_at:
        day = _day_before(day_of(due_at), day_of(asked_at), calendar)
        is_due = day is not None and _opening(day, calendar) <= at
        return ChaseKind.REMINDED if is_due and ChaseKind.REMINDED not in done else None
    if ChaseKind.OVERDUE in done:
        return None
    day = next(calendar.working_days_after(day_of(due_at)))
    return ChaseKind.OVERDUE if at >= _opening(day, calendar) else None


def _day_before(due: date, asked: date, calendar: Calendar) -> date | None:
    """The last working day before ``due`` and after ``asked``, if there is one."""
    day = due - DAY
    while day > asked:
        if calendar.is_working(day):
            return day
        day -= DAY
    return None


def _opening(day: date, calendar: Calendar) -> datetime:
    return at_time(day, calendar.hours[0][0])
