"""A year is read from the State Council's notice; a library is the witness."""

from datetime import date, timedelta
from itertools import takewhile

import chinese_calendar
import pytest
from django.utils.translation import override

from projects.record.refusals import Invalid
from projects.worktime.notice import LONGEST, Notice, read_notice
from tests.factories.notices import LENGTHENED_2020, MADE_UP_2027, NOTICE_2020, NOTICE_2026


def days_of(year: int) -> list[date]:
    ahead = (date(year, 1, 1) + timedelta(number) for number in range(366))
    return list(takewhile(lambda day: day.year == year, ahead))


def worked(notice: Notice) -> list[date]:
    unlike = {each.day: each.is_working for each in notice.deviations()}
    return [day for day in days_of(notice.year) if unlike.get(day, day.weekday() < 5)]


def makeup(notice: Notice) -> list[tuple[int, int]]:
    return [(each.day.month, each.day.day) for each in notice.deviations() if each.is_working]


def wrong(text: str) -> list[str]:
    with override("zh-hans"), pytest.raises(Invalid) as refusal:
        read_notice(text)
    assert {error.path for error in refusal.value.errors} == {("text",)}
    return refusal.value.reasons


@pytest.mark.parametrize(
    ("text", "year", "source", "number", "made_up"),
    [
        (NOTICE_2020 + LENGTHENED_2020, 2020, "国办发明电〔2019〕16号", 249,
         [(1, 19), (4, 26), (5, 9), (6, 28), (9, 27), (10, 10)]),
        (NOTICE_2020 + "春节假期延长至2月2日，共10天", 2020, "国办发明电〔2019〕16号", 249,
         [(1, 19), (4, 26), (5, 9), (6, 28), (9, 27), (10, 10)]),
        (NOTICE_2026, 2026, "", 248,
         [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]),
    ],
)  # fmt: skip
def test_the_official_notices(
    text: str, year: int, source: str, number: int, made_up: list[tuple[int, int]]
) -> None:
    notice = read_notice(text)
    assert (notice.year, notice.source, notice.working_days()) == (year, source, number)
    assert makeup(notice) == made_up
    assert worked(notice) == list(filter(chinese_calendar.is_workday, days_of(year)))


def test_before_it_is_lengthened_the_first_of_february_is_worked() -> None:
    notice = read_notice(NOTICE_2020)
    assert (2, 1) in makeup(notice)
    assert notice.working_days() == 251
    assert [(each.name, len(each.off), each.said) for each in notice.holidays] == [
        ("元旦", 1, 1), ("春节", 7, 7), ("清明节", 3, 3), ("劳动节", 5, 5), ("端午节", 3, 3),
        ("国庆节、中秋节", 8, 8),
    ]  # fmt: skip
    assert [each[:6] for each in notice.passed_over] == [
        "国务院办公厅", "各省、自治区", "节假日期间,",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "otherwise"),
    [
        ("1月24日至30日", "１月２４日 ～ ３０日"), ("1月24日至30日", "1月24日—30日"),
        ("1月24日至30日", "1月24-30日"), ("1月24日至30日", "1月24日到1月30日"),
        ("1月24日至30日", "1月24日至\n　　30日"), ("（星期日）", "(周日)"), ("共7天", "共 ７ 天"),
        ("1月24日至30日", "2020年1月24日至2020年1月30日"), ("上班", "正常上班"),
        ("，共1天", "，与周末连休"), ("9月27日（星期日）、10月10日", "9月27日（星期天），10月10日"),
        ("二、", "2. "), ("二、", "（二）"), ("共3天。", "共3天\n"),
    ],
)  # fmt: skip
def test_the_same_written_otherwise(written: str, otherwise: str) -> None:
    assert written in NOTICE_2020
    found = read_notice(NOTICE_2020.replace(written, otherwise))
    assert found.deviations() == read_notice(NOTICE_2020).deviations()


def test_a_range_goes_on_in_the_next_month() -> None:
    text = NOTICE_2020.replace("1月24日至30日放假调休，共7天", "1月27日至2月4日放假调休，共9天")
    found = read_notice(text.replace("、2月1日（星期六）", "")).holidays[1]
    assert (found.off[0], found.off[-1], len(found.off)) == (
        date(2020, 1, 27), date(2020, 2, 4), 9,
    )  # fmt: skip


