"""A department answers by its link: on a telephone, by the keyboard, without a script."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import gettext, override, pgettext
from playwright.sync_api import expect

from coordination.groups.models import ServiceGroup
from coordination.referrals.models import Referral
from coordination.tickets.flow import Verb
from coordination.tickets.verbs.registry import perform
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
from tests.factories.coordination import desk, vehicle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MATTER = (
    "洛阳地铁1号线盾构管片运输车辆（豫C号牌8辆）须经G30洛阳站下站。\n"
    "请协调卡口核验通行证后放行，并告知可通行时段。"
)
FORMATS = ("PDF", "JPEG", "PNG", "DOCX", "XLSX", "TXT", "CSV", "MB")
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
    assert (english_on(page, {"G30", *FORMATS}), serious(page)) == (set(), []), name


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
        page.keyboard.press("Tab")  # to the files
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


def file(name: str, content: bytes, kind: str = "application/pdf") -> dict[str, Any]:
    return {"name": name, "mimeType": kind, "buffer": content}


def test_a_department_reads_the_lines_and_attaches_its_reply(page: Any, row: Referral) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    ticket = row.ticket
    add = [vehicle(plate="豫C67890", origin="410105", driver_name="李四")]
    perform(Verb.ADD_LINES, ticket=ticket, lines=add, by=row.asked_by)
    perform(Verb.FULFIL, ticket=ticket, line=1, quantity=Decimal(1), by=row.asked_by)
    address = address_of(row)
    page.goto("about:blank")
    page.set_content("<p>复函</p>")
    paper, shot = page.pdf(), page.screenshot(type="jpeg")
    page.goto(address)
    lines = page.locator(".lines > li")
    expect(lines).to_have_count(2)
    expect(lines.nth(0)).to_contain_text("已落实")
    expect(lines.nth(1)).to_contain_text("豫C67890")
    expect(lines.nth(1)).to_contain_text("河南省")
    for nobody in ("张三", "李四", "13800138000"):
        expect(page.locator("body")).not_to_contain_text(nobody)
    with override("zh-hans"):
        page.get_by_label(gettext("Answer"), exact=False).first.fill(REPLY)
        page.get_by_label(pgettext("referral", "Done"), exact=True).check()
        choose = page.locator("input[type=file]")
        choose.set_input_files(file("大.pdf", b"%PDF" * (3 * 1024 * 1024)))
        told = page.locator(".field:has(input[type=file]) .wrong")
        expect(told).to_have_text(gettext("The files may have at most 10 MB together."))
        assert choose.input_value() == ""
        looks_right(page, "referral-file-large")
        choose.set_input_files(file("复函.pdf", b"JFIF"))
        expect(told).to_have_count(0)
        page.get_by_role("button", name=gettext("Send the answer")).click()
        expect(told).to_have_text(
            gettext("The content is not of the type that the file's name says.")
        )
        assert page.locator("[name=answer]").input_value() == REPLY
        expect(page.get_by_label(pgettext("referral", "Done"), exact=True)).to_be_checked()
        looks_right(page, "referral-file-wrong")
        choose.set_input_files([file("复函.pdf", paper), file("卡口现场.jpg", shot, "image/jpeg")])
        looks_right(page, "referral-file-chosen")
        page.get_by_role("button", name=gettext("Send the answer")).click()
        page.get_by_role("heading", name=gettext("The answer has been received")).wait_for()
        signed_in(page, row.asked_by)
        page.goto(f"/admin/tickets/ticket/{ticket.pk}/change/")
        panel = page.locator("#panel-referrals")
        expect(panel.locator("blockquote a")).to_have_text(["内1. 复函.pdf", "内2. 卡口现场.jpg"])
        expect(page.locator("#attachments li")).to_have_count(2)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            picture(page, f"referral-files-{width}")
            fits(page, width)
        assert serious(page) == []
        with page.expect_download() as fetched:
            panel.locator("blockquote a").first.click()
    assert fetched.value.suggested_filename == f"{ticket.number}-internal-1.pdf"
    assert Path(fetched.value.path()).read_bytes() == paper


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
