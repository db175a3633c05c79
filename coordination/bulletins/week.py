"""The periods that are counted: weeks to Monday at 17:00 in Shanghai, days to 17:30."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from projects.house.blocks import Period

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
CUT_OFF_TIME: Final = time(17)
WEEK: Final = timedelta(days=7)
BRIEF_TIME: Final = time(17, 30)  # half an hour after the day's reports are due
DAY: Final = timedelta(days=1)


def cut_off_on(day: date) -> datetime:
    """The time of the cut-off on that day."""
    return datetime.combine(day, CUT_OFF_TIME, SHANGHAI)


def is_cut_off(moment: datetime) -> bool:
    """Whether a week ends at this moment."""
    local = moment.astimezone(SHANGHAI)
    return local.weekday() == 0 and local.time() == CUT_OFF_TIME


def week_to(cut_off: datetime) -> Period:
    """The seven days to a cut-off."""
    return Period(start=cut_off - WEEK, end=cut_off)


def running_week(at: datetime) -> Period:
    """From the last cut-off before ``at`` to ``at``."""
    day = at.astimezone(SHANGHAI).date()
    last = cut_off_on(day - timedelta(days=day.weekday()))
    return Period(start=last if last < at else last - WEEK, end=at)


def cut_offs(since: date, until: date | None, now: datetime) -> Iterator[datetime]:
    """Every past cut-off whose day is in [since, until)."""
    day = since + timedelta(days=-since.weekday() % 7)
    while cut_off_on(day) < now and (until is None or day < until):
        yield cut_off_on(day)
        day += WEEK


def brief_cut_off(day: date) -> datetime:
    """When the brief of that day is cut off."""
    return datetime.combine(day, BRIEF_TIME, SHANGHAI)


def day_to(cut_off: datetime) -> Period:
    """The day to the cut-off of a brief."""
    return Period(start=cut_off - DAY, end=cut_off)


def brief_days(since: date, until: date | None, now: datetime) -> Iterator[date]:
    """Every day in [since, until) whose brief's cut-off has passed."""
    day = since
    while brief_cut_off(day) < now and (until is None or day < until):
        yield day
        day += DAY


@dataclass(frozen=True)
class Weeks:
    """The running week and the last one, as ``this`` and ``last``; ``ends`` are their cut-offs."""

    periods: Mapping[str, Period]
    ends: Mapping[str, datetime]


def weeks_at(at: datetime) -> Weeks:
    """The week that runs at the moment, and the one before it."""
    running = running_week(at)
    last = Period(running.start - WEEK, running.start)
    ends = {"this": running.start + WEEK, "last": running.start}
    return Weeks({"this": running, "last": last}, ends)
