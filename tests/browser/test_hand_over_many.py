"""Many projects handed over at once, in Chinese, wide and narrow."""

from typing import Any

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from coordination.groups.queries import assignment_of
from coordination.staff.models import Officer
from coordination.tickets.verbs.handover import hand_over, take_on
from coordination.workbench.departures.queries import To
from projects.record.clock import now
from projects.register.models import Project
from tests.bed.signing_in import signed_in
from tests.browser.test_every_page import chinese_desk, english_on, own_words, serious
from tests.browser.test_queue_to_write_off import fits, opened, picture
from tests.factories.addresses import admin_page
from tests.factories.coordination import filed, project

DESKTOP = 1024  # narrower, and the page's own buttons are in a menu
WIDTHS = ((1280, 800), (390, 844))


def liaison_of(site: Project) -> Officer | None:
    row = assignment_of(site, now())
    return row.liaison if row is not None else None


def sound(page: Any, width: int, name: str) -> None:
    """It is Chinese, fits, and everyone can use it."""
    fits(page, width)
    picture(page, f"hand-over-many-{name}-{width}")
    assert (english_on(page, own_words()), serious(page)) == (set(), [])


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_from_the_officers_page_and_from_the_list(page: Any, width: int, height: int) -> None:
    at = chinese_desk()
    sites, ticket = [project(by=at.director), project(by=at.director)], filed(at)
    for site in sites:
        take_on(project=site, group=at.group, liaison=at.liaison, by=at.director)
    page.set_viewport_size({"width": width, "height": height})
    with override("zh-hans"):
        signed_in(page, at.director)
        page.goto(admin_page("officer", "change", at.liaison.pk))
        if width < DESKTOP:
            page.locator("a[href='#']", has_text="more_horiz").click()
        opened(page, page.get_by_role("link", name=gettext("Hand over his projects")).click)
        expect(page.locator("#chosen [name=pick]:checked")).to_have_count(3)
        sound(page, width, "chosen")
        page.select_option("[name=to]", To.SPREAD)
        page.select_option("[name=group]", str(at.other_group.pk))
        opened(page, page.locator("#many button[type=submit]").click)
        expect(page.get_by_role("alert")).to_have_text(gettext("Say why."))
        page.fill("[name=reason]", "分工调整")
        page.get_by_label(sites[1].code).uncheck()
        opened(page, page.locator("#many button[type=submit]").click)
        expect(page.locator("#planned tbody tr")).to_have_count(2)
        expect(page.locator("#shares tbody tr")).to_have_count(2)
        sound(page, width, "preview")
        assert liaison_of(at.project) == at.liaison
        opened(page, page.locator("[name=again]").click)
        expect(page.locator("[name=reason]")).to_have_value("分工调整")
        expect(page.get_by_label(sites[1].code)).not_to_be_checked()
        opened(page, page.locator("#many button[type=submit]").click)
        hand_over(
            project=sites[0], group=at.group, liaison=at.deputy, reason="另行安排", by=at.lead
        )
        opened(page, page.locator("[name=confirmed]").click)
        changed = "This assignment changed meanwhile; nothing was done with this project."
        expect(page.locator("#outcomes li", has_text=sites[0].code)).to_contain_text(
            gettext(changed)
        )
        expect(page.locator("#outcomes h2")).to_have_text("共2个，已移交1个")
        sound(page, width, "outcomes")

        opened(page, page.get_by_role("link", name=gettext("Back to the assignments")).click)
        row = page.locator("#result_list tr", has_text=sites[1].name)
        row.locator("[name=_selected_action]").check()
        page.select_option("select[name=action]", "hand_over_these")
        opened(page, page.locator("#changelist-actions button[type=submit]").first.click)
        page.select_option("[name=to]", To.ONE)
        page.select_option("[name=one]", str(at.helper.pk))
        page.fill("[name=reason]", "分工调整")
        opened(page, page.locator("#many button[type=submit]").click)
        opened(page, page.locator("[name=confirmed]").click)
        expect(page.locator("#outcomes h2")).to_have_text("共1个，已移交1个")
    assert [liaison_of(each) for each in sites] == [at.deputy, at.helper]
    ticket.refresh_from_db()
    assert liaison_of(at.project) == ticket.handler
    assert ticket.group == at.other_group
