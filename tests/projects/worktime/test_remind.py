"""A reminder of a told deadline falls on the last day before it that is worked today."""

from datetime import date, datetime, time

import pytest

from projects.worktime.calendar import SHANGHAI, Calendar, end_of
from projects.worktime.reckon import reckon
from projects.worktime.remind import hour_before, reminder_window
from projects.worktime.spans import Span, Unit

HOURS = ((time(8, 30), time(12)), (time(13, 30), time(17)))


def on(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """In November 2026; the 2nd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def window(
    start: datetime, span: Span, changed: dict[int, bool], hours: tuple[tuple[time, time], ...]
) -> tuple[datetime, datetime]:
    """By a calendar in which these days of November were edited since the term was set."""
    told = reckon(start, span, Calendar(HOURS))
    today = Calendar(hours, {date(2026, 11, day): worked for day, worked in changed.items()})
    return reminder_window(
        start=start, due=told.due, warn_at=told.warn_at, unit=span.unit, calendar=today
    )


THREE_DAYS = Span(3, Unit.WORKING_DAY)  # from Monday the 2nd: Thursday the 5th, 17:00
SEVEN_DAYS = Span(6, Unit.NATURAL_DAY)  # from Monday the 2nd: Sunday the 8th, 24:00
ONE_DAY = Span(0, Unit.SAME_DAY)


@pytest.mark.parametrize(
    ("start", "span", "changed", "day"),
    [
        (on(2), THREE_DAYS, {}, 5),
        (on(2), THREE_DAYS, {5: False}, 4),  # a day off added on the very day
        (on(2), THREE_DAYS, {4: False, 5: False}, 3),
        (on(2), THREE_DAYS, {7: True}, 5),  # after the deadline
        (on(2), SEVEN_DAYS, {}, 6),  # a Friday
        (on(2), SEVEN_DAYS, {8: True}, 8),  # a working day added
        (on(2), SEVEN_DAYS, {6: False}, 5),
        (on(2), ONE_DAY, {}, 2),
    ],
)
def test_the_day_of_a_reminder(
    start: datetime, span: Span, changed: dict[int, bool], day: int
) -> None:
    assert window(start, span, changed, HOURS) == (
        on(day, 0), end_of(date(2026, 11, day)),
    )  # fmt: skip


def test_a_term_without_a_working_day_is_reminded_of_all_the_same() -> None:
    assert window(on(7), ONE_DAY, {}, HOURS) == (on(7, 0), end_of(date(2026, 11, 7)))
    assert window(on(2), ONE_DAY, {2: False}, HOURS) == (on(2, 0), end_of(date(2026, 11, 2)))


@pytest.mark.parametrize(
    ("start", "changed", "hours", "begins"),
    [
        (on(2), {}, HOURS, on(2, 10)),  # due at 11:00
        (on(2, 16), {}, HOURS, on(3, 8, 30)),  # due on Tuesday at 9:30: not at closing time
        (on(2, 16), {3: False}, HOURS, on(2, 16)),
        (on(2, 15), {}, ((time(8, 30), time(12)), (time(13, 30), time(16))), on(2, 15)),
        (on(2, 11, 30), {}, ((time(8, 30), time(12)),), on(2, 11, 30)),  # no afternoons any more
    ],
)
def test_the_last_hour_of_a_term_in_hours(
    start: datetime,
    changed: dict[int, bool],
    hours: tuple[tuple[time, time], ...],
    begins: datetime,
) -> None:
    found, until = window(start, Span(2, Unit.SERVICE_HOUR), changed, hours)
    assert (found, until) == (begins, end_of(begins.date()))


def test_an_hour_of_service_counted_back() -> None:
    calendar = Calendar(HOURS)
    assert hour_before(on(3, 14), on(2), calendar) == on(3, 11, 30)
    assert hour_before(on(9, 9), on(2), calendar) == on(6, 16, 30)  # over a weekend
    assert hour_before(on(3, 9), on(3, 8, 45), calendar) == on(3, 8, 45)
