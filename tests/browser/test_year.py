"""The duty desk pastes a year's notice, looks at what was read, confirms, and sees the month."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from projects.worktime.models import CalendarOverride, CalendarYear
from tests.bed.signing_in import signed_in
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
