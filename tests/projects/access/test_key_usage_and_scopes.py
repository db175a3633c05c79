"""What a key may be used for, by whom keys are managed, and what is noted of their use."""

import itertools
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from projects.access.authentication import scope_of
from projects.access.keys import issue_key, revoke_key, rotate_key
from projects.access.models import ApiKey, IdempotentRequest, KeyRefusal, Scope
from projects.record.clock import clock_at, now
from projects.record.refusals import Invalid, NotAllowed
from tests.coordination.intake.scene import client_with
from tests.factories.coordination import Desk, desk, filed

pytestmark = pytest.mark.django_db
KEYS = reverse("api:keys")
_numbers = itertools.count()


def key_with(at: Desk, *scopes: Scope) -> tuple[ApiKey, str]:
    return issue_key(enterprise=at.enterprise, name="a", scopes=scopes, by=at.director)


def post(token: str, url: str, body: Any = None, key: str = "") -> Any:
    return client_with(token).post(
        url, body or {}, headers={"Idempotency-Key": key or f"n-{next(_numbers)}"}
    )


def test_a_key_does_what_its_scopes_say_and_no_more() -> None:
    at = desk()
    ticket = filed(at)
    tickets, comments = reverse("api:tickets"), reverse("api:ticket-comments", args=[ticket.number])
    found = {}
    for scope in Scope:
        _key, token = key_with(at, scope)
        found[scope.value] = [
            client_with(token).get(tickets).status_code,
            post(token, tickets).status_code,
            post(token, comments).status_code,
            client_with(token).get(KEYS).status_code,
        ]
    assert found == {
        "read": [200, 403, 403, 403],
        "read_masked": [200, 403, 403, 403],
        "file": [403, 422, 403, 403],
        "act": [403, 403, 422, 403],
        "keys": [403, 403, 403, 200],
        "webhooks": [403, 403, 403, 403],
    }


def test_a_missing_scope_is_a_problem_and_is_counted() -> None:
    at = desk()
    key, token = key_with(at, Scope.FILE)
    for _again in range(2):
        answer = client_with(token).get(KEYS)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/scope-missing")
    row = KeyRefusal.objects.get()
    assert (row.key, row.reason, row.times) == (key, "scope", 2)


def test_every_refusal_of_a_known_key_is_counted_and_logged_without_its_secret(
    caplog: pytest.LogCaptureFixture,
) -> None:
    at = desk()
    key_id, secret = at.token.split(".")
    tickets = reverse("api:tickets")
    with caplog.at_level(logging.WARNING):
        assert client_with(f"{key_id}.wrong").get(tickets).status_code == 401
        revoke_key(key=at.key, by=at.director)
        assert client_with(at.token).get(tickets).status_code == 401
        assert client_with("nobody.x").get(tickets).status_code == 401
    counted = [(row.key, row.reason, row.times) for row in KeyRefusal.objects.order_by("pk")]
    assert counted == [(at.key, "secret", 1), (at.key, "revoked", 1)]
    said = [
        record.getMessage() for record in caplog.records if record.message.startswith("refused")
    ]
    assert said == [
        f"refused the key {key_id}: secret",
        f"refused the key {key_id}: revoked",
        "refused a key beginning with b'nobo': unknown",
    ]
    assert secret not in caplog.text


def test_the_last_use_is_noted_to_the_minute(django_assert_num_queries: Any) -> None:
    at = desk()
    began = now()
    tickets = reverse("api:tickets")
    with clock_at(began):
        client_with(at.token).get(tickets)
    with clock_at(began + timedelta(seconds=59)):
        client_with(at.token).get(tickets)
    assert ApiKey.objects.get(pk=at.key.pk).last_used_at == began
    with clock_at(began + timedelta(seconds=60)):
        client_with(at.token).get(tickets)
    assert ApiKey.objects.get(pk=at.key.pk).last_used_at == began + timedelta(seconds=60)


