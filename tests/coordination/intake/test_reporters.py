"""Reporters over HTTP: named, listed, masked, and ended by the enterprise that they report for."""

from typing import Any

import pytest
from django.urls import reverse

from projects.access.keys import issue_key
from projects.access.models import Scope
from projects.progress.models import Reporter
from tests.coordination.intake.scene import client_with
from tests.coordination.intake.test_reports import taking_part
from tests.factories.coordination import Desk, desk

pytestmark = pytest.mark.django_db
PERSON = {"name": "王五", "mobile": "13700137000", "email": "Site@Example.com"}


def post(at: Desk, body: Any, key: str = "k-1", token: str = "", end: int | None = None) -> Any:
    args = [at.project.code] if end is None else [at.project.code, end]
    name = "project-reporters" if end is None else "project-reporter-end"
    return client_with(token or at.token).post(
        reverse(f"api:{name}", args=args), body, headers={"Idempotency-Key": key}
    )


def listed(at: Desk, token: str = "") -> list[dict[str, Any]]:
    url = reverse("api:project-reporters", args=[at.project.code])
    found: list[dict[str, Any]] = client_with(token or at.token).get(url).json()["results"]
    return found


def test_one_is_named_listed_and_ended() -> None:
    at = desk()
    answer = post(at, PERSON)
    assert answer.status_code == 201, answer.json()
    said = answer.json()
    assert said == {
        **PERSON, "email": "site@example.com", "id": str(Reporter.objects.get().pk),
        "named_at": said["named_at"], "ended_at": None,
    }  # fmt: skip
    assert post(at, PERSON).json() == said  # sent again
    assert listed(at) == [said]
    ended = post(at, {}, "k-2", end=int(said["id"]))
    assert (ended.status_code, ended.json()["ended_at"] is None) == (200, False)
    assert listed(at) == []
    assert post(at, {}, "k-3", end=int(said["id"])).status_code == 409


def test_a_key_that_reads_masked_sees_no_person() -> None:
    at = desk()
    post(at, PERSON)
    _key, masked = issue_key(
        enterprise=at.enterprise, name="m", scopes=[Scope.READ_MASKED], by=at.director
    )
    (seen,) = listed(at, masked)
    assert (seen["name"], seen["mobile"], seen["email"]) == (
        "王**", "137****7000", "s**@example.com",
    )  # fmt: skip


def test_another_participant_neither_sees_nor_ends_them() -> None:
    at = desk()
    post(at, PERSON)
    token = taking_part(at, "contractor")
    assert listed(at, token) == []
    assert post(at, {}, "k-2", token, Reporter.objects.get().pk).status_code == 404
    assert Reporter.objects.get().ended_at is None


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, [("/name", "required")]),
        ({"name": "赵六", "mobile": "123"}, [("/mobile", "phone")]),
        ({"name": "赵六", "email": "nobody"}, [("/email", "type")]),
        ({"name": "赵六", "role": "boss"}, [("/role", "unknown")]),
        (PERSON, [("/email", "named")]),
    ],
)
def test_what_is_wrong_is_pointed_at(body: Any, errors: list[tuple[str, str]]) -> None:
    at = desk()
    post(at, PERSON)
    answer = post(at, body, "k-2")
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == errors
    assert Reporter.objects.count() == 1
