"""POST /api/v1/tickets/."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from tests.bed.races import race
from tests.coordination.intake.scene import (
    Scene,
    build,
    counts,
    day,
    filing,
    material,
    vehicle,
    workers,
)

URL = "/api/v1/tickets/"
ASKED = {
    "vehicle_pass": "1.000", "worker_return": "30.000", "material_supply": "380.000",
    "goods_transport": "120.000", "epidemic_control": "2000.000",
}  # fmt: skip
NAMED = {
    "vehicle_pass": {
        "origin_name": "河南省洛阳市涧西区", "destination_name": "河南省洛阳市洛龙区",
    },
    "worker_return": {"origin_name": "河南省信阳市浉河区"},
}  # fmt: skip


SERVED = {
    "group": "Group A", "answers_as": "liaison", "stands_in_for": None,
    "liaison": {"name": "Li", "mobile": "13600136000"},
}  # fmt: skip


@pytest.fixture
def scene(db: None) -> Scene:
    return build()


def post(scene: Scene, body: Any, key: str = "k-1", **headers: str) -> Any:
    return scene.client.post(URL, body, headers={"Idempotency-Key": key, **headers})


def offered(href: str, verb: str, label: str, *required: str) -> dict[str, Any]:
    return {"verb": verb, "label": label, "href": href, "required": list(required)}


UNITS = {
    "vehicle_pass": {"unit": "辆"}, "worker_return": {"unit": "人"},
    "material_supply": {"unit_filed": "吨"}, "goods_transport": {"unit": "吨"},
    "epidemic_control": {"unit_filed": "只"},
}  # fmt: skip
UNMET: dict[str, Any] = {
    "met": "0.000", "refused": "0.000", "outcome": "pending", "outcome_label": "Pending",
    "outcome_reason": None, "deliveries": [],
}  # fmt: skip


@pytest.mark.parametrize("kind", ASKED)
def test_each_kind_is_filed_and_routed(scene: Scene, kind: str) -> None:
    body = filing(kind)
    response = post(scene, body)
    assert response.status_code == 201, response.data
    ticket = Ticket.objects.get()
    url = f"{URL}{ticket.number}/"
    answer = response.json()
    assert response["Location"] == url
    assert response["ETag"].startswith(f'"v{ticket.version}-')
    expected = {
        **body,
        "number": ticket.number,
        "kind_label": str(KINDS[kind].label),
        "project": {"code": "P-1", "name": "Project P-1"},
        "status": "submitted",
        "status_label": "Awaiting acceptance",
        "group": "Group A",
        "liaison": {"name": "Li", "mobile": "13600136000"},
        "filed_at": answer["filed_at"],
        "changed_at": answer["filed_at"],
        "external_id": None,
        "ended_at": None,
        "version": 1,
        "satisfaction": None,
        "redo_count": 0,
        "urge_count": 0,
        "urged_at": None,
        "lines": [
            {
                "position": 1,
                **{name: None if each == "" else each for name, each in body["lines"][0].items()},
                **NAMED.get(kind, {}),
                **UNITS[kind],
                "asked": ASKED[kind],
                **UNMET,
            }
        ],
        "warnings": [],
        "links": [],
        "light": "green",
        "clock_stands": False,
        "accept_due": answer["accept_due"],
        "due_at": None,
        "due_is_provisional": False,
        "answer_due": None,
        "answer_is_provisional": False,
        "service": SERVED,
        "proposed_amendment": None,
        "allowed_actions": [
            offered(f"{url}lines/", "add_lines", "Add lines", "lines"),
            offered(f"{url}amend/", "amend", "Amend"),
            offered(f"{url}withdraw/", "withdraw", "Withdraw", "reason"),
            offered(f"{url}comments/", "comment", "Comment", "text"),
            offered(f"{url}attachments/", "attach", "Attach a file", "file"),
            offered(f"{url}urge/", "urge", "Urge"),
        ],
    }
    assert answer == expected
    assert scene.client.get(url).json() == expected
    assert counts() == (1, 1, 1)


BAD: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    (filing("vehicle_pass", vehicle(plate="豫C1I345")), [("/lines/0/plate", "plate")]),
    (filing("vehicle_pass", vehicle(colour="red")), [("/lines/0/colour", "unknown")]),
    (filing(colour="red"), [("/colour", "unknown")]),
    (
        filing("vehicle_pass", vehicle(valid_from=day(8), valid_to=day(7))),
        [("/lines/0/valid_to", "date-order")],
    ),
    (filing("worker_return", workers(headcount=0)), [("/lines/0/headcount", "out-of-range")]),
    (filing("worker_return", workers(headcount="many")), [("/lines/0/headcount", "type")]),
    (filing("worker_return", workers(seats=1)), [("/lines/0/seats", "seats")]),
    (filing("material_supply", material(in_stock="500")), [("/lines/0/in_stock", "no-gap")]),
    (
        filing(contact={"name": "W", "mobile": "12800138000"}),
        [("/contact/mobile", "phone")],
    ),
    (
        filing(
            "vehicle_pass", vehicle(valid_from="soon"), vehicle(plate="no"), title="",
            contact={"name": "W", "mobile": "1"},
        ),
        [
            ("/contact/mobile", "phone"), ("/lines/0/valid_from", "type"),
            ("/lines/1/plate", "plate"), ("/title", "required"),
        ],
    ),
    (filing(lines=[]), [("/lines", "count")]),
    (filing(lines={}), [("/lines", "type")]),
    (filing(lines=[1]), [("/lines/0", "type")]),
]  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("body", "expected"), BAD)
def test_every_mistake_is_pointed_at_and_nothing_is_saved(
    scene: Scene, body: dict[str, Any], expected: list[tuple[str, str]], language: str
) -> None:
    scene.client._credentials["HTTP_ACCEPT_LANGUAGE"] = language  # type: ignore[attr-defined]  # the client's own headers
    response = post(scene, body)
    answer = response.json()
    assert response.status_code == 422, answer
    assert response["Content-Type"] == "application/problem+json"
    assert response["Content-Language"] == language
    found = sorted((each["pointer"], each["code"]) for each in answer["errors"])
    assert found == sorted(expected)
    assert counts() == (0, 0, 0)


@pytest.mark.parametrize("code", ["P-2", "nowhere"])
def test_a_project_of_someone_elses_is_not_there(scene: Scene, code: str) -> None:
    response = post(scene, filing(project=code))
    assert (response.status_code, response.json()["type"]) == (404, "/problems/not-found")
    assert counts() == (0, 0, 0)


@pytest.mark.parametrize("body", [[], "text", {"kind": "none"}, {"kind": [1]}, {}])
def test_a_body_of_no_kind_is_refused(scene: Scene, body: Any) -> None:
    assert post(scene, body).status_code == 422
    assert counts() == (0, 0, 0)


def test_the_same_key_gives_the_same_answer(scene: Scene) -> None:
    first, again = post(scene, filing()), post(scene, filing())
    assert (again.status_code, again.json()) == (201, first.json())
    assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
    assert post(scene, filing(title="Another")).status_code == 422
    assert counts() == (1, 1, 1)


def test_a_filing_needs_a_key(scene: Scene) -> None:
    response = scene.client.post(URL, filing())
    assert (response.status_code, response.json()["type"]) == (
        400,
        "/problems/idempotency-key-missing",
    )
    assert counts() == (0, 0, 0)


def test_keys_of_two_enterprises_are_two_keys(scene: Scene) -> None:
    assert post(scene, filing()).status_code == 201
    other = scene.stranger.post(URL, filing(project="P-2"), headers={"Idempotency-Key": "k-1"})
    assert other.status_code == 201
    assert counts() == (2, 2, 2)


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_file_one(scene: Scene) -> None:
    outcomes = race(*[lambda: post(scene, filing()) for _ in range(50)], seconds=60)
    assert [each.error for each in outcomes] == [None] * 50
    statuses = {each.result.status_code for each in outcomes if each.result is not None}
    assert statuses <= {201, 409}
    assert 201 in statuses
    assert counts() == (1, 1, 1)


def test_how_much_one_filing_asks(scene: Scene) -> None:
    post(scene, filing(), "k-1")  # the key's first use is noted
    with CaptureQueriesContext(connection) as asked:
        assert post(scene, filing(), "k-2").status_code == 201
    assert len(asked) <= 22, [each["sql"][:80] for each in asked]


WHOLE = ("/kind", "/project", "/title", "/contact", "/lines")


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ({}, WHOLE),
        ({"kind": None}, WHOLE),
        ({"lines": [{}]}, WHOLE[:-1]),
        ({"kind": "vehicle_pass"}, WHOLE[1:]),
        ({"title": "通行", "contact": {}}, ("/kind", "/project", "/lines", "/contact/name",
                                           "/contact/mobile")),
    ],
    ids=str,
)  # fmt: skip
def test_everything_that_is_missing_is_named_at_once(
    scene: Scene, body: dict[str, Any], missing: tuple[str, ...]
) -> None:
    for address, sent, prefix in (
        ("/api/v1/tickets/", body, ""),
        ("/api/v1/tickets/bulk/", {"tickets": [body], "all_or_nothing": True}, "/tickets/0"),
    ):
        answer: Any = scene.client.post(address, sent, headers={"Idempotency-Key": "k"})
        found = [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
        assert answer.status_code == 422
        assert sorted(found) == sorted((f"{prefix}{each}", "required") for each in missing)
    assert counts() == (0, 0, 0)
