"""The director reads a bulletin and the running week, and begins the service, in Chinese."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from coordination.bulletins.build import build
from coordination.bulletins.issues.verbs import edit
from coordination.bulletins.models import Format, Issue, ServicePeriod
from coordination.bulletins.periods import begin_service
from coordination.bulletins.week import SHANGHAI
from projects.progress.report import report
from projects.record.clock import clock_at
from projects.register.models import District
from tests.bed.signing_in import signed_in
from tests.browser.test_provisional import looks_right
from tests.browser.test_queue_to_write_off import opened, picture
from tests.factories.bulletins import draft_of, signed
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
        page.goto("/admin/bulletins/issue/")
        picture(page, "bulletins")
        opened(page, page.locator("#result_list tbody a").first.click)
        digits = f"{bulletin.hash[:8]} {bulletin.hash[8:16]}"
        expect(page.get_by_text(digits)).to_be_visible()
        picture(page, "bulletin")
        page.goto("/admin/bulletins/issue/")
        opened(page, page.get_by_role("link", name=gettext("The running week")).first.click)
        expect(page.get_by_text(digits)).to_have_count(0)
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


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_an_issue_is_worded_reviewed_signed_and_sent(page: Any) -> None:
    with clock_at(CUT_OFF - timedelta(days=1)):
        at = desk()
        filed(at)
    issue = draft_of(CUT_OFF)
    address = reverse("admin:bulletins_issue_change", args=[issue.pk])
    signed_in(page, at.duty_desk)
    page.goto(address)
    expect(page.locator(".b-mark")).to_have_text("草稿")
    looks_right(page, "issue-draft")
    opened(page, page.get_by_role("link", name="修改文字").click)
    looks_right(page, "issue-words")
    page.fill("[name='coverage.0']", "99个项目都有人服务。")
    page.fill("[name='problems']", "部分项目物资运输受阻。")
    opened(page, page.get_by_role("button", name="保存文字").click)
    expect(page.get_by_text("本段数据中没有“99”：文字可以修改，数字不能改动。")).to_be_visible()
    expect(page.locator("[name='problems']")).to_have_value("部分项目物资运输受阻。")
    page.fill("[name='coverage.0']", "1个项目已有专人服务。")
    opened(page, page.get_by_role("button", name="保存文字").click)
    article = page.locator("article")
    expect(article).to_contain_text("1个项目已有专人服务。")
    expect(article).to_contain_text("部分项目物资运输受阻。")
    expect(page.get_by_text("文字由您修改，须由另一位人员审核。")).to_be_visible()
    expect(page.locator("#act-review")).to_have_count(0)
    signed_in(page, at.director)
    page.goto(reverse("admin:index"))
    expect(page.get_by_text("1期通报：审核")).to_be_visible()
    page.goto(address)
    changes = page.locator("#changes")
    expect(changes.locator("[id='change-zh-hans-coverage.0'] ins")).to_contain_text("新增：")
    expect(changes.get_by_text("原稿", exact=True)).to_have_count(2)
    looks_right(page, "issue-changes")
    opened(page, page.get_by_role("link", name="审核", exact=True).click)
    expect(page.locator("#changes")).to_contain_text("部分项目物资运输受阻。")
    looks_right(page, "issue-review")
    opened(page, page.get_by_role("button", name="审核").click)
    opened(page, page.get_by_role("link", name="签发").click)
    opened(page, page.get_by_role("button", name="签发").click)
    expect(page.locator(".b-number")).to_have_text("第1期（总第1期）")
    expect(page.locator(".b-mark")).to_have_count(0)
    for kind, label in Format.choices:
        link = page.get_by_role("link", name=str(label), exact=True).first
        answer = page.context.request.get(link.get_attribute("href"))
        assert (answer.status, answer.body()) == (
            200, bytes(issue.faces.get(format=kind, language="zh-hans", audience="staff").content),
        )  # fmt: skip
    opened(page, page.get_by_role("link", name="分发", exact=True).click)
    expect(page.get_by_label("PDF")).to_be_checked()
    page.get_by_label("Excel").check()
    looks_right(page, "issue-distribute")
    opened(page, page.get_by_role("button", name="分发").click)
    expect(page.locator(".b-side h2").first).to_have_text("已分发")
    expect(page.locator("#sent")).to_contain_text("已在系统内告知")
    looks_right(page, "issue-published")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_two_editors_and_an_edition_that_was_begun_by_mistake(page: Any) -> None:
    with clock_at(CUT_OFF - timedelta(days=1)):
        at = desk()
    first = signed(draft_of(CUT_OFF))
    signed_in(page, at.duty_desk)
    page.goto(reverse("admin:bulletins_issue_change", args=[first.pk]))
    expect(page.locator("#act-discard")).to_have_count(0)
    opened(page, page.get_by_role("link", name="更正重发").click)
    page.fill("[name=reason]", "表1有误")
    opened(page, page.get_by_role("button", name="更正重发").click)
    second = Issue.objects.get(edition=2)
    opened(page, page.get_by_role("link", name="修改文字").click)
    page.fill("textarea[name=next]", "请各组抓紧。")
    edit(
        issue=second, language="zh-hans", by=at.director,
        wordings={"next": "请各县区抓紧。", "problems": "部分项目用工不足。"},
    )  # fmt: skip
    opened(page, page.get_by_role("button", name="保存文字").click)
    expect(page.get_by_text(f"其间{at.director.name}改为：请各县区抓紧。")).to_be_visible()
    expect(page.locator("textarea[name=next]")).to_have_value("请各组抓紧。")
    expect(page.locator("[name=problems]")).to_have_value("部分项目用工不足。")
    looks_right(page, "issue-words-stale")
    opened(page, page.get_by_role("button", name="保存文字").click)
    history = page.locator("#change-zh-hans-next details")
    history.locator("summary").click()
    expect(history.locator("li")).to_have_count(2)
    expect(history).to_contain_text("请各县区抓紧。")
    expect(history.locator("del")).to_have_count(0)  # earlier wordings are shown as they were
    expect(page.locator("#change-zh-hans-next ins").first).to_be_visible()
    opened(page, page.get_by_role("link", name="作废本版").click)
    looks_right(page, "issue-discard")
    opened(page, page.get_by_role("button", name="作废本版").click)
    expect(page.locator("[role=alert]").first).to_be_visible()  # without a reason
    page.fill("[name=reason]", "误起草")
    opened(page, page.get_by_role("button", name="作废本版").click)
    expect(page.locator(".b-side h2").first).to_have_text("已作废")
    expect(page.locator(".b-mark")).to_contain_text("已作废")
    expect(page.locator("[id^=act-]")).to_have_count(0)
    looks_right(page, "issue-discarded")
    opened(page, page.get_by_role("link", name="第1版").click)
    expect(page.locator("#act-supersede")).to_be_visible()
    assert list(Issue.objects.order_by("pk").values_list("status", flat=True)) == [
        "published", "discarded",
    ]  # fmt: skip
