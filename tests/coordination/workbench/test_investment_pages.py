"""The pages of investment: the list, a project's panel, and the forms of the verbs."""

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from projects.investment.issue import issue_plan
from projects.investment.models import (
    FlagSettlement,
    MonthEnd,
    PlanAcknowledgement,
    PlanIssue,
    PlanRevision,
)
from projects.investment.plan import plan_version
from projects.record.clock import clock_at
from tests.factories.coordination import Desk, project
from tests.projects.investment.scene import NOW, month, planned
from tests.projects.investment.scene import at as at  # noqa: PLC0414 - a fixture

pytestmark = pytest.mark.django_db


def client_of(officer: Any) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(officer, backend="coordination.staff.roles.RoleBackend")
    return client


def url(name: str, at: Desk) -> str:
    return reverse(f"investment_{name}", args=[at.project.pk])


def test_a_plan_is_set_and_what_does_not_add_up_is_said_beside_it(at: Desk) -> None:
    client, address = client_of(at.duty_desk), url("plan", at)
    amounts = {"quarter_1": "1", "quarter_2": "１", "quarter_3": "0.5", "quarter_4": "0.4"}
    sent = client.post(address, {**amounts, "version": 0})
    assert (sent.status_code, sent["Location"]) == (302, address)
    assert PlanRevision.objects.count() == 4
    page = client.get(address)
    assert {box["field"].name: box["warning"] for row in page.context["rows"] for box in row
            if box["warning"]} == {
        "quarter_4": "各季之和为2.9，与年度计划3不一致（亿元）。"
    }  # fmt: skip
    version = plan_version(at.project, 2020)
    wrong = client.post(address, {"quarter_4": "0.5", "version": version})
    assert wrong.context["form"].errors == {"reason": ["修改原定计划须说明原因。"]}
    done = client.post(address, {"quarter_4": "0.5", "reason": "笔误", "version": version})
    assert done["Location"].startswith(
        reverse("admin:register_project_change", args=[at.project.pk])
    )
    assert PlanRevision.objects.count() == 5


def test_plans_are_issued_and_acknowledged(at: Desk) -> None:
    planned(at.project, at, "1", "1", "0.5", "0.5")
    planned(project(), at, "1")
    project()  # without a plan
    client = client_of(at.director)
    page = client.get(reverse("investment_issue"))
    assert (len(page.context["waiting"]), page.context["without"]) == (2, 1)
    mark = {"mark": page.context["mark"]}
    other = project()
    planned(other, at, "1")  # was not shown
    refused = client.post(reverse("investment_issue"), mark)
    assert "有人已修改" in refused.content.decode() or refused.context["form"].errors
    assert PlanIssue.objects.count() == 0
    client.post(reverse("investment_issue"), {"mark": refused.context["mark"]})
    assert PlanIssue.objects.count() == 3
    assert client.get(reverse("investment_issue")).context["waiting"] == []
    client.post(url("acknowledge", at))
    assert PlanAcknowledgement.objects.get().officer == at.director
    found = client.get(reverse("investment"), {"stage": "acknowledged"})
    assert [each["project"] for each in found.context["shown"]] == [at.project]


def test_the_liaison_states_a_month_and_the_project_shows_it(at: Desk) -> None:
    planned(at.project, at, "1", "1", "0.5", "0.5", months=("0.3", "0.3", "0.4"))
    issue_plan(project=at.project, year=2020, by=at.director)
    client = client_of(at.liaison)
    client.post(url("month", at), {"month": "2020-02", "amount": "3,500", "evidence": "主体封顶"})
    assert MonthEnd.objects.get().amount == Decimal(3500)
    shown = client.get(reverse("admin:register_project_change", args=[at.project.pk]))
    (panel,) = [each for each in shown.context["panels"] if each["name"] == "investment"]
    context = panel["context"]
    assert context["figures"]["rate"] == "11.7"
    assert context["for_quarter"] == {"missing": "0.65", "months": 1, "monthly": "0.65"}
    assert context["for_year"] == {"missing": "2.65", "months": 10, "monthly": "0.265"}
    assert context["quarters"][0]["months"][1]["evidence"] == "主体封顶"
    assert not any(context["may"][name] for name in ("plan", "issue", "status", "acknowledge"))
    assert client.get(url("plan", at)).status_code == 403


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ((2021, 1, 5), "2020-01", "2020-12"),
        ((2021, 3, 31), "2020-01", "2021-03"),
        ((2021, 4, 1), "2021-01", "2021-03"),
        ((2020, 12, 31), "2020-01", "2020-12"),
    ],
)
def test_the_months_of_the_year_before_are_stated_until_march_is_over(
    at: Desk, day: tuple[int, int, int], first: str, last: str
) -> None:
    with clock_at(datetime(*day, 12, tzinfo=NOW.tzinfo)):
        client, address = client_of(at.liaison), url("month", at)
        field = client.get(address).context["form"].fields["month"]
        assert [field.choices[0][0], field.choices[-1][0]] == [first, last]
        client.post(address, {"month": "2020-12", "amount": "3500"})
        shown = client.get(reverse("admin:register_project_change", args=[at.project.pk]))
        (panel,) = [each for each in shown.context["panels"] if each["name"] == "investment"]
    december = panel["context"]["december"]
    is_open = first == "2020-01"
    assert [(each.year, each.month) for each in MonthEnd.objects.all()] == [(2020, 12)] * is_open
    is_before = is_open and day[0] == 2021
    assert (december and december["stated"]) == ("3500" if is_before else None)


