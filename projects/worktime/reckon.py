"""Compute when a term ends, from its start, its length and the pauses. Uses no database.

Days: the day of receipt does not count. A day is used up when it ends (a working day at the close
of service, a natural day at 24:00) with the clock running; a day at whose end the clock is paused
is not counted. Hours: only service time counts in which the clock is running. Pauses after the
deadline do not change it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain, pairwise, takewhile

from projects.worktime.calendar import DAY, Calendar, at_time, day_of, end_of
from projects.worktime.spans import Span, Unit

HOUR = timedelta(hours=1)
_BY_CALENDAR = frozenset({Unit.SERVICE_HOUR, Unit.WORKING_DAY})  # natural days need none
_NOTHING = timedelta(0)


@dataclass(frozen=True)
class Pause:
    """A period in which the clock was paused."""

    begins: datetime
    ends: datetime

    def covers(self, moment: datetime) -> bool:
        """Whether the clock was paused at that moment."""
        return self.begins <= moment < self.ends


@dataclass(frozen=True)
class Deadline:
    """When a term ends, when the warning begins, and the time added because of pauses.

    ``unknown_year`` is the first year on whose working days it depends and which is neither
    announced nor entered.
    """

    due: datetime
    warn_at: datetime
    given_back: timedelta | int  # time of service, or days
    unknown_year: int | None = None

    @property
    def is_provisional(self) -> bool:
        """Whether it is computed with weekdays in place of a year's real working days."""
        return self.unknown_year is not None


def reckon(
    start: datetime, span: Span, calendar: Calendar, pauses: Sequence[Pause] = ()
) -> Deadline:
    """Compute the deadline; it is provisional if it depends on a year that is not known."""
    return _reckoned(start, span, calendar, tuple(pauses))


def stood_until(
    until: datetime, start: datetime, span: Span, calendar: Calendar, pauses: Sequence[Pause]
) -> timedelta | int:
    """What these pauses alone took of the term before ``until``: time of service, or days."""
    if span.unit == Unit.SERVICE_HOUR:
        periods = takewhile(lambda each: each[0] < until, calendar.periods_from(start))
        pieces = (_pieces(begin, min(end, until), pauses) for begin, end in periods)
        stood = (end - begin for begin, end, runs in chain.from_iterable(pieces) if not runs)
        return sum(stood, _NOTHING)
    closes = (each for _day, each in _closes(day_of(start), span, calendar))
    return sum(
        any(pause.covers(each) for pause in pauses)
        for each in takewhile(lambda each: each <= until, closes)
    )


# Cached: five hundred tickets filed at once often have one term from one moment.
@lru_cache(maxsize=64)
def _reckoned(
    start: datetime, span: Span, calendar: Calendar, pauses: tuple[Pause, ...]
) -> Deadline:
    if span.unit == Unit.SERVICE_HOUR:
        found = _by_hours(start, span, calendar, pauses)
        first = day_of(start)
    else:
        found = _by_days(start, span, calendar, pauses)
        first = day_of(start) + DAY  # the day of receipt does not count
    if span.unit not in _BY_CALENDAR:
        return found
    return replace(found, unknown_year=calendar.unknown_year(first, day_of(found.due)))


def _by_days(start: datetime, span: Span, calendar: Calendar, pauses: Sequence[Pause]) -> Deadline:
    left, given_back = span.amount + (span.unit == Unit.SAME_DAY), 0
    for day, closes in _closes(day_of(start), span, calendar):
        if any(pause.covers(closes) for pause in pauses):
            given_back += 1
            continue
        left -= 1
        if left == 0:
            warn_at = at_time(last_working(day, start, calendar), time.min)
            return Deadline(closes, warn_at, given_back)
    raise AssertionError("days do not end")


def _closes(first: date, span: Span, calendar: Calendar) -> Iterator[tuple[date, datetime]]:
    """Every day that counts, with its end; a same-day term counts its first day too."""
    if span.unit == Unit.WORKING_DAY:
        return ((day, calendar.close_of(day)) for day in calendar.working_days_after(first))
    days: Iterable[date] = calendar.days_after(first)
    if span.unit == Unit.SAME_DAY:
        days = chain([first], days)
    return ((day, end_of(day)) for day in days)


def last_working(day: date, start: datetime, calendar: Calendar) -> date:
    """The last working day up to this one, but not before the term's first day."""
    while day > day_of(start) and not calendar.is_working(day):
        day -= DAY
    return day


def _by_hours(start: datetime, span: Span, calendar: Calendar, pauses: Sequence[Pause]) -> Deadline:
    left, stood, warn_at = span.amount * HOUR, _NOTHING, start
    for begin, end in calendar.periods_from(start):
        for piece_begin, piece_end, runs in _pieces(begin, end, pauses):
            length = piece_end - piece_begin
            if not runs:
                stood += length
                continue
            if left > HOUR >= left - length:
                warn_at = piece_begin + (left - HOUR)
            if length >= left:
                return Deadline(piece_begin + left, warn_at, stood)
            left -= length
    raise AssertionError("days do not end")


def _pieces(
    begin: datetime, end: datetime, pauses: Sequence[Pause]
) -> Iterator[tuple[datetime, datetime, bool]]:
    """The period split at the pauses' ends, and whether the clock was running in each part."""
    cuts = {moment for pause in pauses for moment in (pause.begins, pause.ends)}
    edges = [begin, *sorted(cut for cut in cuts if begin < cut < end), end]
    for left, right in pairwise(edges):
        yield left, right, not any(pause.covers(left) for pause in pauses)
