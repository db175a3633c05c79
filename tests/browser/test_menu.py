"""In the browser, in Chinese: the menu has its sections by role, and marks where one is."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.test_queue_to_write_off import log_in
from tests.factories.coordination import desk, filed

SERVING = ["今日", "工单", "项目", "通报", "服务保障", "管理"]
MOST = 7  # entries of a section


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1440, 1281, 1280])
@pytest.mark.parametrize("role", ["liaison", "lead", "duty_desk", "director", "auditor"])
def test_it_stands_open_on_a_wide_screen(page: Any, role: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    log_in(page, getattr(desk(), role))
    menu = page.locator("#nav-sidebar-apps")
    expect(menu).to_be_visible()
    headings = menu.locator(".z-menu-head > span:last-child")
    assert [each.strip() for each in headings.all_inner_texts()] == SERVING
    expect(menu.locator("li a").filter(visible=True)).to_have_count(0)
    for summary in menu.locator("summary").all():
        entries = summary.locator("xpath=..").locator("li a")
        assert 1 <= entries.count() <= MOST
        summary.focus()
        page.keyboard.press("Enter")
        expect(entries.first).to_be_visible()
        page.keyboard.press("Enter")
        expect(entries.first).to_be_hidden()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1279, 1024, 390])
def test_it_opens_on_a_narrow_screen(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    log_in(page, desk().liaison)
    menu = page.locator("#nav-sidebar-apps")
    expect(menu).to_be_hidden()
    page.get_by_text("dock_to_right").click()
    expect(menu).to_be_visible()
    menu.locator("summary", has_text="工单").click()
    menu.get_by_role("link", name="对账销号台账").click()
    page.wait_for_url(f"**{reverse('admin:ledger')}")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_entry_of_the_page_is_marked(page: Any) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    at = desk()
    ticket = filed(at)
    log_in(page, at.lead)
    marked = page.locator("#nav-sidebar-apps a.active")
    pages = {
        reverse("admin:index"): "今日", reverse("board"): "看板",
        reverse("admin:tickets_ticket_changelist"): "工单",
        reverse("admin:tickets_ticket_change", args=[ticket.pk]): "工单",
        reverse("admin:ledger"): "对账销号台账",
        reverse("admin:bulletin_preview"): "本周（未截止）",
        reverse("admin:working_calendar"): "工作日历",
    }  # fmt: skip
    for address, title in pages.items():
        page.goto(address)
        expect(marked).to_have_count(1)
        expect(marked).to_be_visible()
        assert marked.inner_text().splitlines()[-1].strip() == title, address


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_every_list_is_reached_from_the_menu(page: Any) -> None:
    """From an entry of the menu, or from a page that one opens."""
    page.set_viewport_size({"width": 1440, "height": 900})
    director = desk().director
    log_in(page, director)
    found = "links => links.map(each => new URL(each.href).pathname)"
    entries: set[str] = set(page.locator("#nav-sidebar-apps a").evaluate_all(found))
    seen = set(entries)
    for address in sorted(entries | {reverse("admin:delivery_notice_changelist")}):
        page.goto(address)
        seen.update(page.locator("a[href]").evaluate_all(found))
    lists = {
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in apps.get_models()
        if admin.site.is_registered(model)
        and director.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
    }
    assert lists - seen == set()
