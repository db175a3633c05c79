"""Many at once, in Chinese: tickets of the queue, a year of the calendar."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from coordination.tickets.flow import Status, Verb
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at, now
from tests.bed.signing_in import signed_in
from tests.browser.test_every_page import serious
from tests.browser.test_queue_to_write_off import fits, log_out, picture
from tests.factories.coordination import Desk, desk, filed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUEUE = "/admin/tickets/ticket/"


@pytest.fixture
def at(transactional_db: None) -> Iterator[Desk]:
    with override("zh-hans"):
        yield desk()


def choose_all(page: Any, verb: Verb) -> Any:
    """Tick every row, choose the verb, and give its dialog."""
    page.goto(f"{QUEUE}?status=")
    page.locator("[data-pick-all]").check()
    page.locator(f".z-many button[value={verb}]").click()
    return page.locator("dialog[open]")


def test_many_are_resolved_and_then_written_off(page: Any, at: Desk) -> None:
    tickets = [perform(Verb.ACCEPT, ticket=filed(at), by=at.liaison) for _ in range(3)]
    one, two, unsettled = tickets
    for each in (one, two):
        perform(Verb.FULFIL, ticket=each, by=at.liaison, line=1, quantity=Decimal(1))
    page.set_viewport_size({"width": 1280, "height": 900})
    signed_in(page, at.liaison)
    box = choose_all(page, Verb.RESOLVE)
    expect(box.locator(".z-phrases button").first).to_be_visible()
    box.locator("button[type=submit]").click()
    expect(box.locator("[aria-invalid]")).to_be_visible()  # nothing was said yet
    expect(box.locator(".z-chosen li")).to_have_count(3)
    box.locator("[name=result]").fill("已协调放行")
    picture(page, "many-resolve")
    box.locator("button[type=submit]").click()
    rows = box.locator("#outcomes tbody tr")
    expect(rows).to_have_count(3)
    refused = rows.filter(has_text=unsettled.number)
    expect(refused).to_contain_text("第1项尚未落实")
    expect(refused.get_by_role("link", name=unsettled.number)).to_be_visible()
    expect(rows.filter(has_text=gettext("Done"))).to_have_count(2)
    picture(page, "many-resolved")
    log_out(page)
    with clock_at(now() + timedelta(days=30)):
        perform(Verb.RESOLVE, ticket=unsettled, by=at.liaison, result="已放行", reasons={1: "改道"})
    page.set_viewport_size({"width": 390, "height": 844})
    signed_in(page, at.lead)
    box = choose_all(page, Verb.WRITE_OFF)
    box.locator("[name=follow_up]").fill("已逐户电话回访，企业满意")
    picture(page, "telephone-many-write-off")
    assert serious(page) == []
    box.locator("button[type=submit]").click()
    expect(rows.filter(has_text=unsettled.number)).to_contain_text("须两人先后签字")
    fits(page, 390)
    picture(page, "telephone-many-written-off")
    assert dict(Ticket.objects.values_list("pk", "status")) == {
        one.pk: Status.CLOSED, two.pk: Status.CLOSED, unsettled.pk: Status.RESOLVED,
    }  # fmt: skip


def test_a_lead_accepts_many_for_their_liaison_or_for_another(page: Any, at: Desk) -> None:
    tickets = [filed(at), filed(at)]
    page.set_viewport_size({"width": 390, "height": 900})
    signed_in(page, at.lead)
    box = choose_all(page, Verb.ACCEPT)
    expect(box.locator(".z-chosen li").first).to_contain_text(f"默认交{at.liaison}经办")
    picture(page, "telephone-many-accept")
    fits(page, 390)
    box.locator("button[type=submit]").click()
    rows = box.locator("#outcomes tbody tr")
    expect(rows.filter(has_text=f"经办人：{at.liaison}")).to_have_count(2)
    assert dict(Ticket.objects.values_list("pk", "handler")) == {
        each.pk: at.liaison.pk for each in tickets
    }
    page.set_viewport_size({"width": 1280, "height": 900})
    other = filed(at)
    box = choose_all(page, Verb.ACCEPT)
    box.locator("[name=handler]").select_option(str(at.deputy.pk))
    picture(page, "many-accept")
    assert serious(page) == []
    box.locator("button[type=submit]").click()
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text=other.number)).to_contain_text(f"经办人：{at.deputy}")
    expect(rows.filter(has_text=tickets[0].number)).to_contain_text("已受理")
    assert Ticket.objects.get(pk=other.pk).handler == at.deputy


def test_many_are_urged(page: Any, at: Desk) -> None:
    tickets = [filed(at), filed(at)]
    signed_in(page, at.duty_desk)
    box = choose_all(page, Verb.URGE)
    box.locator("[name=note]").fill("请今日内联系企业")
    box.locator("button[type=submit]").click()
    expect(box.locator("#outcomes tbody tr").filter(has_text=gettext("Done"))).to_have_count(2)
    assert sorted(Ticket.objects.values_list("pk", "urge_count")) == sorted(
        (each.pk, 1) for each in tickets
    )
