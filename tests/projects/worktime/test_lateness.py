"""How late something is, and when it was or must be done, in words; the end of a day is 24:00."""

from datetime import datetime
from typing import Final

import pytest
from django.utils import translation

from projects.worktime.calendar import SHANGHAI
from projects.worktime.sentence import (
    Reckoned,
    say_how,
    say_lateness,
    say_must,
    say_near,
    say_when,
)
from projects.worktime.spans import Unit


def on(day: int, hour: int = 0) -> datetime:
    return datetime(2020, 3, day, hour, tzinfo=SHANGHAI)


NOW: Final = datetime(2020, 3, 10, 9, 12, tzinfo=SHANGHAI)  # a Tuesday


@pytest.mark.parametrize(
    ("due", "chinese", "english"),
    [
        (datetime(2020, 3, 6, 9, tzinfo=SHANGHAI), "超期4天", "4 days overdue"),
        (datetime(2020, 3, 9, 17, tzinfo=SHANGHAI), "超期16小时", "16 h overdue"),
        (datetime(2020, 3, 10, 9, tzinfo=SHANGHAI), "超期12分钟", "12 min overdue"),
        (NOW, "还剩0分钟", "0 min left"),
        (datetime(2020, 3, 10, 9, 40, tzinfo=SHANGHAI), "还剩28分钟", "28 min left"),
        (datetime(2020, 3, 10, 12, tzinfo=SHANGHAI), "还剩2小时48分", "2 h 48 min left"),
        (datetime(2020, 3, 12, 17, tzinfo=SHANGHAI), "还剩2天", "2 days left"),
    ],
)
def test_lateness_is_said_as_people_say_it(due: datetime, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert say_lateness(due, NOW) == chinese
    with translation.override("en"):
        assert say_lateness(due, NOW) == english


@pytest.mark.parametrize(
    ("moment", "near", "when"),
    [
        (datetime(2020, 3, 10, 8, 30, tzinfo=SHANGHAI), "今日08:30", "今日 08:30"),
        (datetime(2020, 3, 9, 17, tzinfo=SHANGHAI), "昨日17:00", "昨日 17:00"),
        (datetime(2020, 3, 6, 9, 30, tzinfo=SHANGHAI), "3月6日09:30", "3月6日 09:30"),
        (datetime(2019, 12, 30, 9, tzinfo=SHANGHAI), "2019年12月30日09:00", "2019年12月30日 09:00"),
        # A deadline at the end of a day is of that day; what was done then, of the next.
        (datetime(2020, 3, 11, tzinfo=SHANGHAI), "今日24:00", "明日 00:00"),
        (datetime(2020, 3, 10, 23, 59, 59, tzinfo=SHANGHAI), "今日24:00", "今日 23:59"),
        (datetime(2020, 1, 1, tzinfo=SHANGHAI), "2019年12月31日24:00", "1月1日 00:00"),
    ],
)
def test_moments_are_told_by_the_readers_own_day(moment: datetime, near: str, when: str) -> None:
    with translation.override("zh-hans"):
        assert (say_near(moment, NOW), say_when(moment, NOW)) == (near, when)


def test_by_when_it_must_be_done_and_how_this_follows() -> None:
    clock = Reckoned(on(10), on(13, 17), 3, Unit.WORKING_DAY, given_back=1)
    midnight = Reckoned(on(10), on(11), 0, Unit.SAME_DAY)
    last_year = datetime(2021, 1, 4, 9, tzinfo=SHANGHAI)
    with translation.override("zh-hans"):
        assert [
            say_must(clock.due, NOW, accepted=False),
            say_must(midnight.due, NOW, accepted=True),
            say_must(clock.due, last_year, accepted=False),
            say_how(on(10, 15), clock, NOW),
        ] == [
            "应于3月13日（星期五）17:00前办结",
            "应于3月10日（星期二）24:00前受理",
            "应于2020年3月13日（星期五）17:00前办结",
            "3月10日（星期二）15:00提交；自3月10日起3个工作日，其间待企业补充暂停1天。",
        ]
    with translation.override("en"):
        assert say_must(midnight.due, NOW, accepted=False) == (
            "to be resolved by Tuesday 10 March, 24:00"
        )
