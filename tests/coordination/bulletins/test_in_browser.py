"""The director reads a bulletin and the running week, and begins the service, in Chinese."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from coordination.bulletins.build import build
from coordination.bulletins.models import ServicePeriod
from coordination.bulletins.periods import begin_service
from coordination.bulletins.week import SHANGHAI
from projects.progress.report import report
from projects.record.clock import clock_at
from projects.register.models import District
from tests.bed.signing_in import signed_in
from tests.browser.test_queue_to_write_off import opened, picture
from tests.factories.coordination import LINES, desk, filed, project

CUT_OFF = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_director_reads_a_bulletin(page: Any) -> None:
    with clock_at(CUT_OFF - timedelta(days=1)):
        at = desk()
        for district in District.objects.filter(valid__contains=CUT_OFF.date()).order_by("code")[
            :6
        ]:
            site = project(planned_resumption=date(2020, 2, 20), district=district)
            if district.code != "410302":
                report(project=site, day=date(2020, 3, 8), resumed=True, by=at.director)
        for kind in LINES:
            filed(at, kind)
    bulletin = build(cut_off=CUT_OFF)
    begin_service(on=date(2020, 3, 9))
    page.set_viewport_size({"width": 1440, "height": 900})
    with override("zh-hans"):
        signed_in(page, at.director)
        page.goto("/admin/bulletins/bulletin/")
        picture(page, "bulletins")
        opened(page, page.locator("#result_list tbody a").first.click)
        expect(page.get_by_text(bulletin.hash)).to_be_visible()
        picture(page, "bulletin")
        page.goto("/admin/bulletins/bulletin/")
        opened(page, page.get_by_role("link", name=gettext("The running week")).first.click)
        expect(page.get_by_text(bulletin.hash)).to_have_count(0)
        picture(page, "running-week")
        page.goto("/admin/bulletins/serviceperiod/")
        picture(page, "service-periods")
        page.goto("/admin/bulletins/serviceperiod/add/")
        page.fill("[name=on]", "2020-03-16")
        page.locator("form[novalidate] button[type=submit]").click()
        said = page.get_by_text(gettext("Service periods may not overlap."))
        expect(said).to_be_visible()
        picture(page, "service-refused")
    assert ServicePeriod.objects.count() == 1
