"""Daily reports over HTTP: who reports, what was said of each day, and what was not."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from projects.access.keys import issue_key
from projects.access.models import IdempotentRequest
from projects.progress.models import DailyReport, ReportNarrative
from projects.progress.report import report
from projects.record.clock import now
from projects.register.models import Project
from projects.register.registration import add_participant
from tests.coordination.intake.scene import client_with
from tests.factories.coordination import Desk, desk, enterprise

pytestmark = pytest.mark.django_db
DAY = {"day": "2020-03-09", "resumed": True}


def url(at: Desk) -> str:
    return reverse("api:project-reports", args=[at.project.code])


def get(at: Desk, **asked: Any) -> Any:
    return client_with(at.token).get(url(at), asked)


def post(at: Desk, body: Any, key: str = "k-1", token: str = "") -> Any:
    return client_with(token or at.token).post(url(at), body, headers={"Idempotency-Key": key})


def record() -> list[Any]:
    """All that a refusal must leave as it was."""
    models: Any = (DailyReport, ReportNarrative, IdempotentRequest, Project)
    return [list(model.objects.order_by("pk").values()) for model in models]


def taking_part(at: Desk, role: str) -> str:
    """A key of another enterprise, which takes part in the desk's project in the role."""
    other = enterprise()
    add_participant(
        project=at.project, enterprise=other, role=role, start=date(2020, 1, 1), by=at.director
    )
    return issue_key(enterprise=other, name="other", by=at.director)[1]


def test_a_day_is_reported_and_amended_and_both_are_kept() -> None:
    at = desk()
    given = {
        **DAY, "workers_required": 200, "workers_on_site": 0, "month_investment": "35.50",
        "progress": " 第三层 ", "problems": "", "halt": "", "halt_words": "", "halted_until": None,
        "reason": "",
    }  # fmt: skip
    first = post(at, given)
    assert first.status_code == 201, first.json()
    said = first.json()
    assert said == {
        **given, "revision": 1, "progress": "第三层", "problems": None,
        "halt": None, "halt_words": None, "reason": None, "is_unchanged": False, "flags": [],
        "recorded_at": said["recorded_at"],
        "reported_by": {"kind": "enterprise", "is_caller": True},
    }  # fmt: skip
    assert post(at, given).json() == said  # the same again is the same report
    late = post(at, DAY, "k-2").json()
    assert [each["pointer"] for each in late["errors"]] == ["/reason"]
    second = post(at, {**DAY, "reason": "误报"}, "k-2").json()
    assert (second["revision"], second["workers_on_site"], second["month_investment"]) == (
        2,
        None,
        None,
    )
    assert get(at).json()["results"] == [second]
    assert get(at, revisions="all").json()["results"] == [second, said]
    assert Project.objects.get(pk=at.project.pk).resumed_on == date(2020, 3, 9)


def test_a_day_that_nobody_reported_is_not_there() -> None:
    at = desk()
    for number in (2, 4):
        report(project=at.project, day=date(2020, 3, number), resumed=False, by=at.liaison)
    report(project=at.project, day=date(2020, 3, 4), resumed=True, reason="误报", by=at.liaison)
    found = get(at).json()["results"]
    assert [(each["day"], each["revision"], each["resumed"]) for each in found] == [
        ("2020-03-04", 2, True), ("2020-03-02", 1, False),
    ]  # fmt: skip
    assert found[0]["reported_by"] == {"kind": "officer", "is_caller": False}
    assert get(at, day_from="2020-03-03", day_to="2020-03-03").json()["results"] == []
    first = get(at, limit=1).json()
    rest = get(at, limit=1, cursor=first["next"]).json()
    assert [each["day"] for each in rest["results"]] == ["2020-03-02"]


@pytest.mark.parametrize(("role", "status"), [("owner", 201), ("contractor", 201)])
def test_its_owner_and_its_contractors_report(role: str, status: int) -> None:
    at = desk()
    assert post(at, DAY, token=taking_part(at, role)).status_code == status
    (seen,) = get(at).json()["results"]
    assert seen["reported_by"] == {"kind": "enterprise", "is_caller": False}


def test_a_supplier_neither_reports_nor_reads() -> None:
    at = desk()
    report(project=at.project, day=date(2020, 3, 2), resumed=True, by=at.liaison)
    token, before = taking_part(at, "supplier"), record()
    answers = [post(at, DAY, token=token), client_with(token).get(url(at))]
    assert [each.status_code for each in answers] == [404, 404]
    assert client_with(token).get(reverse("api:projects")).json()["results"] != []
    assert record() == before


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/day", "/resumed"]),
        ({"day": "2020-02-30", "resumed": True}, ["/day"]),
        ({**DAY, "resumed": "perhaps"}, ["/resumed"]),
        ({**DAY, "workers_on_site": -1}, ["/workers_on_site"]),
        ({**DAY, "workers_on_site": 10**12}, ["/workers_on_site"]),
        ({**DAY, "month_investment": "1.001"}, ["/month_investment"]),
        ({**DAY, "month_investment": "-1"}, ["/month_investment"]),
        ({**DAY, "progress": "长" * 2001}, ["/progress"]),
        ({**DAY, "revision": 7}, ["/revision"]),
        ([], [""]),
    ],
)
def test_what_is_wrong_is_pointed_at(body: Any, pointers: list[str]) -> None:
    at = desk()
    before = record()
    answer = post(at, body)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == pointers
    assert record() == before


