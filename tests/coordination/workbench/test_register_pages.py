"""The register's pages: who may open them, and that their forms are the verbs."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from coordination.parties.models import Department
from coordination.staff.models import Officer
from projects.access.keys import hash_secret
from projects.access.models import ApiKey
from projects.progress.models import DailyReport
from projects.register.exits import remove_project
from projects.register.models import District, Enterprise, Project, ProjectRevision
from tests.factories.addresses import admin_page
from tests.factories.coordination import Desk, desk, enterprise, filed, project, uscc

pytestmark = pytest.mark.django_db
LISTS = (
    "district", "batch", "priorfiling", "enterprise", "project", "projectparticipant",
    "dailyreport", "apikey",
)  # fmt: skip
MAY_ADD = {
    "enterprise": {"duty_desk", "director"},
    "project": {"duty_desk", "director"},
    "projectparticipant": {"duty_desk", "director"},
    "dailyreport": {"liaison", "lead", "duty_desk", "director"},
    "apikey": {"duty_desk", "director"},
}
WHO = ("liaison", "lead", "duty_desk", "director", "auditor")
SEES_KEYS = {"duty_desk", "director", "auditor"}


def as_(officer: Officer) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(officer)
    return client


def enter(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def url(model: str, page: str = "changelist") -> str:
    return admin_page(model, page)


def test_every_role_sees_and_adds_what_it_may() -> None:
    at = desk()
    for who in WHO:
        client = enter(getattr(at, who))
        for model in LISTS:
            expected = 403 if model == "apikey" and who not in SEES_KEYS else 200
            assert client.get(url(model)).status_code == expected, (who, model)
        for model, may in MAY_ADD.items():
            expected = 200 if who in may else 403
            assert client.get(url(model, "add")).status_code == expected, (who, model)


def values(**changed: str) -> dict[str, str]:
    project = Project.objects.get()
    return {
        "code": "LY-NEW", "name": "示例新项目", "batch": str(project.batch_id),
        "level": "municipal",
        "phase": "new_start", "sector": "industry", "district": str(project.district_id),
        "total_investment": "10", "annual_investment": "3", "planned_resumption": "2020-03-09",
    } | changed  # fmt: skip


def test_a_project_is_registered_or_the_mistake_stands_by_its_field() -> None:
    at = desk()
    client = enter(at.director)
    page = client.post(url("project", "add"), values(annual_investment="30"))
    assert page.status_code == 200
    assert page.context["form"].errors.keys() == {"annual_investment"}
    assert (Project.objects.count(), ProjectRevision.objects.count()) == (1, 1)
    assert client.post(url("project", "add"), values()).status_code == 302
    made = Project.objects.get(code="LY-NEW")
    assert (made.annual_investment, made.planned_resumption) == (Decimal(3), date(2020, 3, 9))
    assert made.revisions.count() == 1


def test_a_revision_needs_the_version_that_was_read() -> None:
    at = desk()
    client = enter(at.director)
    address = reverse("admin:register_project_revise", args=[at.project.pk])
    sent = values(total_investment="12", phase="continuing", version="1")
    assert client.post(address, sent).status_code == 302
    stale = client.post(address, values(total_investment="15", phase="continuing", version="1"))
    assert stale.status_code == 200
    assert stale.context["form"].non_field_errors()
    at.project.refresh_from_db()
    assert (at.project.total_investment, at.project.revisions.count()) == (Decimal(12), 2)


def test_an_enterprise_with_a_wrong_check_digit_needs_a_note() -> None:
    client = enter(desk().director)
    wrong = uscc(77)[:-1] + ("0" if uscc(77)[-1] != "0" else "1")
    before = Enterprise.objects.count()
    page = client.post(url("enterprise", "add"), {"uscc": wrong, "name": "示例"})
    assert page.context["form"].errors.keys() == {"uscc"}
    assert Enterprise.objects.count() == before
    given = {"uscc": wrong, "name": "示例", "uscc_note": "早期代码"}
    assert client.post(url("enterprise", "add"), given).status_code == 302
    assert Enterprise.objects.filter(uscc=wrong).count() == 1


def test_a_key_is_shown_once_and_only_its_hash_is_kept() -> None:
    at = desk()
    client = enter(at.director)
    page = client.post(
        url("apikey", "add"),
        {"enterprise": at.enterprise.uscc, "name": "ERP", "scopes": ["read", "keys"]},
    )
    token = page.context["token"]
    key_id, _dot, secret = token.partition(".")
    key = ApiKey.objects.get(key_id=key_id)
    assert token in page.content.decode()
    assert "no-store" in page["Cache-Control"].split(", ")
    assert key.secret_hash == hash_secret(secret)
    shown = client.get(reverse("admin:access_apikey_change", args=[key.pk])).content.decode()
    assert secret not in shown
    assert key.secret_hash not in shown
    assert client.post(reverse("admin:access_apikey_revoke", args=[key.pk])).status_code == 302
    key.refresh_from_db()
    assert key.revoked_at is not None


def _report(at: Desk, **changed: str) -> dict[str, str]:
    return {"project": at.project.code, "day": "2020-03-09", "resumed": "on"} | changed


def test_a_day_is_reported_by_the_verb() -> None:
    at = desk()
    client = enter(at.liaison)
    late = client.post(url("dailyreport", "add"), _report(at, day="2999-01-01"))
    assert late.context["form"].errors.keys() == {"day"}
    assert DailyReport.objects.count() == 0
    assert client.post(url("dailyreport", "add"), _report(at)).status_code == 302
    assert DailyReport.objects.get().officer == at.liaison


def suggested(who: str, at: Desk, name: str, **asked: str) -> list[str]:
    answer = as_(getattr(at, who)).get(reverse(f"admin:{name}"), asked)
    return list(answer.json()["found"])


def test_what_is_typed_is_completed() -> None:
    at = desk()
    other = enterprise()
    site, own = f"{at.project.code} {at.project.name}", f"{at.enterprise.uscc} {at.enterprise.name}"
    assert suggested("liaison", at, "projects_suggest", q=at.project.name[-4:]) == [site]
    assert suggested("auditor", at, "projects_suggest", q=at.project.code) == [site]
    assert suggested("liaison", at, "projects_suggest", q="(") == []
    gone = project()
    remove_project(project=gone, reason="错", by=at.director)
    assert suggested("liaison", at, "projects_suggest", q=gone.code) == []
    both = suggested("liaison", at, "enterprises_suggest", q="示例企业")
    named = sorted([at.enterprise, other], key=lambda each: each.name)  # 企业100 before 企业99
    assert both == [f"{each.uscc} {each.name}" for each in named]
    beside = {"q": "示例企业", "beside": site}
    assert suggested("liaison", at, "enterprises_suggest", **beside) == [own]
    assert suggested("lead", at, "workbench_suggest_unserved", q=at.project.code) == []
    assert suggested("liaison", at, "places_suggest", q="洛阳涧西") == ["410305 河南省洛阳市涧西区"]
    assert suggested("liaison", at, "places_suggest", q="４１０３０５") == [
        "410305 河南省洛阳市涧西区"
    ]
    assert suggested("liaison", at, "places_suggest", q="(") == []


def test_a_list_is_searched_in_any_spelling() -> None:
    at = desk()
    at.enterprise.name, at.project.name = "示例（集团）有限公司", "洛陽市轨道交通１号线"
    at.liaison.name, department = "張 三", Department.objects.create(name="市歷史文化局")
    for changed in (at.enterprise, at.project, at.liaison):
        changed.save()
    searches: list[tuple[str, Model, str]] = [
        ("register_enterprise", at.enterprise, "示例(集团)"),
        ("register_enterprise", at.enterprise, at.enterprise.uscc.lower()),
        ("register_project", at.project, "轨道交通 1 号线"),
        ("register_project", at.project, at.project.code.replace("-", "－")),
        ("register_project", at.project, "洛阳"),
        ("register_district", District.objects.get(code="410305"), "澗西區"),
        ("staff_officer", at.liaison, "张三"),
        ("staff_officer", at.liaison, "张"),
        ("parties_department", department, "历史　文化"),
    ]
    for name, found_row, typed in searches:
        list_of = reverse(f"admin:{name}_changelist")
        for search, found in ((typed, [found_row]), (f"{typed} 没有", [])):
            answer = as_(at.director).get(list_of, {"q": search})
            assert list(answer.context["cl"].result_list) == found, search


def test_a_project_says_who_serves_it_and_what_is_open() -> None:
    at = desk()
    ticket = filed(at)
    address = reverse("admin:register_project_change", args=[at.project.pk])
    shown, other = (
        {each["name"]: each["context"] for each in as_(who).get(address).context["panels"]}
        for who in (at.lead, at.other_lead)
    )
    assert shown["service"]["answering"] == at.liaison
    assert [each for each, *_rest in shown["service"]["tickets"]] == [ticket]
    assert other["service"]["tickets"] == []
