"""In the browser, in Chinese: the menu has its sections by role, and marks where one is."""

from html.parser import HTMLParser
from typing import Any, Final

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from tests.bed.signing_in import signed_in
from tests.factories.coordination import desk, filed

SERVING = ["今日", "工单", "项目", "通报", "服务保障", "管理"]
MOST = 7  # entries of a section
_MENU: Final = "div"  # the kind of the menu's element


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", ["liaison", "lead", "duty_desk", "director", "auditor"])
def test_it_stands_open_on_a_wide_screen(page: Any, role: str) -> None:
    signed_in(page, getattr(desk(), role))
    for width in (1440, 1281, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/admin/")
        opens_by_keyboard(page)


def opens_by_keyboard(page: Any) -> None:
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
    signed_in(page, desk().liaison)
    page.goto("/admin/")
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
    signed_in(page, at.lead)
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


class Links(HTMLParser):
    """The addresses to which a page's links lead, and those of them in its menu."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.every: set[str] = set()
        self.in_menu: set[str] = set()
        self._depth = 0  # of the menu's own element and those of its kind within
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == _MENU and (self._depth or given.get("id") == "nav-sidebar-apps"):
            self._depth += 1
        if tag == "a" and (href := given.get("href")):
            self.every.add(href.partition("?")[0])
            if self._depth:
                self.in_menu.add(href.partition("?")[0])

    def handle_endtag(self, tag: str) -> None:
        self._depth -= bool(self._depth) and tag == _MENU


@pytest.mark.django_db
def test_every_list_is_reached_from_the_menu() -> None:
    """From an entry of the menu, or from a page that one opens."""
    director = desk().director
    client = Client()
    client.force_login(director, backend="coordination.staff.roles.RoleBackend")

    def links(address: str) -> Links:
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        return Links(answer.content.decode())

    entries = links(reverse("admin:index")).in_menu
    assert reverse("board") in entries
    assert reverse("admin:delivery_notice_changelist") not in entries
    seen = set(entries)
    for address in sorted(entries | {reverse("admin:delivery_notice_changelist")}):
        seen |= links(address).every
    lists = {
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in apps.get_models()
        if admin.site.is_registered(model)
        and director.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
    }
    assert lists - seen == set()
