"""A key that a key issued ends with it at the latest, and is revoked with it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from projects.access.keys import issue_key, revoke_key, rotate_key
from projects.access.models import ApiKey, Scope
from projects.record.clock import clock_at, now
from projects.record.refusals import Invalid, NotAllowed
from tests.bed.races import race
from tests.coordination.intake.scene import client_with
from tests.factories.addresses import admin_page
from tests.factories.coordination import Desk, desk

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MANAGING = [Scope.READ, Scope.KEYS]


def key_of(at: Desk, *, by: Any = None, name: str = "a", end: datetime | None = None) -> ApiKey:
    key, _token = issue_key(
        enterprise=at.enterprise, name=name, scopes=MANAGING, expires_at=end, by=by or at.director
    )
    return key


def revoked() -> set[str]:
    return set(ApiKey.objects.exclude(revoked_at=None).values_list("name", flat=True))


def test_a_key_issued_by_a_key_ends_when_it_ends_or_sooner() -> None:
    at, moment = desk(), now()
    end = moment + 10 * DAY
    with clock_at(moment):
        parent, without_end = key_of(at, end=end), key_of(at)
        assert key_of(at, by=parent).expires_at == end
        assert key_of(at, by=parent, end=end).expires_at == end
        assert key_of(at, by=parent, end=end - DAY).expires_at == end - DAY
        assert key_of(at, by=without_end).expires_at is None
        before = list(ApiKey.objects.values())
        with pytest.raises(Invalid) as refused:
            key_of(at, by=parent, end=end + timedelta(microseconds=1))
    assert [(each.path, each.code) for each in refused.value.errors] == [
        (("expires_at",), "out-of-range")
    ]
    assert list(ApiKey.objects.values()) == before


def test_the_api_says_so_by_the_field() -> None:
    at = desk()
    end = now() + 10 * DAY
    _key, token = issue_key(
        enterprise=at.enterprise, name="a", scopes=MANAGING, expires_at=end, by=at.director
    )
    body = {"name": "b", "scopes": ["read"], "expires_at": (end + DAY).isoformat()}
    answer = client_with(token).post(reverse("api:keys"), body, headers={"Idempotency-Key": "k-1"})
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [
        ("/expires_at", "out-of-range")
    ]


@pytest.mark.parametrize(
    ("lives", "issuer_ends", "expected"),
    [(None, 3, 3), (20, 3, 3), (2, 30, 3), (None, None, None)],
)
def test_a_key_that_replaces_another_key_ends_with_its_issuer(
    lives: int | None, issuer_ends: int | None, expected: int | None
) -> None:
    """In days. A day later the key is replaced by its issuer, for as long as it was to live."""
    at, moment = desk(), now()

    def after(days: int | None) -> datetime | None:
        return None if days is None else moment + days * DAY

    with clock_at(moment):
        issuer = key_of(at, end=after(issuer_ends))
        key = key_of(at, end=after(lives))
    with clock_at(moment + DAY):
        successor, _token = rotate_key(key=key, by=issuer)
    assert successor.expires_at == after(expected)


def test_a_key_that_replaces_itself_lives_as_long_again() -> None:
    at, moment = desk(), now()
    with clock_at(moment):
        key = key_of(at, end=moment + 10 * DAY)
    with clock_at(moment + DAY):
        successor, _token = rotate_key(key=key, by=key)
    assert successor.expires_at == moment + 11 * DAY


def test_with_a_key_fall_all_that_it_issued() -> None:
    at = desk()
    root = key_of(at, name="root")
    child = key_of(at, by=root, name="child")
    key_of(at, by=child, name="grandchild")
    successor, _token = rotate_key(key=child, by=at.director)
    ApiKey.objects.filter(pk=successor.pk).update(name="child's successor")
    key_of(at, by=successor, name="great-grandchild")
    key_of(at, name="another")
    revoke_key(key=root, by=at.director)
    assert revoked() == {
        "root", "child", "grandchild", "child's successor", "great-grandchild",
    }  # fmt: skip
    moments = ApiKey.objects.exclude(revoked_at=None).values_list("revoked_at", flat=True)
    assert len(set(moments)) == 1


def test_a_successor_takes_over_what_its_predecessor_issued() -> None:
    at = desk()
    first = key_of(at, name="first")
    key_of(at, by=first, name="child")
    second, _token = rotate_key(key=first, by=first)
    ApiKey.objects.filter(pk=second.pk).update(name="second")
    revoke_key(key=first, by=at.director)
    assert revoked() == {"first"}
    revoke_key(key=second, by=at.director)
    assert revoked() == {"first", "second", "child"}


def test_what_an_old_key_issued_after_its_rotation_falls_with_it() -> None:
    at = desk()
    first = key_of(at, name="first")
    key_of(at, by=first, name="before")
    second, _token = rotate_key(key=first, overlap_days=7, by=at.director)
    ApiKey.objects.filter(pk=second.pk).update(name="second")
    key_of(at, by=ApiKey.objects.get(pk=first.pk), name="after")
    third, _token = rotate_key(key=second, overlap_days=7, by=at.director)
    ApiKey.objects.filter(pk=third.pk).update(name="third")
    revoke_key(key=first, by=at.director)
    assert revoked() == {"first", "after"}
    revoke_key(key=third, by=at.director)
    assert revoked() == {"first", "after", "third", "before"}


@pytest.mark.django_db(transaction=True)
def test_a_key_that_is_being_revoked_issues_no_more() -> None:
    at = desk()
    key = key_of(at, name="root")
    issuing, revoking = race(
        lambda: key_of(at, by=ApiKey.objects.get(pk=key.pk), name="child"),
        lambda: revoke_key(key=key, by=at.director),
    )
    assert revoking.error is None
    if issuing.error is None:  # it was issued first, and fell with the other
        assert revoked() == {"root", "child"}
    else:
        assert isinstance(issuing.error, NotAllowed)
        assert list(ApiKey.objects.filter(name="child")) == []


def test_the_page_names_the_keys_that_are_revoked_with_it(client: Client) -> None:
    at = desk()
    root = key_of(at, name="root")
    child = key_of(at, by=root, name="仓库系统")
    client.force_login(at.director)
    page = client.get(admin_page("apikey", "revoke", root.pk)).content.decode()
    assert f"仓库系统 ({child.key_id})" in page
    page = client.get(admin_page("apikey", "revoke", child.pk)).content.decode()
    assert "仓库系统 (" not in page
