"""In the browser, in Chinese: phrases go into the text, papers open, the same is shown first."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.registry import perform
from coordination.workbench.models import Phrase
from tests.bed.signing_in import signed_in
from tests.browser.test_queue_to_write_off import answered, opened
from tests.factories.coordination import desk, filed, vehicle


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_phrase_is_put_in_and_completed(page: Any) -> None:
    at = desk()
    Phrase.objects.create(verb=Verb.COMMENT, text="预计×日放行", ordinal=1)
    ticket = filed(at)
    signed_in(page, at.liaison)
    page.goto(reverse("admin:tickets_ticket_change", args=[ticket.pk]))
    form = page.locator(f'form[action*="/do/{Verb.COMMENT}/"]')
    page.keyboard.press("m")
    text = form.locator("textarea")
    expect(text).to_be_focused()
    text.fill("已联系。")
    form.get_by_role("button", name="预计×日放行").click()
    expect(text).to_be_focused()
    page.keyboard.type("9")  # over the first ×
    expect(text).to_have_value("已联系。预计9日放行")
    answered(page, lambda: form.locator("button[type=submit]").click())
    expect(page.locator("#timeline")).to_contain_text("已联系。预计9日放行")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_papers_open_from_the_ticket(page: Any) -> None:
    at = desk()
    ticket = filed(at)
    perform(Verb.SUPERVISE, ticket=ticket, instruction="请于今日办结。", by=at.director)
    signed_in(page, at.liaison)
    page.goto(reverse("admin:tickets_ticket_change", args=[ticket.pk]))
    for name, heading in (("工单办理单", "工单办理单"), ("打印督办函", "督办函")):
        with page.context.expect_page() as paper:
            page.get_by_role("link", name=name).click()
        expect(paper.value.locator("h1")).to_have_text(heading)
        expect(paper.value.get_by_role("button", name="打印")).to_be_visible()
        paper.value.close()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_what_asks_for_the_same_is_shown_before_it_is_filed(page: Any) -> None:
    at = desk()
    held = filed(at)
    signed_in(page, at.liaison)
    page.goto(reverse("admin:tickets_ticket_add") + "?kind=vehicle_pass")
    typed = {"project": at.project.code, "enterprise": at.enterprise.name, "title": "再次受阻",
             "contact_name": "王五", "contact_mobile": "13700137000"}  # fmt: skip
    for name, value in typed.items():
        page.locator(f"[name={name}]").fill(value)
    for name, value in vehicle().items():
        field = page.locator(f"[name=lines-0-{name}]")
        if name == "pass_type":
            field.select_option(value)
        else:
            field.fill(str(value))
    page.keyboard.press("Escape")
    page.get_by_role("button", name="提交", exact=True).click()
    same = page.locator("#similar")
    expect(same).to_contain_text(held.number)
    expect(page.locator("[name=title]")).to_have_value("再次受阻")
    assert Ticket.objects.count() == 1
    opened(page, lambda: page.get_by_role("button", name="仍要提交").click())
    assert Ticket.objects.count() == 2
    expect(page.locator("#panel-similar")).to_contain_text(held.number)
