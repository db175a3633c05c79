"""When a department is chased, on paper: no database here.

It is reminded on the last working day before the one on which its answer is due, and once more
on the first working day after, each from the hour at which the desk opens. What a desk that slept
has missed is not made up for twice: a reminder that would come too late is left out.
"""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from projects.worktime.calendar import DAY, Calendar, at_time, day_of


class Step(TextChoices):
    """Why a department is chased."""

    REMINDED = "reminded", _("Reminder before the answer is due")
    OVERDUE = "overdue", _("The answer is overdue")
    BY_HAND = "by_hand", _("Chased by an officer")


def next_step(
    asked_at: datetime, due_at: datetime, given: Collection[str], at: datetime, by: Calendar
) -> Step | None:
    """The step that is due at that moment, if one is. Raises YearUnknown."""
    if at <= due_at:
        day = _day_before(day_of(due_at), day_of(asked_at), by)
        reminds = day is not None and _opening(day, by) <= at
        return Step.REMINDED if reminds and Step.REMINDED not in given else None
    if Step.OVERDUE in given:
        return None
    return Step.OVERDUE if at >= _opening(next(by.working_days_after(day_of(due_at))), by) else None


def _day_before(due: date, asked: date, by: Calendar) -> date | None:
    """The last working day before that day; None where there is none since it was asked."""
    day = due - DAY
    while day > asked:
        if by.is_working(day):
            return day
        day -= DAY
    return None


def _opening(day: date, by: Calendar) -> datetime:
    return at_time(day, by.hours[0][0])