def test_the_list_is_narrowed_and_exported(at: Desk) -> None:
    sites = [at.project, project(phase="new_start"), project(annual_investment=Decimal(0))]
    month(sites[0], at, 1, "6000")
    month(sites[1], at, 1, "31000")  # above the year's plan of 3
    client = client_of(at.auditor)

    def listed(**asked: Any) -> list[Any]:
        found = client.get(reverse("investment"), asked)
        return [each["project"] for each in found.context["shown"]]

    assert listed() == sorted(sites, key=lambda each: each.code)
    assert listed(light="green") == sites[:2]
    assert listed(light="none") == sites[2:]
    assert listed(flag="over_plan") == listed(phase="new_start") == [sites[1]]
    assert listed(q=sites[2].code) == [sites[2]]
    assert listed(district="410305") == []
    assert listed(light="blue") == listed()  # a value that names nothing is left out
    assert listed(group=at.group.pk) == listed(officer=at.liaison.pk) == [at.project]
    assert listed(officer=at.deputy.pk) == listed(group=at.other_group.pk) == []
    assert listed(group=at.group.pk, officer=at.deputy.pk) == []
    assert listed(group="x") == listed(officer="0") == listed()
    assert listed(target="set") == []
    planned(sites[1], at, "1")
    assert listed(target="set") == [sites[1]]
    assert listed(target="none") == [sites[0], sites[2]]
    sent = client.get(reverse("investment_workbook"), {"light": "green"})
    rows = list(openpyxl.load_workbook(BytesIO(sent.content)).active.values)
    assert [row[0] for row in rows[1:]] == [each.code for each in sites[:2]]
    assert rows[1][6:9] == (3, 0.6, 20)


def test_a_flag_is_settled_on_its_page(at: Desk) -> None:
    month(at.project, at, 1, "31000")  # above the year's plan
    address = reverse("investment_settle", args=[at.project.pk, "over_plan", 1])
    client = client_of(at.lead)

    def listed(**given: str) -> int:
        return int(client.get(reverse("investment"), given).context["number"])

    assert address in client.get(reverse("investment")).content.decode()
    assert (listed(flag="any"), listed(settled="open"), listed(settled="settled")) == (1, 1, 0)
    page = client.get(address)
    assert page.context["note"] == "1月完成31000，年度计划30000（万元）"
    sent = {"outcome": "wrong", "note": "多报一位", "seen": page.context["form"]["seen"].value()}
    stale = client.post(address, {**sent, "seen": "1/2"})
    assert list(stale.context["form"].errors) == ["__all__"]
    assert FlagSettlement.objects.count() == 0
    assert client.post(address, sent).status_code == 302
    assert FlagSettlement.objects.get().officer == at.lead
    assert (listed(flag="any"), listed(settled="open"), listed(settled="settled")) == (0, 0, 1)
    assert (listed(settled="wrong"), listed(settled="settled", flag="falls")) == (1, 0)
    shown = client.get(reverse("admin:register_project_change", args=[at.project.pk]))
    (panel,) = [each for each in shown.context["panels"] if each["name"] == "investment"]
    assert [each.code for each in panel["context"]["settled"]] == ["over_plan"]
    assert panel["context"]["flags"] == []
    assert "应予更正：多报一位" in shown.content.decode()
    book = client.get(reverse("investment_workbook"))
    (_headings, row) = openpyxl.load_workbook(BytesIO(book.content)).active.values
    assert row[-1].endswith("应予更正：多报一位")
    for wrong in ("falls/1/", "over_plan/2/", "none/1/", "over_plan/13/"):
        assert client.get(address.replace("over_plan/1/", wrong)).status_code == 404
    month(at.project, at, 1, "3100", reason="更正")
    gone = client.post(address, sent)  # the page was open meanwhile
    assert list(gone.context["form"].errors) == ["__all__"]
    assert client.get(address).status_code == 404
    assert client_of(at.auditor).get(address).status_code == 403
