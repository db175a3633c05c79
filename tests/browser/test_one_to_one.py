"""The duty desk gives a project its liaison, and hands it over, in Chinese."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from coordination.groups.models import Assignment
from coordination.groups.queries import assignment_of, who_answered
from coordination.groups.queries_coverage import coverage
from projects.record.clock import now
from projects.register.models import Project
from tests.bed.signing_in import signed_in
from tests.browser.test_queue_to_write_off import opened, picture
from tests.factories.addresses import admin_page
from tests.factories.coordination import desk, filed, project


def day_of_handover(site: Project) -> date:
    """By the clock on the wall: it may be another day than that of the first assignment."""
    last = Assignment.objects.filter(project=site).latest("pk")
    return timezone.localdate(last.during.lower)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_from_a_gap_in_coverage_to_a_handover(page: Any) -> None:
    at = desk()
    site, ticket = project(), filed(at)
    with override("zh-hans"):
        signed_in(page, at.director)
        page.goto("/admin/")
        opened(page, page.locator("#coverage").click)
        picture(page, "unserved")
        opened(page, page.locator("#unserved").get_by_role("link", name=gettext("Assign")).click)
        page.select_option("[name=group]", str(at.group.pk))
        page.select_option("[name=liaison]", str(at.other_liaison.pk))
        opened(page, page.locator("form[novalidate] button[type=submit]").click)
        said = page.get_by_text(gettext("This officer does not serve in that group."))
        expect(said).to_be_visible()
        picture(page, "assign-refused")
        page.select_option("[name=liaison]", str(at.liaison.pk))
        opened(page, page.locator("form[novalidate] button[type=submit]").click)
        expect(page.get_by_text(gettext("Every project is served.")).first).to_be_visible()
        picture(page, "served")

        page.goto("/admin/groups/assignment/")
        picture(page, "assignments")
        opened(page, page.get_by_role("link", name=at.project.name).click)
        picture(page, "assignment")
        opened(page, page.get_by_role("link", name=gettext("Hand over")).click)
        picture(page, "hand-over")
        page.select_option("[name=group]", str(at.other_group.pk))
        page.select_option("[name=liaison]", str(at.other_liaison.pk))
        page.select_option("[name=deputy]", "")
        page.fill("[name=reason]", "分组调整")
        opened(page, page.locator("form[novalidate] button[type=submit]").click)
        page.goto("/admin/groups/assignment/answered/")
        page.fill("[name=project]", at.project.code)
        page.fill("[name=day]", day_of_handover(at.project).isoformat())
        opened(page, page.locator("form[novalidate] button[type=submit]").click)
        expect(page.locator("#answers tbody tr")).to_have_count(2)
        picture(page, "answered")
        for model, name in (
            ("officer", "changelist"), ("membership", "changelist"), ("leave", "add"),
            ("officer", "add"),
        ):  # fmt: skip
            page.goto(admin_page(model, name))
            picture(page, f"{model}-{name}")

    served = assignment_of(site, now())
    assert served is not None
    assert served.liaison == at.liaison
    assert coverage(now()).is_complete
    ticket.refresh_from_db()
    assert (ticket.group, ticket.handler) == (at.other_group, at.other_liaison)
    assert len(who_answered(at.project, day_of_handover(at.project))) == 2
