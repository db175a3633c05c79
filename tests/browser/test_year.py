"""The duty desk enters a year: pasted from its notice, or clicked day by day; looks, confirms."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from projects.worktime.models import CalendarOverride, CalendarYear
from tests.bed.signing_in import signed_in
from tests.browser.test_every_page import serious
from tests.browser.test_provisional import looks_right
from tests.browser.test_queue_to_write_off import opened
from tests.factories.coordination import Desk, desk
from tests.factories.notices import MADE_UP_2027

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at(transactional_db: None) -> Desk:
    CalendarYear.objects.all().delete()
    return desk()


def test_a_year_is_pasted_shown_and_entered(page: Any, at: Desk) -> None:
    signed_in(page, at.duty_desk)
    page.goto(reverse("admin:working_calendar"))
    opened(page, page.get_by_role("link", name="粘贴通知录入年度").click)
    text = page.get_by_label("通知全文")
    text.fill(MADE_UP_2027.replace("2月14日（周日）", "2月14日（周六）"))
    opened(page, page.get_by_role("button", name="读取并预览").click)
    expect(page.locator(".z-error")).to_have_text(
        "“2月14日(周六)、2月20日(周六)上班”：2027年2月14日是星期日，不是星期六。"
    )
    looks_right(page, "year-wrong")

    text.fill(MADE_UP_2027)
    opened(page, page.get_by_role("button", name="读取并预览").click)
    expect(page.locator("#plan")).to_contain_text("全年250个工作日")
    expect(page.locator("#holidays tbody tr")).to_have_count(7)
    assert not CalendarOverride.objects.exists()
    looks_right(page, "year")

    opened(page, page.get_by_role("button", name="确认录入").click)
    expect(page.get_by_text("2027年放假安排已录入，全年250个工作日。")).to_be_visible()
    opened(page, page.get_by_role("link", name="下月").click)
    cells = page.locator("#month td:not(.z-beside)")
    expect(cells.nth(4)).to_have_text("5 休息春节")
    expect(cells.nth(13)).to_have_text("14 上班春节调休")
    looks_right(page, "year-month")


def day(page: Any, number: int) -> Any:
    return page.locator(f".z-day[value$='{number:02}']")


def click_one_and_back_and_again(page: Any) -> None:
    look = page.get_by_role("button", name="查看改动")
    expect(look).to_be_hidden()
    tuesday = page.get_by_role("button", name="2099年9月29日 星期二 休息")
    expect(tuesday).to_have_attribute("aria-pressed", "false")
    tuesday.click()
    expect(tuesday).to_have_attribute("aria-pressed", "true")
    expect(tuesday).to_have_text("29 休息原上班")
    expect(page.get_by_text("已改动、尚未录入的日期：1", exact=True)).to_be_visible()
    expect(page.get_by_text("本月上班21天。")).to_be_visible()
    tuesday.click()
    expect(look).to_be_hidden()
    expect(page.get_by_text("本月上班22天。")).to_be_visible()
    tuesday.click()


def press_three(page: Any) -> None:
    """The first and second of October off, Saturday the tenth worked; by the keyboard alone."""
    day(page, 1).focus()
    for key in ("Space", "ArrowRight", "Enter", "ArrowDown", "ArrowRight", "Space"):
        page.keyboard.press(key)
    expect(day(page, 10)).to_have_attribute("aria-pressed", "false")
    expect(day(page, 10)).to_have_text("10 上班原休息")


def test_days_are_clicked_in_two_months_and_entered_with_their_year(page: Any, at: Desk) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    signed_in(page, at.duty_desk)
    page.goto(f"{reverse('admin:working_calendar')}?month=2099-09")
    click_one_and_back_and_again(page)
    opened(page, page.get_by_role("link", name="下月").click)
    press_three(page)
    page.reload()
    expect(page.get_by_text("已改动、尚未录入的日期：4", exact=True)).to_be_visible()
    looks_right(page, "clicked-month")
    opened(page, lambda: page.get_by_role("button", name="查看改动").press("Enter"))
    expect(page.locator("#runs tbody tr")).to_have_count(3)
    whole = page.get_by_label("2099年的放假安排已全部录入")
    whole.check()
    opened(page, page.get_by_role("button", name="确认录入").click)
    expect(page.locator("#runs .z-error")).to_have_count(3)
    assert not CalendarOverride.objects.exists()
    looks_right(page, "clicked-wrong")

    for number, reason in enumerate(("调休", "国庆节", "国庆节调休")):
        page.locator("#runs input").nth(number).fill(reason)
    page.get_by_label("文号").fill("国办发明电〔2098〕7号")
    expect(whole).to_be_checked()
    assert serious(page) == []
    opened(page, page.get_by_role("button", name="确认录入").click)
    expect(page.get_by_text("已录入4天。")).to_be_visible()
    expect(page.locator("[data-changed]")).to_have_count(0)
    expect(day(page, 1)).to_have_text("1 休息国庆节")
    rows = CalendarOverride.objects.order_by("day").values_list("day", "is_working", "reason")
    assert list(rows) == [
        (date(2099, 9, 29), False, "调休"), (date(2099, 10, 1), False, "国庆节"),
        (date(2099, 10, 2), False, "国庆节"), (date(2099, 10, 10), True, "国庆节调休"),
    ]  # fmt: skip
    assert list(CalendarYear.objects.values_list("year", "source")) == [
        (2099, "国办发明电〔2098〕7号")
    ]
    assert refused == []
