"""In the browser, in Chinese: an enterprise, its project, its group, its officer, his queue."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.bed.signing_in import signed_in
from tests.browser.test_queue_to_write_off import fits, opened
from tests.factories.coordination import desk, filed


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1280, 390])
def test_each_page_leads_to_the_next(page: Any, width: int) -> None:
    at = desk()
    ticket = filed(at)
    page.set_viewport_size({"width": width, "height": 844})
    signed_in(page, at.duty_desk)
    page.goto(reverse("admin:register_enterprise_change", args=[at.enterprise.pk]))
    expect(page.locator("#panel-tickets")).to_contain_text(ticket.number)
    expect(page.locator("#panel-tickets")).to_contain_text("王**")
    expect(page.locator("#panel-keys")).to_contain_text(at.key.key_id)
    fits(page, width)

    participations = page.locator("#panel-participations")
    opened(page, lambda: participations.get_by_role("link", name=at.project.name).click())
    expect(page.locator("#panel-served")).to_contain_text(at.liaison.name)
    expect(page.locator("#panel-reports")).to_contain_text("近30日未报送日报。")
    fits(page, width)

    page.goto(reverse("admin:groups_servicegroup_change", args=[at.group.pk]))
    members = page.locator("#panel-members")
    expect(members.locator("tbody tr")).to_have_count(3)
    fits(page, width)

    opened(page, lambda: members.get_by_role("link", name=at.liaison.name).click())
    expect(page.locator("#panel-serving")).to_contain_text(at.group.name)
    fits(page, width)

    tickets = page.locator("#panel-tickets")
    opened(page, lambda: tickets.get_by_role("link", name="在工单列表中打开").click())
    expect(page.locator("[data-row]")).to_have_count(1)
    expect(page.locator("[data-row]")).to_contain_text(ticket.title)
