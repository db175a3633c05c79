"""A department answers by its link: on a telephone, by the keyboard, without a script."""

from typing import Any

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from coordination.groups.models import ServiceGroup
from coordination.referrals.models import Referral
from projects.register.models import Project
from tests.bed.signing_in import signed_in
from tests.browser.test_every_page import english_on, serious
from tests.browser.test_queue_to_write_off import (
    act_open,
    answered,
    fits,
    opened,
    picture,
)
from tests.coordination.referrals.scene import address_of, referred
from tests.factories.coordination import desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MATTER = (
    "洛阳地铁1号线盾构管片运输车辆（豫C号牌8辆）须经G30洛阳站下站。\n"
    "请协调卡口核验通行证后放行，并告知可通行时段。"
)
REPLY = "已通知G30洛阳站、关林卡口核验通行证后放行，每日8时至18时可通行。"


@pytest.fixture
def row(transactional_db: None) -> Referral:
    at = desk()
    Project.objects.update(name="洛阳市城市轨道交通1号线工程")
    ServiceGroup.objects.filter(pk=at.group.pk).update(name="物资运输服务组")
    at.liaison.name = "示例联络员"
    at.liaison.save()
    return referred(at, matter=MATTER)


def looks_right(page: Any, name: str) -> None:
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        picture(page, f"{name}-{width}")
        fits(page, width)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert (english_on(page, {"G30"}), serious(page)) == (set(), []), name


def test_from_the_letter_to_thanks_by_keys_alone(page: Any, row: Referral) -> None:
    seen: list[str] = []
    page.on("console", lambda said: seen.append(said.text))
    page.goto(address_of(row))
    assert page.locator("html").get_attribute("lang") == "zh-hans"
    assert seen == []  # its own policy stops nothing of it
    looks_right(page, "referral")
    with override("zh-hans"):
        page.get_by_role("button", name=gettext("Send the answer")).focus()
        page.keyboard.press("Enter")
        page.locator("main > .wrong").wait_for()
        looks_right(page, "referral-wrong")
        page.locator("[name=verdict]").first.focus()
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.type(REPLY)
        page.keyboard.press("Tab")
        page.keyboard.type("赵六")
        page.keyboard.press("Tab")
        page.keyboard.type("0379-63312345")
        picture(page, "referral-filled")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name=gettext("The answer has been received")).wait_for()
        looks_right(page, "referral-thanks")
        page.goto(page.url)
        page.get_by_role("heading", name=gettext("This link opens nothing")).wait_for()
        looks_right(page, "referral-gone")
    row.refresh_from_db()
    assert (row.verdict, row.answerer_name) == ("done", "赵六")
    assert row.answer_event is not None
    assert row.answer_event.text.body == {"answer": REPLY}


def test_an_officer_refers_draws_a_link_and_reads_the_answer(page: Any, row: Referral) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    with override("zh-hans"):
        signed_in(page, row.asked_by)
        page.goto(f"/admin/tickets/ticket/{row.ticket_id}/change/")
        form = act_open(page, "refer")
        form.locator("[name=matter]").fill("请协调医院开设体检通道")
        picture(page, "referral-refer")
        form.locator("[name=department]").select_option(label="市卫生健康委员会")
        answered(page, lambda: form.locator("button[type=submit]").click())
        panel = page.locator("#panel-referrals")
        expect(panel.locator("li")).to_have_count(2)
        picture(page, "referral-panel")
        page.set_viewport_size({"width": 390, "height": 900})
        picture(page, "referral-panel-390")
        fits(page, 390)
        page.set_viewport_size({"width": 1280, "height": 900})
        opened(page, panel.get_by_role("button", name=gettext("Draw a link")).first.click)
        link = page.locator("#link").input_value()
        page.get_by_role("button", name=gettext("Copy the link")).click()
        expect(page.locator("#copied")).to_have_text(gettext("Copied"))
        page.evaluate("document.execCommand = () => false; delete Navigator.prototype.clipboard")
        page.get_by_role("button", name=gettext("Copy the link")).click()
        marked = gettext("The link is marked: press Ctrl+C.")
        expect(page.locator("#copied")).to_have_text(marked)
        assert page.evaluate("getSelection().toString()") == link
        picture(page, "referral-link")
        assert serious(page) == []
    page.context.clear_cookies()
    page.goto("/" + link.split("/", 3)[3])
    expect(page.locator("main")).to_contain_text("市卫生健康委员会")
