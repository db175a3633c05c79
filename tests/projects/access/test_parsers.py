"""Bodies that PostgreSQL or Python would choke on are problems, never a failure of ours."""

import itertools
import json
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.tickets.models import Ticket
from tests.coordination.intake.scene import client_with, filing
from tests.factories.coordination import Desk, desk

pytestmark = pytest.mark.django_db


def post(at: Desk, body: bytes) -> tuple[int, str]:
    response: Any = client_with(at.token).generic(
        "POST", reverse("api:tickets"), body,  # type: ignore[arg-type]  # bytes as they are
        content_type="application/json", headers={"Idempotency-Key": "k-1"},
    )  # fmt: skip
    assert response["Content-Type"] == "application/problem+json", response.content
    return response.status_code, response.json()["type"].rpartition("/")[2]


MALFORMED = {
    "not json": b"{",
    "NUL": b'{"title": "a\\u0000b"}',
    "raw NUL": b'{"title": "a\x00b"}',
    "NUL in a name": b'{"a\\u0000": 1}',
    "lone surrogate": b'{"title": "\\ud800"}',
    "not UTF-8": b'{"title": "\xff"}',
    "UTF-16": '{"title": "a"}'.encode("utf-16"),
    "NaN": b'{"title": NaN}',
    "Infinity": b'{"title": -Infinity}',
    "deep list": b"[" * 100_000 + b"]" * 100_000,
    "deep object": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "unclosed": b"[" * 100_000,
    "a member twice": b'{"title": "a", "title": "b"}',
}


@pytest.mark.parametrize("what", MALFORMED)
def test_what_cannot_be_read(what: str) -> None:
    assert post(desk(), MALFORMED[what]) == (400, "malformed")
    assert not Ticket.objects.exists()


def test_two_megabytes_are_too_many() -> None:
    assert post(desk(), b'{"title": "' + b"a" * 2_000_000 + b'"}') == (413, "too-large")
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"1", b'"a"', b"{}", b"1e999", b"true"])
def test_json_of_another_shape(body: bytes) -> None:
    assert post(desk(), body)[0] in {400, 422}


ODD: list[Any] = [
    None, True, -1, 10**400, 1e308, "", "\ud7ff", "a" * 3000, [], {}, [None], {"a": 1},
    "9999-99-99",
    "0001-01-01", "9999-12-31T23:59:59+14:00", "NaN", "Infinity", "1e400", "-0",
]  # fmt: skip


def test_odd_values_anywhere_are_named() -> None:
    at, count = desk(), itertools.count()
    client = client_with(at.token)

    @settings(max_examples=40)
    @given(data=st.data())
    def run(data: st.DataObject) -> None:
        kind = data.draw(st.sampled_from(["vehicle_pass", "worker_return", "material_supply"]))
        body: dict[str, Any] = filing(kind, project=at.project.code)
        places = [body, body["lines"][0], body["contact"]]
        place: dict[str, Any] = data.draw(st.sampled_from(places))
        place[data.draw(st.sampled_from(sorted(place)))] = data.draw(st.sampled_from(ODD))
        response: Any = client.generic(
            "POST", reverse("api:tickets"), json.dumps(body), content_type="application/json",
            headers={"Idempotency-Key": f"k-{next(count)}"},
        )  # fmt: skip
        assert response.status_code in {201, 404, 422}, (body, response.content)

    run()


@pytest.mark.parametrize("when", ["0001-01-01", "0001-01-01T00:00:00", "9999-12-31T23:59-14:00"])
def test_a_time_at_the_end_of_all_time_is_named(when: str) -> None:
    at = desk()
    body = filing("worker_return", project=at.project.code)
    body["lines"][0]["departs_at"] = when
    answer: Any = client_with(at.token).post(
        reverse("api:tickets"), body, format="json", headers={"Idempotency-Key": "k"}
    )
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/lines/0/departs_at"]
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("name", ["changed_since", "filed_from", "filed_to", "needed_by"])
@pytest.mark.parametrize("when", ["0001-01-01", "0001-01-01T00:00:00", "9999-12-31T23:59-14:00"])
def test_nor_does_a_list_break_of_it(name: str, when: str) -> None:
    answer: Any = client_with(desk().token).get(reverse("api:tickets"), {name: when})
    assert answer.status_code in {200, 422}


def test_raw_infinity_written_as_a_number() -> None:
    at = desk()
    body = json.dumps(filing("worker_return", project=at.project.code))
    for field in ("headcount", "seats"):
        odd = body.replace(f'"{field}": ', f'"{field}": 1e999, "was": ')
        assert post(at, odd.encode()) == (422, "invalid")
    assert not Ticket.objects.exists()
