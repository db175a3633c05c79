"""The duty desk accepts proposals: by the keyboard, on a wide page and on a telephone."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import gettext, override, pgettext
from playwright.sync_api import expect

from coordination.groups.queries import assignment_of
from coordination.groups.queries_coverage import coverage
from coordination.staff.models import Officer
from projects.record.clock import now
from projects.register.registration import add_participant
from tests.bed.signing_in import signed_in
from tests.browser.test_every_page import english_on, own_words, serious
from tests.browser.test_queue_to_write_off import fits, opened, picture
from tests.factories.coordination import desk, filed, project


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_accepted_singly_changed_and_many_at_once(page: Any) -> None:
    at = desk()
    for number, officer in enumerate(Officer.objects.order_by("pk"), start=1):
        officer.name = f"示例人员{number}"
        officer.save()
    sites = [project() for _number in range(4)]
    add_participant(
        project=sites[0], enterprise=at.enterprise, role="owner", start=date(2020, 1, 1),
        by=at.director,
    )  # fmt: skip
    ticket = filed(at, project=sites[0])
    with override("zh-hans"):
        page.set_viewport_size({"width": 1280, "height": 800})
        signed_in(page, at.duty_desk)
        page.goto("/admin/")
        matter = page.locator("#matter-unserved")
        expect(matter).to_contain_text("4个项目没有服务组；4项分派建议待采纳")
        opened(page, matter.get_by_role("link").click)
        picture(page, "proposals")
        assert english_on(page, own_words()) == set()
        assert serious(page) == []
        fits(page, 1280)

        name = gettext("Accept: %(project)s") % {"project": sites[0]}
        button = page.get_by_role("button", name=name, exact=True)
        button.focus()
        opened(page, lambda: page.keyboard.press("Enter"))
        expect(page.locator("#outcomes").get_by_text(sites[0].name)).to_be_visible()
        picture(page, "proposals-one")

        page.select_option(
            f"[name='liaison-{sites[1].pk}']", f"{at.other_group.pk}:{at.helper.pk}:"
        )
        expect(page.get_by_text(gettext("from his group"))).to_be_visible()
        page.locator(f"[name=pick][value='{sites[3].pk}']").focus()
        page.keyboard.press("Space")
        page.set_viewport_size({"width": 390, "height": 844})
        picture(page, "proposals-telephone")
        fits(page, 390)
        assert serious(page) == []
        opened(page, page.get_by_role("button", name=gettext("Accept those chosen")).click)
        picture(page, "proposals-many-telephone")
        expect(page.locator("#proposals tbody tr")).to_have_count(1)
        expect(page.get_by_role("button", name=pgettext("proposal", "Accept"))).to_have_count(2)

    changed = assignment_of(sites[1], now())
    assert changed is not None
    assert (changed.liaison, changed.deputy) == (at.helper, at.other_liaison)
    assert (coverage(now()).projects, coverage(now()).served) == (5, 4)
    ticket.refresh_from_db()
    first = assignment_of(sites[0], now())
    assert first is not None
    assert (ticket.group, ticket.handler) == (first.group, first.liaison)
    assert reverse("admin:workbench_unserved") in page.url
