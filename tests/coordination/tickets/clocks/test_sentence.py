"""A deadline in words: each unit, with what was added and given back, in both languages."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from projects.worktime.calendar import SHANGHAI
from projects.worktime.sentence import (
    Given,
    Reckoned,
    say_amount,
    say_asked_for,
    say_due,
    say_resolved,
    say_standing,
    say_was_due,
    say_would_be_due,
)
from projects.worktime.spans import Unit


def on(day: int, hour: int = 10, minute: int = 0, month: int = 3, year: int = 2020) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


TODAY = on(11)
DAYS = Reckoned(on(10), on(13, 17), 3, Unit.WORKING_DAY)


def both(clock: Reckoned, at: datetime = TODAY) -> tuple[str, str]:
    with translation.override("zh-hans"):
        chinese = say_due(clock, at)
    with translation.override("en"):
        return chinese, say_due(clock, at)


@pytest.mark.parametrize(
    ("clock", "chinese", "english"),
    [
        (
            DAYS,
            "3月13日（星期五）17:00到期：自3月10日起3个工作日",
            "Due Friday 13 March, 17:00: 3 working days from 10 March",
        ),
        (
            Reckoned(on(10), on(11, 17), 1, Unit.WORKING_DAY),
            "3月11日（星期三）17:00到期：自3月10日起1个工作日",
            "Due Wednesday 11 March, 17:00: 1 working day from 10 March",
        ),
        (
            Reckoned(on(10, 16), on(11, 9, 30), 2, Unit.SERVICE_HOUR),
            "3月11日（星期三）09:30到期：自3月10日16:00起2个工作小时",
            "Due Wednesday 11 March, 09:30: 2 service hours from 10 March, 16:00",
        ),
        (
            Reckoned(on(10), on(14, 0), 3, Unit.NATURAL_DAY),
            "3月13日（星期五）24:00到期：自3月10日起3个自然日",
            "Due Friday 13 March, 24:00: 3 natural days from 10 March",
        ),
        (
            Reckoned(on(10), on(11, 0), 0, Unit.SAME_DAY),
            "3月10日（星期二）24:00到期：限3月10日当日",
            "Due Tuesday 10 March, 24:00: within the same day, 10 March",
        ),
    ],
)
def test_each_unit(clock: Reckoned, chinese: str, english: str) -> None:
    assert both(clock) == (chinese, english)


@pytest.mark.parametrize(
    ("unit", "given_back", "chinese", "english"),
    [
        (Unit.WORKING_DAY, 0, "自3月10日起3个工作日", "3 working days from 10 March"),
        (
            Unit.WORKING_DAY, 1, "自3月10日起3个工作日，其间待企业补充暂停1天",
            "3 working days from 10 March, paused 1 day for answers",
        ),
        (
            Unit.NATURAL_DAY, 2, "自3月10日起3个自然日，其间待企业补充暂停2天",
            "3 natural days from 10 March, paused 2 days for answers",
        ),
        (
            Unit.SERVICE_HOUR,
            timedelta(hours=1),
            "自3月10日10:00起3个工作小时，其间待企业补充暂停1小时",
            "3 service hours from 10 March, 10:00, paused 1 h for answers",
        ),
        (
            Unit.SERVICE_HOUR, timedelta(minutes=135),
            "自3月10日10:00起3个工作小时，其间待企业补充暂停2小时15分钟",
            "3 service hours from 10 March, 10:00, paused 2 h 15 min for answers",
        ),
        (
            Unit.SERVICE_HOUR, timedelta(seconds=5),
            "自3月10日10:00起3个工作小时，其间待企业补充暂停1分钟",
            "3 service hours from 10 March, 10:00, paused 1 min for answers",
        ),
        (
            Unit.SAME_DAY, 1, "限3月10日当日，其间待企业补充暂停1天",
            "within the same day, 10 March, paused 1 day for answers",
        ),
    ],
)  # fmt: skip
def test_what_a_pause_gave_back(unit: Unit, given_back: Given, chinese: str, english: str) -> None:
    amount = 0 if unit is Unit.SAME_DAY else 3
    clock = Reckoned(on(10), on(16, 17), amount, unit, given_back=given_back)
    assert both(clock) == (
        f"3月16日（星期一）17:00到期：{chinese}",
        f"Due Monday 16 March, 17:00: {english}",
    )


@pytest.mark.parametrize(
    ("unit", "amount", "chinese", "english"),
    [
        (
            Unit.WORKING_DAY, 2, "自3月10日起3个工作日，延期2个工作日，其间待企业补充暂停1天",
            "3 working days from 10 March, extended by 2 working days, paused 1 day for answers",
        ),
        (
            Unit.SAME_DAY, 1, "限3月10日当日，延期1天，其间待企业补充暂停1天",
            "within the same day, 10 March, extended by 1 day, paused 1 day for answers",
        ),
    ],
)  # fmt: skip
def test_an_extension_comes_before_the_pause(
    unit: Unit, amount: int, chinese: str, english: str
) -> None:
    clock = Reckoned(on(10), on(19, 17), 3, unit, extension=amount, given_back=1)
    assert both(clock) == (
        f"3月19日（星期四）17:00到期：{chinese}",
        f"Due Thursday 19 March, 17:00: {english}",
    )


def test_the_year_is_said_where_it_is_not_the_readers() -> None:
    over = Reckoned(on(30, month=12, year=2025), on(5, 17, month=1, year=2026), 3, "working_day")
    assert both(over, on(31, month=12, year=2025)) == (
        "2026年1月5日（星期一）17:00到期：自12月30日起3个工作日",
        "Due Monday 5 January 2026, 17:00: 3 working days from 30 December",
    )
    assert both(over, on(2, month=1, year=2026)) == (
        "1月5日（星期一）17:00到期：自2025年12月30日起3个工作日",
        "Due Monday 5 January, 17:00: 3 working days from 30 December 2025",
    )


def test_moments_are_said_by_the_clock_in_shanghai() -> None:
    stored = Reckoned(on(10).astimezone(UTC), on(13, 17).astimezone(UTC), 3, Unit.WORKING_DAY)
    assert both(stored, TODAY.astimezone(UTC)) == both(DAYS)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "zh-hans",
            [
                "应于3月13日（星期五）17:00前完成：自3月10日起3个工作日",
                "如不暂停，3月13日（星期五）17:00到期：自3月10日起3个工作日",
                "自5月9日09:00起暂停计时，等待补充至5月15日17:00。",
                "王五申请延期2个工作日，尚未批复。",
                "已于3月13日17:00按时办结。",
                "已于3月13日17:01超期办结。",
            ],
        ),
        (
            "en",
            [
                "It was due Friday 13 March, 17:00: 3 working days from 10 March",
                "Without the question, due Friday 13 March, 17:00: 3 working days from 10 March",
                "The clock stands since 9 May, 09:00; an answer is awaited until 15 May, 17:00.",
                "王五 asks for an extension of 2 working days; it is not decided yet.",
                "Resolved in time, on 13 March, 17:00.",
                "Resolved late, on 13 March, 17:01.",
            ],
        ),
    ],
)
def test_what_else_a_clock_says(language: str, said: list[str]) -> None:
    with translation.override(language):
        assert [
            say_was_due(DAYS, TODAY),
            say_would_be_due(DAYS, TODAY),
            say_standing(on(9, 9, month=5), on(15, 17, month=5), TODAY),
            say_asked_for(2, Unit.WORKING_DAY, "王五"),
            say_resolved(DAYS.due, DAYS.due, TODAY),
            say_resolved(on(13, 17, 1), DAYS.due, TODAY),
        ] == said


def test_a_term_by_itself_is_so_many_of_its_unit() -> None:
    terms = [(2, "service_hour"), (1, "working_day"), (3, "natural_day"), (0, "same_day")]
    with translation.override("zh-hans"):
        assert [say_amount(*term) for term in terms] == [
            "2个工作小时", "1个工作日", "3个自然日", "当日24:00前",
        ]  # fmt: skip
    with translation.override("en"):
        assert [say_amount(*term) for term in terms] == [
            "2 service hours", "1 working day", "3 natural days", "the same day, until 24:00",
        ]  # fmt: skip
