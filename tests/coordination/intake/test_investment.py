"""Investment over HTTP: the owner reads its plan, acknowledges it, and states its months."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from django.urls import reverse

from projects.access.keys import issue_key
from projects.access.models import IdempotentRequest
from projects.investment.issue import issue_plan
from projects.investment.models import MonthEnd, MonthEndNarrative, PlanAcknowledgement
from projects.progress.report import report
from projects.record.clock import clock_at
from projects.register.exits import remove_project
from projects.register.registration import add_participant
from tests.coordination.intake.scene import client_with
from tests.factories.coordination import Desk, desk, enterprise
from tests.projects.investment.scene import NOW, planned

pytestmark = pytest.mark.django_db
FEBRUARY: Final = {"year": 2020, "month": 2, "amount": "4500.50", "evidence": "主体封顶"}


@pytest.fixture
def at() -> Any:
    with clock_at(NOW - timedelta(days=30)):
        made = desk()
        planned(made.project, made, "0.6", "0.8", "0.8", "0.8", months=("0.2", "0.2", "0.2"))
        issue_plan(project=made.project, year=2020, by=made.director)
    with clock_at(NOW):
        yield made


def get(at: Desk) -> Any:
    url = reverse("api:project-investment", args=[at.project.code])
    return client_with(at.token).get(url).json()


def post(at: Desk, what: str, body: Any, key: str = "k-1", token: str = "") -> Any:
    url = reverse(f"api:project-investment-{what}", args=[at.project.code])
    return client_with(token or at.token).post(url, body, headers={"Idempotency-Key": key})


def record() -> list[Any]:
    models: Any = (MonthEnd, MonthEndNarrative, PlanAcknowledgement, IdempotentRequest)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_the_owner_reads_the_year(at: Desk) -> None:
    report(
        project=at.project, day=date(2020, 3, 8), resumed=True, month_investment=Decimal(100),
        by=at.key,
    )  # fmt: skip
    assert post(at, "months", FEBRUARY).status_code == 201
    found = get(at)
    quarters = found.pop("quarters")
    plan = found.pop("plan")
    assert found == {
        "year": 2020, "annual_plan": "3.0000", "year_actual": "0.460050", "rate": "15.3",
        "time_progress": "18.9", "gap": "-3.5", "light": "green", "missing": "2.539950",
        "needed_monthly": "0.2540",
    }  # fmt: skip
    assert (plan["state"], plan["acknowledged_at"]) == ("issued", None)
    assert [(each["quarter"], each["target"]) for each in quarters] == [
        (1, "0.6000"), (2, "0.8000"), (3, "0.8000"), (4, "0.8000"),
    ]  # fmt: skip
    assert quarters[0]["actual"] == "0.460050"
    assert quarters[0]["months"] == [
        {"month": 1, "planned": "2000.00", "actual": None, "reported": None, "stated": None,
         "paid": None, "revision": None},
        {"month": 2, "planned": "2000.00", "actual": "4500.50", "reported": None,
         "stated": "4500.50", "paid": None, "revision": 1},
        {"month": 3, "planned": "2000.00", "actual": "100.00", "reported": "100.00",
         "stated": None, "paid": None, "revision": None},
    ]  # fmt: skip


def test_the_plan_is_acknowledged_once(at: Desk) -> None:
    first = post(at, "acknowledgement", {})
    assert first.status_code == 201
    assert first.json()["plan"]["state"] == "acknowledged"
    assert post(at, "acknowledgement", {}).json() == first.json()  # the same again
    before = record()
    again = post(at, "acknowledgement", {}, "k-2")
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "plan-acknowledged")
    assert record() == before
    assert PlanAcknowledgement.objects.get().api_key == at.key


def test_a_month_is_stated_and_stated_again(at: Desk) -> None:
    first = post(at, "months", FEBRUARY).json()
    assert first == {
        **FEBRUARY, "paid": None, "revision": 1, "reason": None,
        "recorded_at": first["recorded_at"],
    }  # fmt: skip
    before = record()
    refused = post(at, "months", FEBRUARY, "k-2")
    assert refused.status_code == 422
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [
        ("/reason", "required")
    ]
    early = post(at, "months", {**FEBRUARY, "month": 3}, "k-3")
    assert [(each["pointer"], each["code"]) for each in early.json()["errors"]] == [
        ("/month", "date-order")
    ]
    assert record() == before
    again = post(at, "months", {**FEBRUARY, "amount": 1, "reason": "核减"}, "k-4").json()
    assert (again["revision"], again["amount"], again["reason"]) == (2, "1.00", "核减")


def test_the_largest_months_are_answered(at: Desk) -> None:
    for month in (1, 2):
        sent = {"year": 2020, "month": month, "amount": "999999999999.99"}
        assert post(at, "months", sent, f"k-{month}").status_code == 201
    found = get(at)
    assert (found["year_actual"], found["missing"]) == ("199999999.999998", "0.000000")
    assert found["quarters"][0]["actual"] == "199999999.999998"


def test_a_project_that_left_is_not_there(at: Desk) -> None:
    remove_project(project=at.project, reason="调出", by=at.director)
    before = record()
    url = reverse("api:project-investment", args=[at.project.code])
    answers = [
        client_with(at.token).get(url), post(at, "acknowledgement", {}),
        post(at, "months", FEBRUARY, "k-2"),
    ]  # fmt: skip
    assert [each.status_code for each in answers] == [404] * 3
    assert record() == before


@pytest.mark.parametrize("role", ["contractor", "supplier", None])
def test_nobody_else_is_let_in(at: Desk, role: str | None) -> None:
    other = enterprise()
    if role is not None:
        add_participant(
            project=at.project, enterprise=other, role=role, start=date(2020, 1, 1), by=at.director
        )
    token = issue_key(enterprise=other, name="other", by=at.director)[1]
    before = record()
    url = reverse("api:project-investment", args=[at.project.code])
    assert client_with(token).get(url).status_code == 404
    assert post(at, "acknowledgement", {}, token=token).status_code == 404
    assert post(at, "months", FEBRUARY, token=token).status_code == 404
    assert record() == before
