"""Nothing that somebody typed is lost, and nobody else sees it; in Chinese."""

import re
from typing import Any, Final

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.verbs.registry import perform
from tests.bed.signing_in import signed_in
from tests.browser.test_queue_to_write_off import act_open, answered, log_in, opened, picture
from tests.factories.coordination import PASSWORD, Desk, desk, filed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS: Final = "请提供驾驶员从业资格证，并说明回程时间"
BACK: Final = re.compile(r"已恢复您\d+月\d+日\d\d:\d\d输入但未提交的内容")


@pytest.fixture
def at() -> Desk:
    return desk()


def address(ticket: Ticket) -> str:
    return f"/admin/tickets/ticket/{ticket.pk}/change/"


def question(page: Any) -> Any:
    return page.locator("#do-ask [name=question]")


def type_question(page: Any, ticket: Ticket) -> None:
    page.goto(address(ticket))
    act_open(page, Verb.ASK)
    question(page).press_sequentially(WORDS)


def send(page: Any) -> None:
    page.locator("#do-ask button[type=submit]").click()


def is_kept(page: Any) -> None:
    """The copy that outlives the tab is written a moment later."""
    page.wait_for_function(
        "() => Object.keys(localStorage).some((each) => each.includes('/do/ask/'))"
    )


def kept(page: Any) -> list[str]:
    found: list[str] = page.evaluate(
        "() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]"
        ".filter((each) => each.startsWith('typed:'))"
    )
    return found


def test_a_session_that_ended(page: Any, at: Desk) -> None:
    ticket = filed(at)
    log_in(page, at.liaison)
    type_question(page, ticket)
    Session.objects.all().delete()
    events = TicketEvent.objects.count()
    send(page)
    said = page.locator("#do-ask [role=alert]")
    expect(said).to_contain_text("登录已失效，内容未提交")
    picture(page, "typed-session-over")
    assert TicketEvent.objects.count() == events
    opened(page, said.get_by_role("link", name="重新登录").click)
    expect(page.locator("#typed-waits")).to_be_visible()
    picture(page, "typed-sign-in")
    page.fill("input[name=username]", at.liaison.username)
    page.fill("input[name=password]", PASSWORD)
    opened(page, lambda: page.press("input[name=password]", "Enter"))
    expect(page.get_by_text(BACK)).to_be_visible()
    picture(page, "typed-back")
    page.get_by_role("button", name="打开").click()
    expect(question(page)).to_have_value(WORDS)
    answered(page, lambda: send(page))
    ticket.refresh_from_db()
    assert ticket.status == "need_info"
    page.reload()
    assert kept(page) == []


def test_signed_in_again_in_another_tab(page: Any, at: Desk) -> None:
    """The form's token is of the session before; it is sent all the same."""
    ticket = filed(at)
    log_in(page, at.liaison)
    type_question(page, ticket)
    Session.objects.all().delete()
    other = page.context.new_page()
    log_in(other, at.liaison)
    answered(page, lambda: send(page))
    ticket.refresh_from_db()
    assert ticket.status == "need_info"


def test_no_connection(page: Any, at: Desk) -> None:
    ticket = filed(at)
    signed_in(page, at.liaison)
    type_question(page, ticket)
    page.context.set_offline(True)
    send(page)
    expect(page.locator("#do-ask [role=alert]")).to_contain_text("未能连接服务器，内容未提交")
    picture(page, "typed-offline")
    expect(question(page)).to_have_value(WORDS)
    page.context.set_offline(False)
    answered(page, lambda: send(page))
    expect(page.locator(".z-typed")).to_have_count(0)
    ticket.refresh_from_db()
    assert ticket.status == "need_info"


def test_a_tab_that_was_closed(page: Any, at: Desk) -> None:
    """Also by way of the first page, which names what was begun."""
    ticket = filed(at)
    signed_in(page, at.liaison)
    type_question(page, ticket)
    is_kept(page)
    context = page.context
    with page.expect_event("close"):
        with page.expect_event("dialog") as warned:
            page.close(run_before_unload=True)
        assert warned.value.type == "beforeunload"
        warned.value.accept()
    page = context.new_page()
    page.goto("/admin/")
    waits = page.locator(".z-typed", has_text="您有输入但未提交的内容")
    expect(waits).to_be_visible()
    picture(page, "typed-today")
    opened(page, waits.get_by_role("link").click)
    expect(page.get_by_text(BACK)).to_be_visible()
    expect(question(page)).to_have_value(WORDS)
    page.get_by_role("button", name="清除").click()
    expect(question(page)).to_have_value("")
    page.reload()
    expect(page.locator(".z-typed")).to_have_count(0)


def test_another_officer_in_the_same_browser(page: Any, at: Desk) -> None:
    ticket = filed(at)
    perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
    log_in(page, at.liaison)
    type_question(page, ticket)
    is_kept(page)
    sealed = page.evaluate("() => JSON.stringify({...localStorage})")
    assert WORDS[:4] not in sealed
    Session.objects.all().delete()
    log_in(page, at.lead)
    expect(page.locator(".z-typed")).to_have_count(0)
    page.goto(address(ticket))
    expect(question(page)).to_have_value("")
    expect(page.locator(".z-typed")).to_have_count(0)
    assert page.evaluate("() => Object.keys(sessionStorage).length") == 0
    Session.objects.all().delete()  # and the first finds it again
    log_in(page, at.liaison)
    page.goto(address(ticket))
    expect(question(page)).to_have_value(WORDS)
    page.goto("/admin/")
    opened(
        page, lambda: page.evaluate("() => document.getElementById('logout-form').requestSubmit()")
    )
    assert kept(page) == []


def test_sent_by_somebody_who_signed_in_meanwhile(page: Any, at: Desk) -> None:
    ticket = filed(at)
    log_in(page, at.liaison)
    type_question(page, ticket)
    other = page.context.new_page()
    Session.objects.all().delete()
    log_in(other, at.lead)
    events = TicketEvent.objects.count()
    send(page)
    expect(page.locator("#do-ask [role=alert]")).to_contain_text("本浏览器现由其他人员登录")
    assert TicketEvent.objects.count() == events


def test_lines_of_a_filing_come_back(page: Any, at: Desk) -> None:
    """A form that grew, on a plain page: refused, left, and found again as it was."""
    signed_in(page, at.liaison)
    page.goto("/admin/tickets/ticket/add/?kind=material_supply")
    page.fill("[name=title]", "急需水泥")
    page.get_by_role("button", name="增加一项明细").click()
    second = page.locator("[name^='lines-1-']").first
    second.fill("散装水泥")
    page.goto("/admin/")
    page.goto("/admin/tickets/ticket/add/?kind=material_supply")
    expect(page.locator("[name=title]")).to_have_value("急需水泥")
    expect(page.locator("[name^='lines-1-']").first).to_have_value("散装水泥")
    expect(page.get_by_text(BACK)).to_be_visible()
    picture(page, "typed-filing")
    page.goto("/admin/tickets/ticket/add/?kind=vehicle_pass")
    expect(page.locator("[name=title]")).to_have_value("")


def test_a_double_click_files_once(page: Any, at: Desk) -> None:
    ticket = filed(at)
    signed_in(page, at.liaison)
    page.goto(address(ticket))
    act_open(page, Verb.COMMENT)
    page.fill("#do-comment [name=text]", "已联系企业")
    events = TicketEvent.objects.count()
    answered(page, lambda: page.locator("#do-comment button[type=submit]").dblclick())
    assert TicketEvent.objects.count() == events + 1
