"""When each step of the ladder is due, on the working calendar of March 2020."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from coordination.escalation.ladder import LADDER, Level, Overdue, next_level
from projects.worktime.calendar import Calendar

CHINA = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar(hours=())


def on(day: int, hour: int = 9, month: int = 3) -> datetime:
    return datetime(2020, month, day, hour, tzinfo=CHINA)


DUE = on(6, 17)  # a Friday


def level(at: datetime, explained_at: datetime | None = None, **given: datetime) -> Level | None:
    overdue = Overdue(due=DUE, warn_at=on(6, 0), given=given, explained_at=explained_at)
    return next_level(overdue, at, CALENDAR)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (on(5, 23), None),
        (on(6, 0), Level.L0),
        (on(6, 17), Level.L0),
        (on(6, 18), None),  # overdue, but the day after has not come
        (on(7), None),  # Saturday
        (on(8), None),
        (on(9, 0), Level.L1),
        (on(9, month=4), Level.L1),  # after a month asleep, first things first
    ],
)
def test_a_reminder_before_and_an_urging_on_the_working_day_after(
    at: datetime, expected: Level | None
) -> None:
    assert level(at) == expected


def test_a_term_without_a_last_day_is_not_reminded_of() -> None:
    assert next_level(Overdue(due=DUE, warn_at=None, given={}), DUE, CALENDAR) is None


def test_a_reminder_is_given_once() -> None:
    assert level(on(6, 12), L0=on(6, 0)) is None


def test_each_step_is_reckoned_from_the_one_before() -> None:
    urged = on(9)
    assert level(on(11, 23), L1=urged) is None  # two working days, 10 and 11 March
    assert level(on(12, 0), L1=urged) == Level.L2
    supervised = on(12)
    assert level(on(16, 23), L1=urged, L2=supervised) is None  # five after the urging: 10–16 March
    assert level(on(17, 0), L1=urged, L2=supervised) == Level.L3
    named = on(17)
    assert level(on(24, 23), L1=urged, L2=supervised, L3=named) is None
    assert level(on(25, 0), L1=urged, L2=supervised, L3=named) == Level.L4
    assert level(on(9, month=6), L1=urged, L2=supervised, L3=named, L4=on(25)) is None


def test_an_explanation_buys_as_long_again_before_the_bulletin() -> None:
    given = {"L1": on(9), "L2": on(12)}
    assert level(on(19), explained_at=on(16), **given) is None
    assert level(on(23, 23), explained_at=on(16), **given) is None
    assert level(on(24, 0), explained_at=on(16), **given) == Level.L3


def test_an_explanation_before_the_urging_buys_nothing() -> None:
    given = {"L1": on(9), "L2": on(12)}
    assert level(on(16, 23), explained_at=on(6), **given) is None
    assert level(on(17, 0), explained_at=on(6), **given) == Level.L3


def test_an_explanation_puts_no_other_step_off() -> None:
    assert level(on(12, 0), explained_at=on(11), L1=on(9)) == Level.L2
    given = {"L1": on(9), "L2": on(12), "L3": on(17)}
    assert level(on(25, 0), explained_at=on(24), **given) == Level.L4


def test_climbing_day_by_day_gives_each_step_once_and_in_order() -> None:
    given: dict[str, datetime] = {}
    for hours in range(24 * 60):
        at = on(1, 0) + timedelta(hours=hours)
        found = level(at, **given)
        if found is not None:
            assert found.value not in given
            given[found.value] = at
    assert list(given) == [each.value for each in LADDER]
    assert [moment.astimezone(CHINA).day for moment in given.values()] == [6, 9, 12, 17, 25]
