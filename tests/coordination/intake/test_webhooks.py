"""Webhooks over HTTP: by one's own key, once, not over each other; and how each is doing."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from rest_framework.test import APIClient

from coordination.delivery.models import Attempt, Delivery, State, WebhookEndpoint
from coordination.delivery.webhooks.endpoints import disable_webhook
from coordination.intake.feed.sequence import sequence
from projects.record.clock import now
from tests.coordination.delivery.webhooks.scene import key_of
from tests.coordination.intake.scene import client_with
from tests.coordination.intake.test_document import spec as spec  # noqa: PLC0414 - a fixture
from tests.coordination.intake.test_document import (
    validator,
)
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/webhooks/"
URL = "https://erp.example.cn/hooks?key=hush"
_keys: Iterator[int] = count()


@pytest.fixture
def at() -> Desk:
    return desk()


@pytest.fixture
def client(at: Desk) -> APIClient:
    return client_with(key_of(at)[1])


def post(client: APIClient, path: str, body: Any, key: str = "") -> Any:
    return client.post(path, body, headers={"Idempotency-Key": key or f"k{next(_keys)}"})


def made(client: APIClient, **changes: Any) -> dict[str, Any]:
    answer = post(client, ROOT, {"url": URL, **changes})
    assert answer.status_code == 201, answer.json()
    body: dict[str, Any] = answer.json()
    return body


def rows() -> list[Any]:
    return [list(WebhookEndpoint.objects.order_by("pk").values()), list(Delivery.objects.values())]


def refusal(answer: Any) -> tuple[int, str, list[str]]:
    body = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    pointers = [each["pointer"] for each in body.get("errors", [])]
    return answer.status_code, body["type"].rpartition("/")[2], pointers


def test_the_secret_is_shown_once(client: APIClient) -> None:
    body = {"url": URL, "description": "ERP 对接", "topics": ["ticket.resolved"]}
    first, again = (post(client, ROOT, body, "same") for _each in range(2))
    created = first.json()
    assert (first.status_code, first["ETag"]) == (201, '"v1"')
    assert created["secret"].startswith("whsec_")
    assert again.json() == {**created, "secret": None}
    assert again["Idempotent-Replayed"] == "true"
    del created["secret"]
    shown = client.get(f"{ROOT}{created['id']}/")
    assert (shown.json(), shown["ETag"]) == (created, '"v1"')
    assert created == {
        "id": created["id"], **body, "is_enabled": True, "disabled_because": None,
        "disabled_note": None, "disabled_at": None, "failing_since": None,
        "created_at": created["created_at"], "version": 1,
    }  # fmt: skip
    assert client.get(ROOT).json()["results"] == [created]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/url"]),
        ({"url": 1}, []),
        ({"url": "http://erp.example.cn/"}, ["/url"]),
        ({"url": "https://10.0.0.1/"}, ["/url"]),
        ({"url": "https://erp.example.cn/#a"}, ["/url"]),
        ({"url": "https://erp.example.cn/" + "a" * 500}, ["/url"]),
        ({"url": URL, "topics": ["ticket.accepted", "ticket.none"]}, ["/topics/1"]),
        ({"url": URL, "topics": "all"}, ["/topics"]),
        ({"url": URL, "description": "长" * 121}, ["/description"]),
        ({"url": URL, "secret": "mine"}, ["/secret"]),
    ],
    ids=str,
)
def test_what_cannot_be_opened(client: APIClient, body: Any, pointers: list[str]) -> None:
    answer = post(client, ROOT, body)
    assert refusal(answer) == (422, "invalid", pointers or ["/url"])
    assert rows() == [[], []]


def test_ten_are_enough(client: APIClient) -> None:
    for _each in range(10):
        made(client)
    before = rows()
    assert refusal(post(client, ROOT, {"url": URL})) == (422, "invalid", [""])
    assert rows() == before


def test_changed_not_over_each_other(client: APIClient) -> None:
    path = f"{ROOT}{made(client)['id']}/"
    before = rows()
    bare = client.patch(path, {"topics": ["x"], "is_enabled": "x"})
    assert refusal(bare) == (
        428, "if-match-missing", ["/If-Match", "/is_enabled", "/topics/0"],
    )  # fmt: skip
    stale = client.patch(path, {"topics": []}, headers={"If-Match": '"v2"'})
    assert refusal(stale) == (412, "stale", [])
    wrong = client.patch(path, {"topics": ["x"], "url": "ftp://a/"}, headers={"If-Match": '"v1"'})
    assert refusal(wrong) == (422, "invalid", ["/url", "/topics/0"])
    assert rows() == before
    other = "https://erp.example.cn/other"
    done = client.patch(path, {"url": other, "is_enabled": False}, headers={"If-Match": '"v1"'})
    assert (done.status_code, done.json()["url"], done.json()["disabled_because"]) == (
        200, other, "enterprise",
    )  # fmt: skip
    again = client.patch(path, {"is_enabled": True}, headers={"If-Match": done["ETag"]})
    assert (again.json()["is_enabled"], again.json()["disabled_because"]) == (True, None)


def test_what_the_centre_disabled_the_centre_allows(client: APIClient, at: Desk) -> None:
    path = f"{ROOT}{made(client)['id']}/"
    disable_webhook(endpoint=WebhookEndpoint.objects.get(), reason="测试地址", by=at.director)
    shown = client.get(path)
    assert (shown.json()["disabled_because"], shown.json()["disabled_note"]) == ("desk", "测试地址")
    before = rows()
    enabled = client.patch(path, {"is_enabled": True}, headers={"If-Match": shown["ETag"]})
    assert refusal(enabled) == (409, "not-allowed", [""])
    assert rows() == before


def test_deleted_it_is_not_there_any_more(client: APIClient, at: Desk) -> None:
    path = f"{ROOT}{made(client)['id']}/"
    filed(at)
    sequence()
    assert refusal(client.delete(path)) == (428, "if-match-missing", ["/If-Match"])
    assert client.delete(path, headers={"If-Match": '"v1"'}).status_code == 204
    assert refusal(client.get(path)) == (404, "not-found", [])
    assert client.get(ROOT).json()["results"] == []
    assert list(Delivery.objects.filter(endpoint__isnull=False).values_list("state")) == [
        (State.DEAD,)
    ]


def test_one_delivery_is_read_and_sent_again(client: APIClient, at: Desk) -> None:
    path = f"{ROOT}{made(client)['id']}/deliveries/"
    filed(at)
    filed(at)
    sequence()
    listed = client.get(path).json()["results"]
    own = f"{path}{listed[1]['id']}/"
    assert client.get(own).json() == listed[1]

    def retry(key: str, place: str = own) -> Any:
        return client.post(f"{place}retry/", {}, headers={"Idempotency-Key": key})

    assert refusal(retry("a")) == (409, "not-allowed", [""])  # it is under way
    rows = Delivery.objects.filter(endpoint__isnull=False)
    rows.update(state=State.DEAD, tries=8, settled_at=now())
    done = retry("b")
    assert (done.status_code, done.json()["state"], done.json()["tries"]) == (200, "pending", 0)
    assert retry("b").json() == done.json()
    assert [each["state"] for each in client.get(path).json()["results"]] == ["dead", "pending"]
    rows.update(state=State.DEAD, settled_at=now(), body=None)
    assert refusal(retry("c")) == (410, "gone", [])
    for unknown in ("msg_none", f"msg_{'0' * 32}", "-" * 300 + listed[1]["id"][4:]):
        expected = (200, 410) if unknown.startswith("-") else (404, 404)
        found = client.get(f"{path}{unknown}/").status_code, retry("d", f"{path}{unknown}/")
        assert (found[0], found[1].status_code) == expected


def test_deliveries_with_their_attempts_page_by_page(
    client: APIClient, at: Desk, django_assert_num_queries: Any
) -> None:
    path = f"{ROOT}{made(client)['id']}/"
    for _each in range(3):
        filed(at)
    sequence()
    for row in Delivery.objects.filter(endpoint__isnull=False):
        Attempt.objects.create(
            delivery=row, started_at=now(), duration=now() - now(), is_success=False,
            detail="it took too long",
        )  # fmt: skip
    client.get(path)
    with django_assert_num_queries(4):  # the key, the endpoint, the page, the attempts
        page = client.get(f"{path}deliveries/", {"limit": 2}).json()
    assert [len(each["attempts"]) for each in page["results"]] == [1, 1]
    newest = Delivery.objects.filter(endpoint__isnull=False).latest("pk")
    assert page["results"][0]["id"] == f"msg_{newest.message_id.hex}"
    assert page["results"][0]["attempts"][0]["detail"] == "it took too long"
    rest = client.get(f"{path}deliveries/", {"limit": 2, "cursor": page["next"]}).json()
    assert (len(rest["results"]), rest["next"]) == (1, None)


def test_replay_is_asked_twice_and_done_once(client: APIClient, at: Desk) -> None:
    path = f"{ROOT}{made(client)['id']}/replay/"
    filed(at)
    sequence()
    row = Delivery.objects.get(endpoint__isnull=False)
    Delivery.objects.filter(pk=row.pk).update(state=State.DEAD, tries=8)
    body = {"message": f"msg_{row.message_id.hex}"}
    assert post(client, path, body, "same").json() == {"number": 1}
    Delivery.objects.filter(pk=row.pk).update(state=State.DELIVERED)
    again = post(client, path, body, "same")
    assert (again.json(), again["Idempotent-Replayed"]) == ({"number": 1}, "true")
    assert Delivery.objects.get(pk=row.pk).state == State.DELIVERED
    assert refusal(post(client, path, {})) == (422, "invalid", [""])
    assert refusal(post(client, path, {"since": "soon", "until": 1})) == (
        422, "invalid", ["/since", "/until"],
    )  # fmt: skip
    Delivery.objects.filter(pk=row.pk).update(body=None)
    assert refusal(post(client, path, body)) == (410, "gone", [])


def test_another_secret_is_shown_once(client: APIClient) -> None:
    created = made(client)
    path = f"{ROOT}{created['id']}/secret/"
    first, again = (post(client, path, {"overlap_hours": 1}, "same") for _each in range(2))
    assert first.json()["secret"] != created["secret"]
    assert again.json()["secret"] is None
    assert refusal(post(client, path, {"overlap_hours": 999})) == (
        422, "invalid", ["/overlap_hours"],
    )  # fmt: skip


def test_what_is_answered_is_what_is_described(
    client: APIClient, at: Desk, spec: dict[str, Any]
) -> None:
    created = post(client, ROOT, {"url": URL})
    path, bare = f"{ROOT}{created.json()['id']}/", ROOT + "{endpoint_id}/"
    tried = post(client, f"{path}test/", {})
    asked: list[tuple[str, str, int, Any]] = [
        (ROOT, "post", 201, created),
        (ROOT, "get", 200, client.get(ROOT)),
        (bare, "get", 200, client.get(path)),
        (bare, "patch", 200, client.patch(path, {"topics": []}, headers={"If-Match": '"v1"'})),
        (f"{bare}test/", "post", 201, tried),
        (f"{bare}test/", "post", 409, post(client, f"{path}test/", {})),
        (f"{bare}secret/", "post", 201, post(client, f"{path}secret/", {})),
        (f"{bare}deliveries/", "get", 200, client.get(f"{path}deliveries/")),
        (f"{bare}replay/", "post", 422, post(client, f"{path}replay/", {})),
    ]
    for where, method, status, answer in asked:
        assert answer.status_code == status, (where, answer.json())
        errors = list(validator(spec, where, method, status).iter_errors(answer.json()))
        assert errors == [], (where, [(each.json_path, each.message) for each in errors])