@pytest.mark.parametrize(
    "new_year",
    [
        "2026年12月31日（周四）至2027年1月2日（周六）放假调休，共3天。2026年12月26日（周六）上班",
        "12月31日至1月2日放假调休，共3天。12月26日（周六）上班",
        "12月31日（周四）放假，1月1日至2日放假，共3天。2026年12月26日上班",
    ],
)
def test_days_of_the_year_before_keep_their_year(new_year: str) -> None:
    before, rest = MADE_UP_2027.split("一、元旦：")
    text = f"{before}一、元旦：{new_year}。二、{rest.split('二、')[1]}"
    notice = read_notice(text)
    assert notice.year == 2027
    found = {each.day: (each.is_working, each.reason) for each in notice.deviations()[:3]}
    assert found == {
        date(2026, 12, 26): (True, "元旦调休"), date(2026, 12, 31): (False, "元旦"),
        date(2027, 1, 1): (False, "元旦"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("1月19日（星期日）", "1月19日（星期六）",
         "“1月19日(星期六)、2月1日(星期六)上班”：2020年1月19日是星期日，不是星期六。"),
        ("4月26日（星期日）", "4月27日",
         "“4月27日、5月9日(星期六)上班”：2020年4月27日是星期一，本来就是工作日。"),
        ("共8天", "共7天",
         "“六、国庆节、中秋节:10月1日至8日放假调休,共7天”：通知写明共7天，所列日期为8天。"),
        ("10月1日至8日放假调休", "10月1日至8日安排旅游",
         "“六、国庆节、中秋节:10月1日至8日安排旅游,共8天”：未能识别“安排旅游,共8天”。"),
        ("6月28日（星期日）上班", "6月31日上班", "“6月31日上班”：没有“6月31日”这一天。"),
        ("4月4日至6日", "4月6日至4日",
         "“三、清明节:4月6日至4日放假调休,共3天”：2020年4月6日至2020年4月4日不是有效的放假起止日期。"),
        ("4月4日至6日", "4月4日至", "“三、清明节:4月4日至放假调休,共3天”：缺少截止日期。"),
        ("4月4日至6日", "4日至6日", "“三、清明节:4日至6日放假调休,共3天”：“4日”缺少月份。"),
        ("2020年1月1日放假", "2022年1月1日放假",
         "“一、元旦:2022年1月1日放假,共1天”：2022年1月1日不属于2020年度。"),
        ("5月1日至5日放假调休，共5天", "4月6日放假",
         "“四、劳动节:4月6日放假”：2020年4月6日重复出现。"),
        ("三、清明节：4月4日至6日放假调休，共3天。", "",
         "缺少以下节日的放假安排：清明。请粘贴通知全文。"),
        ("一、元旦：", "",
         "“2020年1月1日放假,共1天”：未写明是哪个节日。"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_sentence(written: str, instead: str, said: str) -> None:
    assert written in NOTICE_2020
    text = NOTICE_2020.replace(written, instead)
    assert wrong(text) == [said]


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("元宵节假期延长至2月9日", "“元宵节”假期延长，但前文没有该节日的放假安排。"),
        ("春节假期延长至1月29日", "原假期至2020年1月30日止，延长后的截止日期有误。"),
        ("春节假期延长至2月2日，2月4日起上班",
         "假期至2020年2月2日止，不能从2020年2月4日起上班。"),
        ("春节假期延长至2月2日，共9天", "通知写明共9天，所列日期为10天。"),
        ("春节假期延长至2月2日，再议", "未能识别“再议”。"),
    ],
)  # fmt: skip
def test_a_holiday_lengthened_wrongly(sentence: str, said: str) -> None:
    plain = sentence.replace("，", ",")
    assert wrong(NOTICE_2020 + sentence) == [f"“{plain}”：{said}"]


def test_every_wrong_sentence_is_said_at_once() -> None:
    text = NOTICE_2020.replace("共7天", "共6天").replace("（星期六）上班", "（星期五）上班")
    assert len(wrong(text)) == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "请粘贴通知全文。"), (" \n　", "请粘贴通知全文。"),
        ("今天天气很好", "文中未写明年份。"), ("2020年天气很好", "未从文中读到节日放假安排。"),
        ("一、元旦：1999年1月1日放假", "年份1999不在2000至2100之间。"),
        ("假" * 10_000, f"文字过长：共10000字，最多{LONGEST}字。"),
    ],
)  # fmt: skip
def test_what_is_no_notice(text: str, said: str) -> None:
    assert wrong(text) == [said]


def test_the_longest_text_is_read_quickly() -> None:
    for piece in ("一、", "1月1日至", "1月1日（", "元旦：", "延长春节", "-"):
        text = "2020年" + piece * (LONGEST // len(piece) - 5)
        assert wrong(text), piece
