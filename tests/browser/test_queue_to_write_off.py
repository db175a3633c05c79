"""A liaison and a group lead take a ticket from the queue to write-off, in Chinese."""

import os
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from coordination.staff.models import Officer
from coordination.tickets.flow import Status, Verb
from coordination.tickets.models import Fulfilment, Ticket
from tests.factories.coordination import PASSWORD, desk, filed

SHOTS = os.environ.get("SHOTS")  # a folder for pictures of the pages


def picture(page: Any, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def log_in(page: Any, officer: Officer) -> None:
    page.goto("/admin/login/")
    page.fill("input[name=username]", officer.username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/admin/")


def log_out(page: Any) -> None:
    page.context.clear_cookies()


def do(page: Any, verb: Verb, **typed: str) -> None:
    """Open the verb's form by the keyboard, fill it in, and send it; or do it at once."""
    form = page.locator(f"#do-{verb}")
    at_once = page.locator(f"[data-at-once={verb}]")
    if at_once.count():
        at_once.focus()
        answered(page, lambda: page.keyboard.press("Enter"))
        return
    act_open(page, verb)
    for name, value in typed.items():
        form.locator(f"[name={name}]").fill(value)
    answered(page, lambda: form.locator("button[type=submit]").click())


def act_open(page: Any, verb: str) -> Any:
    """Open the form of a verb, by its button or from the menu; the form."""
    act = page.locator(f"[data-do={verb}]")
    if not act.is_visible():
        page.locator("#more > summary").focus()
        page.keyboard.press("Enter")
        page.wait_for_function("document.activeElement.role === 'menuitem'")
    act.focus()
    page.keyboard.press("Enter")
    form = page.locator(f"#do-{verb}")
    form.wait_for()
    return form


def opened(page: Any, act: Callable[[], None]) -> None:
    """Do something that opens another page, and wait until its scripts have run too."""
    with page.expect_navigation():
        act()


def fits(page: Any, width: int) -> None:
    """Nothing has to be scrolled sideways; a window that was made smaller takes its moment."""
    page.wait_for_function("most => document.documentElement.scrollWidth <= most", arg=width)


def answered(page: Any, act: Callable[[], None]) -> None:
    """Do something to which the ticket's page answers in place, and wait for the answer."""
    page.evaluate("document.getElementById('ticket').dataset.old = 1")
    act()
    page.wait_for_selector("#ticket:not([data-old])")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_from_the_queue_to_write_off(page: Any) -> None:
    at = desk()
    ticket = filed(at)
    page.set_viewport_size({"width": 1440, "height": 900})
    with override("zh-hans"):
        log_in(page, at.liaison)
        assert page.locator("html").get_attribute("lang") == "zh-hans"
        expect(page.locator("#today [data-open]", has_text=ticket.title)).to_be_visible()
        picture(page, "desk")
        page.goto("/admin/tickets/ticket/")
        picture(page, "queue")
        opened(page, page.get_by_role("link", name=ticket.number).first.click)
        expect(page.get_by_text(str(Status.SUBMITTED.label)).first).to_be_visible()
        picture(page, "ticket")

        do(page, Verb.ACCEPT)
        expect(page.get_by_text(str(Status.IN_PROGRESS.label)).first).to_be_visible()
        do(page, Verb.RESOLVE, result="已放行")
        wrong = gettext("Say why this line was not met in full.")
        expect(page.get_by_text(wrong)).to_be_visible()
        expect(page.locator("#do-resolve [name=result]")).to_have_value("已放行")
        picture(page, "refused")
        page.reload()
        page.goto(f"/admin/tickets/ticket/{ticket.pk}/")
        do(page, Verb.FULFIL, quantity="1")
        do(page, Verb.RESOLVE, result="已放行")
        expect(page.get_by_text(str(Status.RESOLVED.label)).first).to_be_visible()
        expect(page.locator("#do-write_off")).to_have_count(0)
        log_out(page)

        log_in(page, at.lead)
        opened(page, page.get_by_role("link", name=ticket.title).first.click)
        do(page, Verb.WRITE_OFF, follow_up="已电话回访")
        expect(page.get_by_text(str(Status.CLOSED.label)).first).to_be_visible()
        picture(page, "closed")
        page.goto("/admin/tickets/ticket/add/?kind=worker_return")
        picture(page, "file")
    assert re.search(r"/add/", page.url)
    closed = Ticket.objects.get(pk=ticket.pk)
    assert (closed.status, closed.resolved_by) == (Status.CLOSED, at.liaison)
    assert Fulfilment.objects.get(ticket=ticket).quantity == 1
