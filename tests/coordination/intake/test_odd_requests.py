"""Requests that could be read in two ways, or by nobody: refused, and nothing is done."""

import gzip
import json
from functools import partial
from typing import Any

import pytest
from django.urls import reverse

from coordination.tickets.models import Ticket
from projects.access.keys import issue_key, revoke_key
from projects.access.models import ApiKey
from tests.bed.races import race
from tests.bed.stack import wait_for
from tests.coordination.intake.scene import client_with, filing, material, workers
from tests.coordination.intake.test_act import record
from tests.coordination.intake.test_routes import MATRIX, METHODS, build
from tests.factories.coordination import Desk, desk, filed

TICKETS = reverse("api:tickets")


def send(at: Desk, body: Any, **headers: str) -> Any:
    return client_with(at.token).generic(
        "POST", TICKETS, body, content_type="application/json",
        headers={"Idempotency-Key": "k", **headers},
    )  # fmt: skip


def body_of(at: Desk, kind: str = "vehicle_pass", *lines: dict[str, Any], **changes: Any) -> str:
    return json.dumps(filing(kind, *lines, project=at.project.code, **changes))


@pytest.mark.django_db
def test_a_member_that_is_there_twice_is_named() -> None:
    at = desk()
    whole = body_of(at)
    before = record()
    for written in (
        whole.replace('"title"', '"title": "a", "title"'),
        whole.replace('"name"', '"name": "b", "name"'),
        whole.replace('"plate"', '"plate": "豫A00001", "\\u0070late"'),
        '{"\\ud800": 1, "\\ud800": 2}',
        '{"": 1, "": 2}',
    ):
        answer = send(at, written)
        said = answer.json()
        assert (answer.status_code, said["type"]) == (400, "/problems/malformed")
        assert "twice" in said["detail"]
    assert record() == before


@pytest.mark.django_db
def test_a_compressed_body_is_refused_and_an_identical_one_is_not() -> None:
    at = desk()
    whole = body_of(at)
    before = record()
    for coding in ("gzip", "br", "x-anything", "gzip, identity"):
        answer = send(at, gzip.compress(whole.encode()), **{"Content-Encoding": coding})
        said = (answer.status_code, answer.json()["type"])
        assert said == (415, "/problems/unsupported-media-type"), coding
    assert record() == before
    assert send(at, whole, **{"Content-Encoding": "Identity"}).status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("9" * 5000, "type"), ("-" + "9" * 4301, "type"), ("1e400", "type"), ('"1_000"', "type"),
        ('"1 000"', "type"), ('"0x10"', "type"), ('"NaN"', "type"), ('"Infinity"', "type"),
        ("9" * 300, "too-many-digits"), ('"1e2000"', "type"),
    ],
)  # fmt: skip
def test_what_is_no_number_by_its_pointer(given: str, code: str) -> None:
    at = desk()
    for kind, line, field in (
        ("material_supply", material(quantity=0.5), "quantity"),
        ("worker_return", workers(headcount=0.5), "headcount"),
    ):
        answer = send(at, body_of(at, kind, line).replace("0.5", given))
        expected = "type" if field == "headcount" else code
        found = [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
        if given == "9" * 300 and field == "headcount":
            expected = "out-of-range"
        assert (answer.status_code, found) == (422, [(f"/lines/0/{field}", expected)]), field
    assert not Ticket.objects.exists()


@pytest.mark.django_db
def test_numbers_as_people_write_them() -> None:
    at = desk()
    for number, given in enumerate(("7", '"7"', '" 7 "', '"7.0"', '"７"', "7.0", '"+7"')):
        body = body_of(at, "worker_return", workers(headcount=0.5, seats=60)).replace("0.5", given)
        answer = send(at, body, **{"Idempotency-Key": f"k-{number}"})
        assert (answer.status_code, answer.json()["lines"][0]["headcount"]) == (201, 7), given


@pytest.mark.django_db
def test_a_parameter_that_an_address_has_not_or_has_once() -> None:
    scene = build()
    before = record()
    for name, route in MATRIX.items():
        url = reverse(f"api:{name}", args=[scene.address[each] for each in route.names.split()])
        for method in route.scopes:
            answer: Any = scene.callers["own"].generic(
                method, f"{url}?colour=red", "{}", content_type="application/json",
                headers={"Idempotency-Key": "k", "If-Match": "*"},
            )  # fmt: skip
            said = (answer.status_code, [each["pointer"] for each in answer.json()["errors"]])
            assert said == (400, ["/colour"]), (method, name)
    for name, asked in (
        ("tickets", "limit=1&limit=2"), ("tickets", "search=aa&kind=x&search=bb"),
        ("feed", "after=&after=latest"), ("feed", "wait=1&wait=1"), ("keys", "cursor=&cursor="),
    ):  # fmt: skip
        answer = scene.callers["own"].get(f"{reverse(f'api:{name}')}?{asked}")
        pointer = f"/{asked.partition('=')[0]}"
        found = [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
        assert (answer.status_code, found) == (422, [(pointer, "count")]), asked
    both = scene.callers["own"].get(f"{TICKETS}?status=submitted&status=closed")
    assert (both.status_code, len(both.json()["results"])) == (200, 1)
    assert record() == before


@pytest.mark.django_db
def test_options_says_where_it_is_described_and_what_is_allowed() -> None:
    scene = build()
    for name, route in MATRIX.items():
        url = reverse(f"api:{name}", args=[scene.address[each] for each in route.names.split()])
        answer = scene.callers["own"].generic("OPTIONS", url)
        assert answer.status_code == 200
        assert answer.json() == {"schema": "/api/schema/", "docs": "/api/docs/"}
        allowed = {each for each in answer["Allow"].split(", ") if each in METHODS}
        assert allowed == set(route.scopes), name


@pytest.mark.django_db
def test_what_was_read_can_be_sent_back() -> None:
    at = desk()
    for number, kind in enumerate(("vehicle_pass", "material_supply", "epidemic_control")):
        given = filing(kind, project=at.project.code, detail=None, external_id=None)
        own = {name: value or None for name, value in given["lines"][0].items() if value == ""}
        given["lines"][0] |= own
        answer = send(at, json.dumps(given), **{"Idempotency-Key": f"k-{number}"})
        assert answer.status_code == 201, answer.json()
        line = answer.json()["lines"][0]
        assert (answer.json()["detail"], {name: line[name] for name in own}) == (None, own)


@pytest.mark.django_db(transaction=True)
def test_a_key_that_is_revoked_while_it_waits_learns_nothing_more() -> None:
    at, feed = desk(), reverse("api:feed")
    after = client_with(at.token).get(feed, {"after": "latest"}).json()["next"]
    key, token = issue_key(enterprise=at.enterprise, name="waits", by=at.director)

    def revoke() -> None:
        came = ApiKey.objects.filter(pk=key.pk, last_used_at__isnull=False)
        wait_for(came.exists)
        revoke_key(key=key, by=at.director)
        filed(at)

    waits = partial(client_with(token).get, feed, {"after": after, "wait": 20})
    outcomes: Any = race(waits, revoke)
    assert outcomes[1].error is None
    assert outcomes[0].result.status_code == 401
