"""Keys: only a hash is kept; what has expired or was revoked opens nothing."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from projects.access.keys import LONGEST_LIFE, MOST_KEYS, issue_key, revoke_key, rotate_key
from projects.access.models import ApiKey, Scope
from projects.record.clock import clock_at, now
from projects.record.refusals import Invalid, NotAllowed
from tests.coordination.intake.scene import client_with
from tests.factories.coordination import Desk, desk

pytestmark = pytest.mark.django_db
INSTANT = timedelta(microseconds=1)


def status_for(token: str) -> int:
    status: int = client_with(token).get(reverse("api:tickets")).status_code
    return status


def test_of_the_secret_only_its_hash_is_kept() -> None:
    at = desk()
    key_id, secret = at.token.split(".")
    row = ApiKey.objects.values().get(pk=at.key.pk)
    assert row["key_id"] == key_id
    assert row["secret_hash"] == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(row)
    assert len(secret) >= 43  # 256 bits
    assert status_for(at.token) == 200


def test_what_opens_nothing() -> None:
    at = desk()
    key_id, secret = at.token.split(".")
    for token in (
        "", key_id, f"{key_id}.", f".{secret}", f"{key_id}.{secret}x", f"x{key_id}.{secret}",
        f"{key_id}.{secret[:-1]}é", f"{key_id}.{secret} more", "." * 5000,
    ):  # fmt: skip
        response = client_with(token).get(reverse("api:tickets"))
        assert (response.status_code, response["Content-Type"]) == (401, "application/problem+json")


def test_a_revoked_key_opens_nothing_and_is_revoked_once() -> None:
    at = desk()
    first = revoke_key(key=at.key, by=at.duty_desk)
    assert revoke_key(key=at.key, by=at.director).revoked_at == first.revoked_at
    assert status_for(at.token) == 401


def test_a_key_expires_at_its_moment() -> None:
    at = desk()
    moment = now() + timedelta(hours=1)
    _key, token = issue_key(enterprise=at.enterprise, name="a", expires_at=moment, by=at.director)
    with clock_at(moment - timedelta(microseconds=1)):
        assert status_for(token) == 200
    with clock_at(moment):
        assert status_for(token) == 401


def issued(at: Desk, expires_at: datetime | None) -> ApiKey:
    key, _token = issue_key(
        enterprise=at.enterprise, name="a", expires_at=expires_at, by=at.director
    )
    return key


def test_a_key_ends_after_now_and_within_ten_years() -> None:
    at, moment = desk(), now()
    with clock_at(moment):
        for end in (moment + INSTANT, moment + LONGEST_LIFE):
            assert issued(at, end).expires_at == end
        before = list(ApiKey.objects.values())
        for end, code in (
            (moment - INSTANT, "date-order"), (moment, "date-order"),
            (moment + LONGEST_LIFE + INSTANT, "out-of-range"),
        ):  # fmt: skip
            with pytest.raises(Invalid) as refused:
                issued(at, end)
            assert [(each.path, each.code) for each in refused.value.errors] == [
                (("expires_at",), code)
            ]
        assert list(ApiKey.objects.values()) == before


def test_a_key_that_is_over_takes_no_place() -> None:
    at, moment = desk(), now()
    with clock_at(moment):
        for _each in range(MOST_KEYS - 1):
            issued(at, moment + timedelta(days=1))
    with clock_at(moment + timedelta(days=1) - INSTANT), pytest.raises(Invalid) as refused:
        issued(at, None)
    assert [each.code for each in refused.value.errors] == ["too-many"]
    assert ApiKey.objects.filter(enterprise=at.enterprise).count() == MOST_KEYS
    with clock_at(moment + timedelta(days=1)):
        for _each in range(MOST_KEYS - 1):
            issued(at, None)
        with pytest.raises(Invalid):
            issued(at, None)


@pytest.mark.parametrize(
    ("lives", "overlap", "ends"),
    [
        (None, 0, 1),
        (None, 30, 31),
        (20, 7, 8),
        (7, 6, 7),
        (3, 7, 3),  # a rotation lets no key live longer
    ],
)
def test_a_day_later_it_is_rotated(lives: int | None, overlap: int, ends: int) -> None:
    """The old key opens for the overlap at most, its successor for as long as the old one was to.

    All in days; ``ends`` is when the old one does.
    """
    at, day, moment = desk(), timedelta(days=1), now()
    with clock_at(moment):
        key = issued(at, None if lives is None else moment + lives * day)
    with clock_at(moment + day):
        successor, _token = rotate_key(key=key, overlap_days=overlap, by=at.director)
    key.refresh_from_db()
    assert key.expires_at == moment + ends * day
    assert successor.expires_at == (None if lives is None else moment + (1 + lives) * day)
    assert (successor.replaces, successor.name, successor.scopes) == (key, key.name, key.scopes)


def test_a_key_is_rotated_once() -> None:
    at = desk()
    rotate_key(key=at.key, overlap_days=7, by=at.director)
    before = list(ApiKey.objects.values())
    with pytest.raises(NotAllowed):  # it still opens, and has its successor
        rotate_key(key=at.key, overlap_days=7, by=at.director)
    assert list(ApiKey.objects.values()) == before


def test_keys_that_are_not_issued() -> None:
    at = desk()
    before = list(ApiKey.objects.values())
    for name, expires_at, path in (
        (" ", None, ("name",)),
        ("a", datetime(2020, 1, 1, tzinfo=UTC), ("expires_at",)),
    ):
        with pytest.raises(Invalid) as refused:
            issue_key(enterprise=at.enterprise, name=name, expires_at=expires_at, by=at.director)
        assert [error.path for error in refused.value.errors] == [path]
    for by in (at.liaison, at.lead, at.auditor):
        with pytest.raises(NotAllowed):
            issue_key(enterprise=at.enterprise, name="a", by=by)
        with pytest.raises(NotAllowed):
            revoke_key(key=at.key, by=by)
    assert list(ApiKey.objects.values()) == before


def test_whoever_has_the_tables_has_no_key() -> None:
    at = desk()
    manager, token = issue_key(
        enterprise=at.enterprise, name="a", scopes=list(Scope), by=at.director
    )
    made = client_with(token).post(
        reverse("api:keys"), {"name": "b"}, headers={"Idempotency-Key": "k-1"}
    )
    assert made.status_code == 201
    assert status_for(made.json()["token"]) == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT key_id, secret_hash FROM access_apikey")
        rows = cursor.fetchall()
        cursor.execute("SELECT body::text FROM access_idempotentrequest")
        rows += [(manager.key_id, word) for (body,) in cursor for word in body.split('"')]
    tried = {f"{key_id}.{secret}" for key_id, secret in rows if str(secret).isascii()}
    assert len(tried) > len(rows) / 2
    assert {status_for(each) for each in tried} == {401}
