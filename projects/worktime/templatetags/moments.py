"""Filters that put moments into words, for a reader now."""

from datetime import datetime

from django import template

from projects.record.clock import now
from projects.worktime.sentence import say_lateness, say_near, say_when, say_whole

register = template.Library()


@register.filter
def when(moment: datetime | None) -> str:
    """When something was done: today 08:30, yesterday 17:00, 6 March 09:30; empty of None."""
    return "" if moment is None else say_when(moment, now())


@register.filter
def deadline(moment: datetime | None) -> str:
    """The same of a deadline: the end of a day is written as its 24:00; empty of None."""
    return "" if moment is None else say_near(moment, now())


@register.filter
def in_full(moment: datetime | None) -> str:
    """A deadline with its year and its day of the week, for who reads it on another day."""
    return "" if moment is None else say_whole(moment)


@register.filter
def lateness(due: datetime | None) -> str:
    """How much a deadline is overdue, or is left until then; empty of None."""
    return "" if due is None else say_lateness(due, now())
