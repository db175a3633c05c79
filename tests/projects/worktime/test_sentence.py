"""Lateness and nearness in words, in both languages."""

from datetime import datetime, timedelta

import pytest
from django.utils.translation import override

from projects.worktime.calendar import SHANGHAI
from projects.worktime.sentence import say_lateness, say_near

AT = datetime(2020, 3, 10, 10, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("since_due", "chinese", "english"),
    [
        (timedelta(days=4, hours=23), "超期4天", "4 days overdue"),
        (timedelta(days=1), "超期1天", "1 day overdue"),
        (timedelta(hours=23, minutes=59), "超期23小时", "23 h overdue"),
        (timedelta(minutes=59), "超期59分钟", "59 min overdue"),
        (timedelta(seconds=1), "超期0分钟", "0 min overdue"),
        (timedelta(0), "还剩0分钟", "0 min left"),
        (-timedelta(minutes=48), "还剩48分钟", "48 min left"),
        (-timedelta(hours=2, minutes=48), "还剩2小时48分", "2 h 48 min left"),
        (-timedelta(days=1), "还剩1天", "1 day left"),
        (-timedelta(days=2, hours=1), "还剩2天", "2 days left"),
    ],
)
def test_lateness_in_words(since_due: timedelta, chinese: str, english: str) -> None:
    found = []
    for language in ("zh-hans", "en"):
        with override(language):
            found.append(say_lateness(AT - since_due, AT))
    assert found == [chinese, english]


@pytest.mark.parametrize(
    ("moment", "chinese"),
    [
        (datetime(2020, 3, 10, 17, tzinfo=SHANGHAI), "今日17:00"),
        (datetime(2020, 3, 9, 17, tzinfo=SHANGHAI), "昨日17:00"),
        (datetime(2020, 3, 11, 9, 30, tzinfo=SHANGHAI), "明日09:30"),
        (datetime(2020, 3, 11, tzinfo=SHANGHAI), "今日24:00"),
        (datetime(2020, 3, 10, tzinfo=SHANGHAI), "昨日24:00"),
        (datetime(2020, 3, 6, 9, tzinfo=SHANGHAI), "3月6日09:00"),
        (datetime(2019, 12, 31, 9, tzinfo=SHANGHAI), "2019年12月31日09:00"),
    ],
)
def test_a_moment_by_the_readers_day(moment: datetime, chinese: str) -> None:
    with override("zh-hans"):
        assert say_near(moment, AT) == chinese