def test_rotation_with_an_overlap() -> None:
    at = desk()
    began = now()
    with clock_at(began):
        _key, token = key_with(at, *Scope)
        answer = post(token, reverse("api:key-rotate", args=[at.key.key_id]), {"overlap_days": 2})
    assert answer.status_code == 201
    successor = answer.json()
    assert (successor["replaces"], successor["scopes"]) == (at.key.key_id, at.key.scopes)
    tickets = reverse("api:tickets")

    def both() -> list[int]:
        return [
            client_with(token).get(tickets).status_code for token in (at.token, successor["token"])
        ]

    with clock_at(began + timedelta(days=2) - timedelta(seconds=1)):
        assert both() == [200, 200]
    with clock_at(began + timedelta(days=2)):
        assert both() == [401, 200]


def test_what_is_not_rotated() -> None:
    at = desk()
    rotate_key(key=at.key, overlap_days=0, by=at.director)
    before = list(ApiKey.objects.values())
    with pytest.raises(NotAllowed):  # it opens nothing any more
        rotate_key(key=at.key, by=at.director)
    key, _token = key_with(at, Scope.READ)
    for days in (-1, 31):
        with pytest.raises(Invalid) as refused:
            rotate_key(key=key, overlap_days=days, by=at.director)
        assert [error.path for error in refused.value.errors] == [("overlap_days",)]
    assert list(ApiKey.objects.exclude(pk=key.pk).values()) == before


def test_a_key_hands_on_no_more_than_it_has() -> None:
    at = desk()
    _key, token = key_with(at, Scope.KEYS, Scope.READ)
    before = ApiKey.objects.count()
    refused = post(token, KEYS, {"name": "b", "scopes": ["read", "file"]})
    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/scopes/1"]
    rotated = post(token, reverse("api:key-rotate", args=[at.key.key_id]))
    assert (rotated.status_code, rotated.json()["type"]) == (409, "/problems/not-allowed")
    assert ApiKey.objects.count() == before
    made = post(token, KEYS, {"name": "b", "scopes": ["read"]}).json()
    assert client_with(made["token"]).get(reverse("api:tickets")).status_code == 200


def test_a_token_is_given_once_even_to_the_same_request() -> None:
    at = desk()
    _key, token = key_with(at, Scope.KEYS, Scope.READ)
    body = {"name": "b", "scopes": ["read"]}
    first, again = post(token, KEYS, body, "k-1").json(), post(token, KEYS, body, "k-1").json()
    assert again == {**first, "token": None}
    assert first["token"].partition(".")[2] not in str(list(IdempotentRequest.objects.values()))


def test_another_enterprise_sees_and_touches_nothing() -> None:
    at, other = desk(), desk()
    own, token = key_with(other, Scope.KEYS)
    listed = client_with(token).get(KEYS).json()["results"]
    assert {each["id"] for each in listed} == {own.key_id, other.key.key_id}
    before = list(ApiKey.objects.filter(enterprise=at.enterprise).values())
    for url in (
        reverse("api:key-rotate", args=[at.key.key_id]),
        reverse("api:key-revoke", args=[at.key.key_id]),
    ):
        assert post(token, url).status_code == 404
    assert client_with(token).get(reverse("api:key", args=[at.key.key_id])).status_code == 404
    assert list(ApiKey.objects.filter(enterprise=at.enterprise).values()) == before


def test_revoking_takes_effect_with_the_next_request() -> None:
    at = desk()
    _key, token = key_with(at, Scope.KEYS)
    answer = post(token, reverse("api:key-revoke", args=[at.key.key_id]))
    assert answer.status_code == 200
    assert answer.json()["revoked_at"] is not None
    assert client_with(at.token).get(reverse("api:tickets")).status_code == 401


def test_an_enterprise_has_twenty_keys_at_most() -> None:
    at = desk()
    for _each in range(19):
        key_with(at, Scope.READ)
    with pytest.raises(Invalid):
        key_with(at, Scope.READ)
    assert ApiKey.objects.filter(enterprise=at.enterprise).count() == 20
    revoke_key(key=at.key, by=at.director)
    key_with(at, Scope.READ)


def test_unnamed_methods_read_or_act() -> None:
    class View:
        scopes = {"PUT": Scope.KEYS}

    asked: Any = View
    assert [scope_of(asked, each) for each in ("GET", "HEAD", "OPTIONS", "POST", "PUT")] == [
        Scope.READ, Scope.READ, Scope.READ, Scope.ACT, Scope.KEYS,
    ]  # fmt: skip
