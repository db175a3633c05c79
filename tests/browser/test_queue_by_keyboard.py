"""A liaison's morning without the mouse, and what a page does when somebody was faster."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.utils.html import strip_tags
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from coordination.tickets.flow import Status, Verb
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.verbs.registry import perform
from tests.bed.signing_in import signed_in
from tests.browser.test_every_page import serious
from tests.browser.test_queue_to_write_off import answered, fits, opened, picture
from tests.factories.coordination import Desk, desk, filed, vehicle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUEUE = "/admin/tickets/ticket/"


@pytest.fixture
def at(transactional_db: None) -> Iterator[Desk]:
    with override("zh-hans"):
        yield desk()


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_from_the_queue_to_resolved_by_keys_alone(page: Any, at: Desk) -> None:
    older, newer = filed(at, title="先到的"), filed(at, title="后到的")
    page.set_viewport_size({"width": 1280, "height": 900})
    signed_in(page, at.liaison)
    page.goto(QUEUE)
    press(page, "j", "j")
    assert page.evaluate("document.activeElement.textContent") == older.number
    opened(page, lambda: press(page, "Enter"))
    press(page, "a")
    answered(page, lambda: press(page, "Enter"))
    expect(page.get_by_text(str(Status.IN_PROGRESS.label)).first).to_be_visible()
    press(page, "l")
    page.locator("#do-fulfil [name=quantity]").focus()
    page.keyboard.type("1")
    answered(page, lambda: press(page, "Control+Enter"))
    press(page, "r")
    page.keyboard.type("已协调放行")
    answered(page, lambda: press(page, "Control+Enter"))
    expect(page.get_by_text(str(Status.RESOLVED.label)).first).to_be_visible()
    opened(page, lambda: press(page, "k"))
    assert page.url.startswith(f"{page.url.split('/admin/')[0]}{QUEUE}{newer.pk}/")
    assert Ticket.objects.get(pk=older.pk).status == Status.RESOLVED
    assert [event.verb for event in TicketEvent.objects.filter(ticket=older).order_by("seq")] == [
        "submit", "accept", "fulfil", "resolve",
    ]  # fmt: skip


def test_the_list_of_keys_opens_in_chinese(page: Any, at: Desk) -> None:
    signed_in(page, at.liaison)
    page.goto(f"{QUEUE}{filed(at).pk}/change/")
    press(page, "Shift+?")
    keys = page.get_by_role("dialog", name=gettext("Available shortcuts"))
    keys.wait_for()
    expect(keys).to_contain_text(str(Verb.ACCEPT.label))
    picture(page, "keys")
    press(page, "Escape")
    keys.wait_for(state="hidden")


def test_who_was_slower_keeps_his_words_and_learns_what_happened(page: Any, at: Desk) -> None:
    ticket = filed(at)
    signed_in(page, at.liaison)
    page.goto(f"{QUEUE}{ticket.pk}/change/")
    press(page, "m")
    page.keyboard.type("已联系收费站")
    perform(Verb.ACCEPT, ticket=ticket, by=at.lead)
    before = TicketEvent.objects.count()
    answered(page, lambda: press(page, "Control+Enter"))
    expect(page.locator("#do-comment [name=text]")).to_have_value("已联系收费站")
    expect(page.locator(".z-meanwhile")).to_contain_text(str(Verb.ACCEPT.label))
    picture(page, "stale")
    assert TicketEvent.objects.count() == before
    answered(page, lambda: page.locator("#do-comment button[type=submit]").click())
    assert TicketEvent.objects.count() == before + 1


def test_a_draft_survives_leaving_the_page(page: Any, at: Desk) -> None:
    ticket = filed(at)
    signed_in(page, at.liaison)
    page.goto(f"{QUEUE}{ticket.pk}/change/")
    press(page, "m")
    page.keyboard.type("写到一半")
    page.goto(QUEUE)
    page.goto(f"{QUEUE}{ticket.pk}/change/")
    expect(page.locator("#do-comment [name=text]")).to_have_value("写到一半")
    press(page, "m")
    answered(page, lambda: press(page, "Control+Enter"))
    page.reload()
    expect(page.locator("#do-comment [name=text]")).to_have_value("")


def test_many_at_once_with_one_refusal(page: Any, at: Desk) -> None:
    one, two = filed(at), filed(at)
    signed_in(page, at.lead)
    page.goto(f"{QUEUE}?status=open")
    press(page, "j", "x", "j", "x")
    perform(Verb.ACCEPT, ticket=two, by=at.deputy)
    press(page, "a")
    box = page.locator("dialog[open]")
    box.get_by_role("button").first.click()
    outcomes = box.locator("#outcomes tbody tr")
    outcomes.first.wait_for()
    said = outcomes.all_inner_texts()
    assert gettext("This was changed by someone else since you opened it.") in said[0]
    assert gettext("Done") in said[1]
    picture(page, "many")
    box.locator("[data-close]").click()
    page.wait_for_function("!document.querySelector('#queue[aria-busy], dialog')")
    assert set(Ticket.objects.values_list("pk", "status")) == {
        (one.pk, Status.IN_PROGRESS), (two.pk, Status.IN_PROGRESS),
    }  # fmt: skip
    assert TicketEvent.objects.filter(verb=Verb.ACCEPT).count() == 2


def test_what_is_typed_and_chosen_acts_at_once(page: Any, at: Desk) -> None:
    steel = filed(at, title="钢材运输受阻", lines=[vehicle(plate="豫CDA1234")])
    filed(at, title="口罩不足", urgency="urgent")
    signed_in(page, at.liaison)
    page.goto(QUEUE)
    press(page, "/")
    page.keyboard.type("钢材")
    page.wait_for_function("document.querySelectorAll('[data-row]').length === 1")
    expect(page.locator("#queue")).to_contain_text(steel.number)
    page.fill("#searchbar", "DA1234")
    page.wait_for_url("**q=DA1234**")
    expect(page.locator("[data-row]")).to_have_count(1)
    page.fill("#searchbar", "")
    page.wait_for_function("document.querySelectorAll('[data-row]').length === 2")
    page.select_option("[name=urgency]", "urgent")
    page.wait_for_function("document.querySelectorAll('[data-row]').length === 1")
    expect(page.locator("#queue")).to_contain_text("口罩不足")


def test_a_telephone_shows_it_all_without_scrolling_sideways(page: Any, at: Desk) -> None:
    ticket = filed(at)
    perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
    perform(Verb.FULFIL, ticket=ticket, by=at.liaison, line=1, quantity=Decimal(1))
    page.set_viewport_size({"width": 390, "height": 844})
    signed_in(page, at.liaison)
    page_of_ticket = f"{QUEUE}{ticket.pk}/change/"
    addresses = {"desk": "/admin/", "queue": f"{QUEUE}?status=", "ticket": page_of_ticket}
    for name, address in addresses.items():
        page.goto(address)
        picture(page, f"telephone-{name}")
        fits(page, 390)


def test_a_telephone_folds_the_filters_and_shows_the_first_ticket(page: Any, at: Desk) -> None:
    ticket = filed(at)
    filed(at, "material_supply", urgency="urgent")
    page.set_viewport_size({"width": 390, "height": 844})
    signed_in(page, at.director)  # to whom the most filters are offered
    page.goto(f"{QUEUE}?kind={ticket.kind}")
    row = page.locator("[data-row]")
    expect(row).to_have_count(1)
    assert row.evaluate("row => row.getBoundingClientRect().bottom") <= 844
    seen = page.locator("#filters select:visible")
    expect(seen).to_have_count(1)
    assert _seen(page) == ["kind"]
    fold = page.locator(".z-fold summary")
    expect(fold).to_have_text(_filters_set(1))
    assert serious(page) == []
    picture(page, "telephone-folded")
    page.locator("#searchbar").focus()
    press(page, "Tab", "Enter", "Tab")  # the control follows the search, the filters follow it
    assert page.evaluate("document.activeElement.name") == "status"
    expect(seen).to_have_count(12)
    picture(page, "telephone-unfolded")
    page.select_option("[name=kind]", "")
    page.select_option("[name=urgency]", "urgent")
    page.select_option("[name=order]", "oldest")
    page.wait_for_url("**?urgency=urgent&order=oldest")
    fold.press("Enter")
    expect(seen).to_have_count(2)
    assert _seen(page) == ["urgency", "order"]
    expect(fold).to_have_text(_filters_set(1))  # an order hides nothing
    page.locator("[data-clear]").click()
    expect(row).to_have_count(2)
    expect(seen).to_have_count(0)
    expect(fold.locator("span")).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(seen).to_have_count(12)
    expect(fold).to_be_hidden()
    picture(page, "wide-unfolded")


def _seen(page: Any) -> list[str]:
    """The names of those filters that are in sight."""
    seen = page.locator("#filters select:visible")
    return [each.get_attribute("name") for each in seen.all()]


def _filters_set(number: int) -> str:
    said = gettext("<b data-narrowed>%(number)s</b> set") % {"number": number}
    return f"{gettext('Filters')} {strip_tags(said)}"
