"""In the browser, in Chinese: from the first page to the form of an act, by keyboard too."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.registry import perform
from tests.bed.signing_in import signed_in
from tests.browser.test_queue_to_write_off import opened
from tests.factories.coordination import Desk, desk, filed

WHITE = "rgb(255, 255, 255)"


@pytest.fixture
def at() -> Desk:
    return desk()


def asked_for_longer(at: Desk) -> Ticket:
    ticket = perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison)
    return perform(Verb.EXTEND, ticket=ticket, amount=1, reason="外省通行证", by=at.liaison)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_other_decision_opens_its_form(page: Any, at: Desk) -> None:
    ticket = asked_for_longer(at)
    signed_in(page, at.lead)
    page.goto("/admin/")
    opened(page, lambda: page.locator(".z-refuse").click())
    assert page.url.endswith(f"#act-{Verb.DENY}")
    form = page.locator(f'form[action*="/do/{Verb.DENY}/"]')
    expect(form.locator("[name=reason]")).to_be_focused()
    form.locator("[name=reason]").fill("证件明日可取")
    form.locator("button[type=submit]").click()
    expect(page.locator("#said")).to_contain_text("不同意延期")
    ticket.refresh_from_db()
    assert (ticket.extension, ticket.extension_asked) == (0, 0)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_first_act_alone_is_blue(page: Any, at: Desk) -> None:
    asked_for_longer(at)
    signed_in(page, at.lead)
    page.goto("/admin/")
    row = page.locator("[data-row]").first
    expect(row.locator("form .z-button")).to_have_css("color", WHITE)
    expect(row.locator(".z-refuse")).not_to_have_css("color", WHITE)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_j_and_k_walk_from_row_to_row(page: Any, at: Desk) -> None:
    first, second = filed(at), filed(at)
    signed_in(page, at.liaison)
    page.goto("/admin/")
    rows = page.locator("[data-row] [data-open]")
    for key, row in (("j", 0), ("j", 1), ("j", 1), ("k", 0)):
        page.keyboard.press(key)
        expect(rows.nth(row)).to_be_focused()
    page.keyboard.press("j")
    opened(page, lambda: page.keyboard.press("Enter"))
    assert reverse("admin:tickets_ticket_change", args=[second.pk]) in page.url
    assert first.pk != second.pk