def test_neither_a_day_to_come_nor_one_before_it_took_part() -> None:
    at = desk()
    before = record()
    tomorrow = timezone.localdate(now()) + timedelta(days=1)
    to_come = post(at, {"day": tomorrow.isoformat(), "resumed": True})
    assert [each["pointer"] for each in to_come.json()["errors"]] == ["/day"]
    assert post(at, {"day": "2019-12-31", "resumed": True}).status_code == 404
    assert record() == before


def test_the_list_costs_the_same_however_long() -> None:
    at = desk()

    def asked() -> int:
        get(at)
        with CaptureQueriesContext(connection) as caught:
            assert get(at).status_code == 200
        assert not any("COUNT(" in each["sql"].upper() for each in caught.captured_queries)
        return len(caught)

    post(at, DAY)
    one = asked()
    for number in range(3):
        report(project=at.project, day=date(2020, 3, 2 + number), resumed=True, by=at.liaison)
    assert (one, asked()) == (4, 4)  # the key, the project, the page, its flags


def test_what_is_doubtful_is_recorded_and_asked_about() -> None:
    at = desk()
    post(at, {**DAY, "day": "2020-03-02", "workers_on_site": 20})
    said = post(at, {**DAY, "day": "2020-03-03", "workers_on_site": 200}, "k-2")
    assert said.status_code == 201
    assert [(each["rule"], each["before"], each["after"]) for each in said.json()["flags"]] == [
        ("on_site", "20.00", "200.00")
    ]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"resumed": False}, ["/halt"]),
        ({"resumed": False, "halt": "war"}, ["/halt"]),
        ({"resumed": False, "halt": "other"}, ["/halt_words"]),
        ({"resumed": True, "halt": "air"}, ["/halt"]),
        ({"resumed": False, "halt": "air", "halted_until": "soon"}, ["/halted_until"]),
    ],
)
def test_why_work_stopped_is_pointed_at(body: dict[str, Any], pointers: list[str]) -> None:
    at = desk()
    post(at, {**DAY, "day": "2020-03-02"})
    before = record()
    answer = post(at, {"day": "2020-03-03", **body}, "k-2")
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == pointers
    assert record() == before


@pytest.mark.parametrize("asked", [{"unheard_of": "1"}, {"revision": "all"}])
def test_what_is_no_parameter_is_refused(asked: dict[str, str]) -> None:
    answer = get(desk(), **asked)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/unknown-parameter")


def unchanged(at: Desk, body: Any, key: str = "u-1") -> Any:
    address = reverse("api:project-reports-unchanged", args=[at.project.code])
    return client_with(at.token).post(address, body, headers={"Idempotency-Key": key})


def test_that_nothing_has_changed_is_one_call_and_files_the_last_figures_once() -> None:
    at = desk()
    post(at, {**DAY, "workers_on_site": 60, "month_investment": "35.50", "progress": "第三层"})
    first = unchanged(at, {"day": "2020-03-10"})
    assert first.status_code == 201, first.json()
    said = first.json()
    assert {name: said[name] for name in ("day", "revision", "is_unchanged", "resumed")} == {
        "day": "2020-03-10", "revision": 1, "is_unchanged": True, "resumed": True,
    }  # fmt: skip
    assert (said["workers_on_site"], said["month_investment"], said["progress"]) == (
        60, "35.50", None,
    )  # fmt: skip
    again = unchanged(at, {"day": "2020-03-10"})
    assert (again.json(), again["Idempotent-Replayed"]) == (said, "true")
    assert DailyReport.objects.count() == 2


def test_that_nothing_has_changed_is_refused_where_it_says_too_little() -> None:
    at = desk()
    before = record()
    assert unchanged(at, {"day": "2020-03-10"}).status_code == 409  # there is no earlier report
    assert record() == before
    post(at, DAY)
    before = record()
    for day, status in (("2020-03-09", 409), ("2020-03-17", 409), ("", 422), (None, 422)):
        assert unchanged(at, {"day": day}).status_code == status
    assert unchanged(at, {}).status_code == 422
    stranger = issue_key(enterprise=enterprise(), name="other", by=at.director)[1]
    address = reverse("api:project-reports-unchanged", args=[at.project.code])
    foreign = client_with(stranger).post(
        address, {"day": "2020-03-10"}, headers={"Idempotency-Key": "u-2"}
    )
    assert foreign.status_code == 404
    assert record() == before
