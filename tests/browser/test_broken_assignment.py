"""A broken assignment on the desk, and an officer taken out of service, wide and narrow."""

from typing import Any

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from coordination.groups.queries import assignment_of
from coordination.staff.models import Officer
from coordination.tickets.models import Ticket
from coordination.workbench.departures.queries import To
from coordination.workbench.departures.relieve import Kind, Relief, relieve_officer
from projects.record.clock import now
from tests.bed.signing_in import signed_in
from tests.browser.test_queue_to_write_off import fits, opened, picture
from tests.factories.coordination import Desk, desk, filed, officer

WIDTHS = ((1280, 800), (390, 844))


def leave_one(at: Desk) -> None:
    """Of the group only the liaison is left, and a colleague who is not named."""
    for who in (at.deputy, at.lead):
        chosen = Relief(officer=who, kind=Kind.DEACTIVATE, to=To.LEAVE, reason="调离")
        relieve_officer(relief=chosen, by=at.director)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_from_leaving_to_a_handover(page: Any, width: int, height: int) -> None:
    at = desk()
    leave_one(at)
    colleague, ticket = officer(group=at.group), filed(at)
    page.set_viewport_size({"width": width, "height": height})
    with override("zh-hans"):
        signed_in(page, at.director)
        page.goto(f"/admin/staff/officer/{at.liaison.pk}/relieve/")
        page.select_option("[name=kind]", Kind.DEACTIVATE)
        page.select_option("[name=to]", To.LEAVE)
        page.fill("[name=reason]", "调离")
        opened(page, page.locator("form[novalidate] button[type=submit]").first.click)
        expect(page.locator("#plan")).to_be_visible()
        fits(page, width)
        page.select_option("[name=to]", To.SPREAD)
        opened(page, page.locator("form[novalidate] button[type=submit]").first.click)
        expect(page.locator("#shares tbody tr")).to_have_count(1)
        expect(page.locator("#shares")).to_contain_text(colleague.name)
        picture(page, f"relieve-{width}")
        page.select_option("[name=to]", To.LEAVE)
        opened(page, page.locator("form[novalidate] button[type=submit]").first.click)
        opened(page, page.locator("button[name=confirmed]").click)
        page.goto("/admin/")
        matter = page.locator("#matter-broken")
        expect(matter).to_contain_text(gettext("Broken assignments"))
        expect(matter).to_contain_text("1个项目的联络员、代班和组长均不能履职")
        fits(page, width)
        picture(page, f"broken-tile-{width}")
        opened(page, matter.get_by_role("link").click)
        reason = gettext("The liaison's account is inactive.")
        expect(page.locator("#broken tbody tr")).to_contain_text([reason])
        fits(page, width)
        picture(page, f"broken-list-{width}")
        opened(page, page.locator("#broken").get_by_role("link", name=at.project.name).click)
        expect(page.locator("#broken")).to_contain_text(reason)
        picture(page, f"broken-project-{width}")
    row = assignment_of(at.project, now())
    assert row is not None
    assert (row.liaison, Officer.objects.get(pk=at.liaison.pk).is_active) == (at.liaison, False)
    assert Ticket.objects.get(pk=ticket.pk).handler == at.liaison
