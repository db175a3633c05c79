"""A ticket's page: its acts by mouse and keyboard, lines that are added, and whom one may ring."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import expect

from coordination.privacy.models import Reveal
from coordination.staff.models import Officer
from coordination.tickets.flow import Status, Verb
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.registry import perform
from projects.record.clock import now
from tests.bed.signing_in import signed_in
from tests.browser.test_every_page import serious
from tests.browser.test_queue_to_write_off import act_open, answered, fits, picture
from tests.factories.coordination import Desk, desk, filed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at(transactional_db: None) -> Iterator[Desk]:
    with override("zh-hans"):
        yield desk()


def open_ticket(page: Any, ticket: Ticket, who: Officer) -> None:
    signed_in(page, who)
    page.goto(f"/admin/tickets/ticket/{ticket.pk}/change/")


def places(page: Any) -> list[Any]:
    return [each.bounding_box() for each in page.locator(".z-acts > .z-actions > *").all()]


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.innerText.split(/\\s/)[0]"))


def test_the_menu_by_keyboard_and_no_button_moves(page: Any, at: Desk) -> None:
    ticket = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
    page.set_viewport_size({"width": 1280, "height": 900})
    open_ticket(page, ticket, at.liaison)
    buttons = page.locator(".z-acts > .z-actions > .z-button")
    assert [each.split()[0] for each in buttons.all_inner_texts()] == ["逐项落实", "办结", "会办"]
    assert page.locator(".z-acts .z-primary:visible").count() == 1
    expect(page.locator(".z-acts-note")).to_have_text("第1项尚未落实，办结须说明原因。")
    before = places(page)
    page.locator("#more > summary").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.role === 'menuitem'")
    first = focused(page)
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.innerText.split('\\n')") == ["不予受理", "已受理"]
    page.keyboard.press("Enter")  # it is barred
    assert page.locator(".z-do:visible").count() == 0
    page.keyboard.press("ArrowDown")
    assert focused(page) == first
    assert serious(page) == []
    picture(page, "acts-menu")
    page.keyboard.press("Escape")
    assert focused(page) == "更多"
    assert page.locator("#more[open]").count() == 0
    act_open(page, Verb.ASK)
    assert places(page) == before
    expect(page.locator("#do-ask textarea")).to_be_focused()
    assert page.locator("#do-ask .z-star").count() == 1
    page.keyboard.type("几点出发")
    page.keyboard.press("Escape")  # closes it, and keeps what was typed
    assert focused(page) == "更多"
    page.keyboard.press("q")
    expect(page.locator("#do-ask textarea")).to_have_value("几点出发")
    page.locator("#do-ask [data-cancel]").click()
    assert page.locator(".z-do:visible").count() == 0
    page.keyboard.press("l")
    page.locator("#do-fulfil [data-cancel]").click()
    assert focused(page) == "逐项落实"
    page.keyboard.press("q")
    expect(page.locator("#do-ask textarea")).to_have_value("")


def test_several_lines_are_added_and_a_refusal_loses_none(page: Any, at: Desk) -> None:
    ticket = perform(Verb.ACCEPT, ticket=filed(at, "material_supply"), by=at.liaison)
    page.set_viewport_size({"width": 1280, "height": 900})
    open_ticket(page, ticket, at.liaison)
    form = act_open(page, Verb.ADD_LINES)
    soon = timezone.localdate(now()) + timedelta(days=10)
    for item in ("水泥", "砂石", "钢筋"):
        row = form.locator("[data-row-of-form]").last
        row.locator("[name$=_item]").fill(item)
        row.locator("[name$=_quantity]").fill("100")
        row.locator("[name$=_unit]").fill("吨")
        row.locator("[name$=_needed_by]").fill(str(soon))
        row.locator("[name$=_shortage]").select_option("transport")
        form.get_by_role("button", name="增加一项").click()
    form.locator("[data-row-of-form]").nth(1).get_by_role("button", name="删除本项").click()
    form.locator("[name=lines_1_quantity]").fill("0")
    assert form.locator("[data-number]").all_inner_texts() == ["1", "2", "3"]
    answered(page, lambda: form.locator("button[type=submit]").click())
    form = page.locator("#do-add_lines")
    wrong = form.locator("[data-row-of-form]").nth(1)
    expect(wrong.locator(".z-error").first).to_have_text("数量须大于零。")
    assert form.locator("[name$=_item]").evaluate_all("all => all.map(each => each.value)") == [
        "水泥", "钢筋", "",
    ]  # fmt: skip
    form.get_by_role("button", name="删除本项").last.click()
    form.locator("[name=lines_1_quantity]").fill("60")
    answered(page, lambda: form.locator("button[type=submit]").click())
    lines = KINDS[ticket.kind].read_lines(ticket.pk)
    assert [(line.item, line.quantity) for line in lines[1:]] == [("水泥", 100), ("钢筋", 60)]


def test_a_lead_accepts_for_another(page: Any, at: Desk) -> None:
    ticket = filed(at)
    open_ticket(page, ticket, at.lead)
    page.locator("[data-do=accept]").click()
    form = page.locator("#do-accept")
    whose = form.locator("[name=handler]")
    assert whose.evaluate("box => box.selectedOptions[0].text") == str(at.liaison)
    whose.select_option(str(at.deputy.pk))
    answered(page, lambda: form.locator("button[type=submit]").click())
    expect(page.locator("#panel-facts")).to_contain_text(str(at.deputy))
    row = Ticket.objects.get(pk=ticket.pk)
    assert (row.status, row.handler) == (Status.IN_PROGRESS, at.deputy)


def test_the_handler_rings_from_his_telephone_and_it_is_on_record(page: Any, at: Desk) -> None:
    ticket = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
    page.set_viewport_size({"width": 390, "height": 844})
    open_ticket(page, ticket, at.liaison)
    call = page.locator("#panel-contact a.z-button")
    assert call.get_attribute("href") == "tel:13700137000"
    assert call.bounding_box()["height"] >= 44
    fits(page, 390)
    page.locator("#more > summary").click()
    fits(page, 390)
    assert serious(page) == []
    picture(page, "ticket-390")
    assert list(Reveal.objects.values_list("officer", "group", "capacity", "reason")) == [
        (at.liaison.pk, "contact", "handler", "")
    ]
