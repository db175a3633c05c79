"""The day that stands above a table: found where it is one, and never guessed."""

from datetime import date

import pytest

from projects.imports.reading.days_above import day_above

DAY = date(2020, 3, 9)


@pytest.mark.parametrize(
    ("texts", "year", "found"),
    [
        (["重点项目每日监测表（2020年3月9日）"], 2020, DAY),
        (["每日监测表", "填报日期：2020-03-09"], 2020, DAY),
        (["每日监测表", "填报日期", "2020/3/9"], 2020, DAY),
        (["日报20200309"], 2020, DAY),
        (["２０２０年３月９日"], 2020, DAY),
        (["2020年每日监测表", "3月9日"], 2020, DAY),
        (["3月9日"], None, None),  # of which year
        (["2020年3月9日", "3月9日"], 2020, DAY),
        (["2020年3月9日", "填报时间：2020-03-10"], 2020, None),
        (["2020年3月1日至9日"], 2020, None),
        (["3月1日—3月9日"], 2020, None),
        (["2020年1-3月完成情况"], 2020, None),
        (["2020年3月"], 2020, None),
        (["2020年2月30日"], 2020, None),
        (["每日监测表"], 2020, None),
    ],
)
def test_the_day_above_a_table(texts: list[str], year: int | None, found: date | None) -> None:
    assert day_above(texts, year) == found
