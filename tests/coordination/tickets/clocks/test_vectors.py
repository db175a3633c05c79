"""The working calendar by the official notices, and terms over holidays and pauses."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.worktime.calendar import SHANGHAI, Calendar
from projects.worktime.reckon import Pause, reckon
from projects.worktime.spans import Span, Unit

HOURS = ((time(8, 30), time(12)), (time(13, 30), time(17)))
CALENDAR = Calendar(HOURS)
MINUTE = timedelta(minutes=1)
FIRST = datetime(2020, 1, 17, tzinfo=SHANGHAI)  # into the Spring Festival that was extended


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2020, 1, 22), 3, date(2020, 2, 4)),
        (date(2020, 3, 6), 2, date(2020, 3, 10)),
        (date(2020, 4, 2), 3, date(2020, 4, 8)),
        (date(2020, 4, 24), 1, date(2020, 4, 26)),  # a Sunday that is worked
        (date(2020, 4, 30), 2, date(2020, 5, 7)),
        (date(2026, 2, 13), 3, date(2026, 2, 25)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
    ],
)
def test_working_days(start: date, days: int, due: date) -> None:
    found = reckon(at(start), Span(days, Unit.WORKING_DAY), CALENDAR)
    assert found.due == at(due, 17)
    assert found.warn_at == at(due, 0)


@pytest.mark.parametrize(("year", "worked"), [(2020, 249), (2026, 248)])
def test_how_many_days_of_a_year_are_worked(year: int, worked: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    assert sum(CALENDAR.is_working(day) for day in days if day.year == year) == worked
    assert not CALENDAR.is_working(date(2020, 2, 1))  # the holiday was extended over it
    makeup = {
        2020: [(1, 19), (4, 26), (5, 9), (6, 28), (9, 27), (10, 10)],
        2026: [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)],
    }
    weekends = [day for day in days if day.year == year and day.weekday() > 4]
    found = [(day.month, day.day) for day in weekends if CALENDAR.is_working(day)]
    assert found == makeup[year]


def test_a_year_that_is_not_entered_gives_a_provisional_deadline_by_weekdays() -> None:
    span = Span(3, Unit.WORKING_DAY)
    found = reckon(at(date(2099, 1, 2)), span, CALENDAR)  # a Friday
    assert (found.due, found.unknown_year) == (at(date(2099, 1, 7), 17), 2099)
    entered = Calendar(HOURS, {date(2099, 1, 6): False}, frozenset({2099}))
    found = reckon(at(date(2099, 1, 5)), span, entered)
    assert (found.due, found.unknown_year) == (at(date(2099, 1, 9), 17), None)


@pytest.mark.parametrize(
    ("start", "span", "due", "unknown"),
    [
        # From Thursday 31 December 2026 on; of 2027 nothing is known.
        (at(date(2026, 12, 31), 15), Span(2, Unit.SERVICE_HOUR), at(date(2026, 12, 31), 17), None),
        (
            at(date(2026, 12, 31), 15, 30), Span(2, Unit.SERVICE_HOUR), at(date(2027, 1, 1), 9),
            2027,
        ),
        (at(date(2026, 12, 30)), Span(1, Unit.WORKING_DAY), at(date(2026, 12, 31), 17), None),
        (at(date(2026, 12, 31)), Span(1, Unit.WORKING_DAY), at(date(2027, 1, 1), 17), 2027),
        (at(date(2026, 12, 31)), Span(3, Unit.WORKING_DAY), at(date(2027, 1, 5), 17), 2027),
        (at(date(2027, 12, 31)), Span(1, Unit.WORKING_DAY), at(date(2028, 1, 3), 17), 2028),
        # Natural days depend on no calendar.
        (at(date(2026, 12, 31)), Span(3, Unit.NATURAL_DAY), at(date(2027, 1, 4), 0), None),
        (at(date(2027, 1, 1)), Span(0, Unit.SAME_DAY), at(date(2027, 1, 2), 0), None),
    ],
)  # fmt: skip
def test_a_deadline_is_provisional_if_it_depends_on_a_year_that_is_not_entered(
    start: datetime, span: Span, due: datetime, unknown: int | None
) -> None:
    found = reckon(start, span, CALENDAR)
    assert (found.due, found.unknown_year) == (due, unknown)


def test_what_the_staff_enter_holds_against_the_notice() -> None:
    closed = Calendar(HOURS, {date(2020, 3, 9): False, date(2020, 3, 14): True})
    found = reckon(at(date(2020, 3, 6)), Span(6, Unit.WORKING_DAY), closed)
    assert found.due == at(date(2020, 3, 16), 17)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (at(date(2020, 3, 9), 9), at(date(2020, 3, 9), 11)),
        (at(date(2020, 3, 9), 11), at(date(2020, 3, 9), 14, 30)),  # over noon
        (at(date(2020, 3, 9), 16), at(date(2020, 3, 10), 9, 30)),  # over night
        (at(date(2020, 3, 6), 16, 30), at(date(2020, 3, 9), 10)),  # over the weekend
        (at(date(2020, 3, 7), 3), at(date(2020, 3, 9), 10, 30)),  # filed while closed
        (at(date(2020, 3, 9), 10), at(date(2020, 3, 9), 12)),  # to the minute of closing
    ],
)
def test_two_service_hours(start: datetime, due: datetime) -> None:
    assert reckon(start, Span(2, Unit.SERVICE_HOUR), CALENDAR).due == due


def test_the_same_day_ends_at_midnight() -> None:
    found = reckon(at(date(2020, 3, 7), 23, 59), Span(0, Unit.SAME_DAY), CALENDAR)
    assert found.due == at(date(2020, 3, 8), 0)


def test_a_pause_gives_back_the_days_that_ended_in_it() -> None:
    asked, answered = at(date(2020, 3, 10), 9), at(date(2020, 3, 11), 9)
    found = reckon(
        at(date(2020, 3, 9)), Span(3, Unit.WORKING_DAY), CALENDAR, [Pause(asked, answered)]
    )
    assert (found.due, found.given_back) == (at(date(2020, 3, 13), 17), 1)
    within = [Pause(asked, asked + timedelta(hours=3))]
    assert reckon(at(date(2020, 3, 9)), Span(3, Unit.WORKING_DAY), CALENDAR, within).due == at(
        date(2020, 3, 12), 17
    )


def serves(moment: datetime) -> bool:
    local = moment.astimezone(SHANGHAI)
    opened = any(opens <= local.time() < closes for opens, closes in HOURS)
    return opened and CALENDAR.is_working(local.date())


def minute_by_minute(start: datetime, span: Span, pauses: list[Pause]) -> datetime:
    """The same, told by a clock that is looked at every minute."""

    def stands(moment: datetime) -> bool:
        return any(pause.begins <= moment < pause.ends for pause in pauses)

    moment, left = start, span.amount
    if span.unit == Unit.SERVICE_HOUR:
        left *= 60
        while True:
            if serves(moment) and not stands(moment):
                left -= 1
            moment += MINUTE
            if left == 0:
                return moment
    left += span.unit == Unit.SAME_DAY
    first = start.astimezone(SHANGHAI).date()
    day = first if span.unit == Unit.SAME_DAY else first + timedelta(days=1)
    while True:
        ends = at(day, 17) if span.unit == Unit.WORKING_DAY else at(day + timedelta(days=1), 0)
        counts = span.unit != Unit.WORKING_DAY or CALENDAR.is_working(day)
        left -= counts and not stands(ends)
        if left == 0:
            return ends
        day += timedelta(days=1)


spans = st.one_of(
    st.builds(Span, st.integers(1, 12), st.just(Unit.SERVICE_HOUR.value)),
    st.builds(Span, st.integers(1, 9), st.just(Unit.WORKING_DAY.value)),
    st.builds(Span, st.integers(1, 9), st.just(Unit.NATURAL_DAY.value)),
    st.builds(Span, st.integers(0, 3), st.just(Unit.SAME_DAY.value)),
)
moments = st.integers(0, 120 * 24 * 60).map(lambda n: FIRST + n * MINUTE)


@settings(max_examples=150)
@given(
    start=moments,
    span=spans,
    stood=st.lists(st.tuples(st.integers(0, 9 * 1440), st.integers(1, 5 * 1440)), max_size=2),
)
def test_every_deadline_is_what_a_clock_looked_at_each_minute_says(
    start: datetime, span: Span, stood: list[tuple[int, int]]
) -> None:
    pauses, after = [], start
    for wait, length in stood:
        begins = after + wait * MINUTE
        after = begins + length * MINUTE
        pauses.append(Pause(begins, after))
    assert reckon(start, span, CALENDAR, pauses).due == minute_by_minute(start, span, pauses)
