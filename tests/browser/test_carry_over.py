"""A year's list is carried over by real clicks, in Chinese: proposed, looked at, confirmed."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from projects.record.clock import now
from projects.register.models import Batch, Project
from tests.browser.test_every_page import serious
from tests.browser.test_queue_to_write_off import fits, log_in, opened, picture
from tests.factories.coordination import Desk, desk, project

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHASES = ("preliminary", "new_start", "continuing", "completing")


@pytest.fixture
def at(transactional_db: None) -> Desk:
    return desk()


def looks_right(page: Any, name: str) -> None:
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        fits(page, width)
        picture(page, f"{name}-{width}")
    assert serious(page) == []


def test_the_list_of_the_year_that_is_over(page: Any, at: Desk) -> None:
    year = timezone.localdate(now()).year - 1
    old = Batch.objects.create(year=year, ordinal=2, name=f"{year}年第二批")
    sites = {phase: project(phase=phase, batch=old) for phase in PHASES}
    page.set_viewport_size({"width": 1280, "height": 900})
    log_in(page, at.duty_desk)
    page.goto(f"{reverse('admin:register_project_carry_over')}?year={year}")
    expect(page.get_by_text(f"{year + 1}年度尚无批次。")).to_be_visible()
    Batch.objects.create(year=year + 1, ordinal=1, name=f"{year + 1}年第一批")
    page.reload()
    expect(page.locator("#carry-over-rows tbody tr")).to_have_count(4)
    looks_right(page, "carry-over")
    page.locator(f"select[name=to-{sites['preliminary'].pk}]").select_option("new_start")
    page.locator(f"input[name=pick][value='{sites['continuing'].pk}']").uncheck()
    opened(page, page.get_by_role("button", name="查看本页所选").click)
    expect(page.locator("#moves tbody tr")).to_have_count(3)
    looks_right(page, "carry-over-look")
    opened(page, page.get_by_role("button", name="确认办理").click)
    expect(page.get_by_text("已结转3个项目。")).to_be_visible()
    opened(page, page.get_by_role("button", name="查看全部1个（按建议）").click)
    opened(page, page.get_by_role("button", name="确认办理").click)
    opened(page, page.get_by_role("link", name="已结转 4").click)
    expect(page.locator("#carry-over-rows tbody tr")).to_have_count(4)
    looks_right(page, "carried-over")
    found = {each.phase for each in Project.objects.filter(batch__year=year + 1)}
    assert found == {"new_start", "continuing"}
    assert Project.objects.get(pk=sites["completing"].pk).left_at is not None
