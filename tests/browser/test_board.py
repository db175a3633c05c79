"""In the browser, in Chinese: the board, its tables and rows, and the wall."""

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from coordination.tickets.flow import Verb
from coordination.tickets.verbs.registry import perform
from coordination.workbench.models import DisplayLink
from tests.bed.signing_in import signed_in
from tests.browser.test_every_page import chinese_desk, serious
from tests.factories.coordination import Desk, filed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHEN_LOST = "连接中断，未能更新。现显示的数据截至"


@pytest.fixture
def at(transactional_db: None) -> Desk:
    """A desk with three open tickets of two kinds, one of them accepted."""
    made = chinese_desk()
    for officer in (made.liaison, made.lead):
        officer.refresh_from_db()
    perform(Verb.ACCEPT, ticket=filed(made), by=made.liaison)
    filed(made)
    filed(made, "material_supply")
    return made


def open_board(page: Any) -> None:
    page.locator("#nav-sidebar-apps summary", has_text="通报").click()
    page.locator("#nav-sidebar-apps").get_by_role("link", name="看板").click()
    page.wait_for_url(f"**{reverse('board')}")


def test_the_director_opens_a_table_and_follows_a_figure(page: Any, at: Desk) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    signed_in(page, at.director)
    page.goto("/admin/")
    open_board(page)
    kinds = page.locator("#picture-kinds")
    expect(kinds.locator(".b-data table")).to_be_hidden()
    kinds.get_by_text("数据表", exact=True).click()
    row = kinds.locator(".b-data tr", has_text="车辆通行")
    expect(row).to_be_visible()
    filed(at)
    page.evaluate("document.getElementById('board-page').dispatchEvent(new Event('board:refresh'))")
    with page.expect_download() as table:
        kinds.get_by_role("link", name="导出本表（CSV）").click()
    assert re.fullmatch(r"kinds-\d{8}-\d{4}\.csv", table.value.suggested_filename)
    figure = row.locator("td").nth(2).get_by_role("link")
    expect(figure).to_have_text("3")  # new figures, and the table is open still
    expect(kinds.locator(".b-data table")).to_be_visible()
    assert serious(page) == []
    figure.click()
    page.wait_for_url("**/tickets/ticket/?*kind=vehicle_pass*")
    expect(page.locator(".z-queue tbody tr")).to_have_count(3)
    page.go_back()
    page.locator("#tile-open").get_by_role("link", name="4").click()
    expect(page.locator(".z-queue tbody tr")).to_have_count(4)
    page.go_back()
    page.locator("#picture-groups").get_by_role("link", name=at.group.name).click()
    expect(page.locator(".b-bar h2")).to_have_text(at.group.name)
    officers = page.locator("#picture-officers .b-short")
    expect(officers.locator("tr", has_text=str(at.liaison))).to_be_visible()
    with page.expect_download() as sent:
        page.get_by_role("link", name="导出Excel").click()
    assert re.fullmatch(r"board-\d{8}-\d{4}\.xlsx", sent.value.suggested_filename)


def test_a_lost_connection_is_said(page: Any, at: Desk) -> None:
    signed_in(page, at.director)
    page.goto(reverse("board"))
    page.context.set_offline(True)
    page.evaluate("document.getElementById('board-page').dispatchEvent(new Event('board:refresh'))")
    expect(page.locator(".b-lost")).to_contain_text(WHEN_LOST)
    page.context.set_offline(False)
    page.evaluate("document.getElementById('board-page').dispatchEvent(new Event('board:refresh'))")
    expect(page.locator(".b-lost")).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_lead_sees_his_group_and_a_liaison_himself(page: Any, at: Desk, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    signed_in(page, at.lead)
    page.goto(reverse("board"))
    expect(page.locator(".b-bar h2")).to_have_text(at.group.name)
    tabs = page.get_by_role("navigation", name="统计范围")
    expect(tabs.get_by_role("link")).to_have_text([at.group.name, "个人"])
    expect(page.locator("#tile-open b")).to_have_text("3")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.clear_cookies()
    signed_in(page, at.liaison)
    page.goto(reverse("board"))
    expect(page.locator(".b-bar h2")).to_have_text(str(at.liaison))
    page.locator("#tile-open").get_by_role("link").click()
    expect(page.locator(".z-queue tbody tr")).to_have_count(3)


def test_a_wall_is_hung_and_taken_down(page: Any, at: Desk) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    signed_in(page, at.duty_desk)
    page.goto(reverse("board"))
    page.get_by_role("link", name="大屏链接").click()
    page.locator("a.addlink").first.click()
    page.fill("input[name=name]", "值班室大屏")
    page.get_by_role("button", name="生成", exact=True).click()
    address = page.locator("#display-address").inner_text()
    context = page.context.browser.new_context(
        locale="zh-CN", viewport={"width": 1920, "height": 1080}
    )
    wall = context.new_page()
    refused: list[str] = []
    wall.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    wall.goto(page.url.split("/admin/")[0] + "/wall/" + address.split("/wall/")[1])
    expect(wall.locator("#tile-open b")).to_have_text("3")
    assert context.cookies() == []
    assert refused == []
    size = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert wall.evaluate(size) == [1920, 1080]
    smallest = """Math.min(...[...document.querySelectorAll('body *')]
      .filter((each) => !each.children.length && each.textContent.trim() && each.checkVisibility())
      .map((each) => parseFloat(getComputedStyle(each).fontSize)))"""
    assert wall.evaluate(smallest) >= 16
    figures = "getComputedStyle(document.querySelector('#tile-open b')).fontSize"
    assert wall.evaluate(figures) == "52px"
    assert wall.locator("#wall a, #wall button").count() == 0
    assert str(at.liaison) not in wall.locator("body").inner_text()
    context.set_offline(True)
    wall.evaluate("document.dispatchEvent(new Event('wall:refresh'))")
    expect(wall.locator("#lost")).to_contain_text(WHEN_LOST)
    context.set_offline(False)
    wall.evaluate("document.dispatchEvent(new Event('wall:refresh'))")
    expect(wall.locator("#lost")).to_be_hidden()
    (link,) = DisplayLink.objects.all()
    page.goto(reverse("admin:workbench_displaylink_revoke", args=[link.pk]))
    page.get_by_role("button", name="停用").click()
    page.wait_for_url(f"**{reverse('admin:workbench_displaylink_changelist')}")
    wall.evaluate("document.dispatchEvent(new Event('wall:refresh'))")
    expect(wall.get_by_text("该大屏链接已停用")).to_be_visible()
    expect(wall.locator("#tile-open")).to_have_count(0)
    context.close()
