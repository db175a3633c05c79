"""An enterprise's clerk reports the day with the key, on a telephone and on a wide screen."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from projects.progress.models import DailyReport
from projects.progress.report import report
from projects.record.clock import now
from tests.browser.test_every_page import english_on, serious
from tests.browser.test_queue_to_write_off import fits, picture
from tests.coordination.monitoring.scene import site
from tests.factories.coordination import desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def looks_right(page: Any, name: str, names: set[str]) -> None:
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        picture(page, f"report-key-{name}-{width}")
        fits(page, width)
    assert serious(page) == []
    assert english_on(page, names) == set()


def test_the_day_is_reported_by_one_tap_and_by_the_form(page: Any) -> None:
    at = desk()
    other = site(at)
    yesterday = timezone.localdate(now()) - timedelta(days=1)
    for each in (at.project, other):
        report(
            project=each, day=yesterday, resumed=True, workers_on_site=60, workers_required=80,
            by=at.liaison,
        )  # fmt: skip
    names = {at.project.code, other.code}
    page.goto("/upload/")
    page.get_by_role("link", name="报送项目日报请到此处").click()
    page.wait_for_url("**/report/")
    looks_right(page, "asked", names)
    page.fill("#key", "密钥")
    page.get_by_role("button", name="查看项目").click()
    expect(page.locator("#key-wrong")).to_have_text("密钥无效、已过期或已吊销。")
    looks_right(page, "wrong", names)
    page.fill("#key", at.token)
    page.get_by_role("button", name="查看项目").click()
    expect(page.locator("section.project")).to_have_count(2)
    looks_right(page, "list", names)
    page.locator(f"#{other.code}").get_by_role("button", name="无变化").click()
    expect(page.locator(f"#{other.code} .tag")).to_have_text("已报送")
    page.locator(f"#{at.project.code}").get_by_role("link", name="有变化").click()
    page.fill("#id_workers_on_site", "-5")
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".field .wrong")).to_have_count(1)
    looks_right(page, "form", names)
    page.fill("#id_workers_on_site", "61")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("link", name="全部项目")).to_be_visible()
    looks_right(page, "recorded", names)
    page.get_by_role("link", name="全部项目").click()
    expect(page.locator("section.project .tag")).to_have_count(2)
    page.get_by_role("button", name="退出").click()
    expect(page.locator("#key")).to_be_visible()
    today = yesterday + timedelta(days=1)
    made = {each.project_id: each for each in DailyReport.objects.filter(day=today)}
    assert made[other.pk].is_unchanged
    assert (made[at.project.pk].workers_on_site, made[at.project.pk].api_key) == (61, at.key)
