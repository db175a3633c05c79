"""Passwords: what is refused, when another is due, and what a change of one ends."""

from datetime import timedelta
from io import StringIO
from typing import Any, Final
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from coordination.staff.models import Officer, Role
from coordination.staff.passwords import is_password_due, set_password
from coordination.staff.second_factor import begin_enrolment
from projects.record.refusals import NotAllowed
from tests.coordination.staff.scene import (
    acts,
    cheap_passwords,  # noqa: F401 - a fixture
    sign_in,
)
from tests.factories.coordination import PASSWORD, officer

OWN: Final = "/admin/password_change/"
NEW: Final = "Zhongdian-2026"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_passwords")]

REFUSED: Final = [  # too short, too few classes, too common, the user's own name
    "Ab-1234", "abcdefgh1", "ABCDEFGH1", "12345678-9", "密码密码密码密码", "Password1",
    "Zhangsanfeng-1", "1-ZHANGSANFENG-of-Luoyang", "",
]  # fmt: skip


def changed(client: Client, new: str, old: str = PASSWORD, again: str | None = None) -> Any:
    typed = {"old": old, "password": new, "again": new if again is None else again}
    return client.post(OWN, typed)


def as_(who: Officer) -> Client:
    client = Client(headers={"Accept-Language": "zh-hans"})
    assert sign_in(who.username, PASSWORD, client).status_code == 302
    return client


@pytest.fixture
def who() -> Officer:
    made = officer()
    made.username = "zhangsanfeng"
    made.save()
    return made


def test_a_weak_password_is_refused_by_its_field(who: Officer) -> None:
    client, by = as_(who), officer(Role.SYSTEM_ADMIN)
    other = Client(headers={"Accept-Language": "zh-hans"})
    other.force_login(by)
    for password in REFUSED:
        answers = [
            changed(client, password),
            other.post(
                f"/admin/staff/officer/{who.pk}/set-password/",
                {"password": password, "again": password},
            ),
        ]
        for answer in answers:
            wrong = ["password"] if password else ["password", "again"]
            assert list(answer.context["form"].errors) == wrong, password
    added = other.post(
        "/admin/staff/officer/add/",
        {
            "username": "lisi", "name": "李四", "mobile": "", "password1": "abcdefgh1",
            "password2": "abcdefgh1", "usable_password": "true",
        },
    )  # fmt: skip
    assert list(added.context["adminform"].form.errors) == ["password2"]
    assert not Officer.objects.filter(username="lisi").exists()
    assert Officer.objects.get(pk=who.pk).check_password(PASSWORD)


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("wrong", NEW, NEW, "old"), ("", NEW, NEW, "old"), (PASSWORD, NEW, "other", "again"),
        (PASSWORD, PASSWORD, PASSWORD, "password"),
    ],
)  # fmt: skip
def test_what_is_typed_wrong_is_said_by_its_field(
    who: Officer, old: str, new: str, again: str, field: str
) -> None:
    answer = changed(as_(who), new, old, again)
    assert list(answer.context["form"].errors) == [field]
    assert Officer.objects.get(pk=who.pk).check_password(PASSWORD)


@pytest.mark.parametrize("new", [NEW, "abc-1234", "ABCD 1234 x", "密码abc123"])
def test_a_change_ends_the_other_sessions_and_not_this_one(who: Officer, new: str) -> None:
    here, there = as_(who), as_(who)
    assert there.get("/admin/").status_code == 200
    assert changed(here, new).status_code == 302
    assert here.get("/admin/").status_code == 200
    assert there.get("/admin/")["Location"].startswith("/admin/login/")
    assert acts()[-1][:3] == ("password_changed", who.pk, who.pk)
    assert sign_in(who.username, PASSWORD).status_code == 200
    assert sign_in(who.username, new).status_code == 302


DUE: Final = [  # the setting, how many days ago it was set, whether another is due
    (90, 89, False), (90, 90, True), (90, 400, True), (0, 4000, False), (1, 1, True),
    (90, None, True), (0, None, True),
]  # fmt: skip


@pytest.mark.parametrize("given", DUE)
def test_another_is_asked_for_when_it_is_due(
    who: Officer, settings: Any, given: tuple[int, int | None, bool]
) -> None:
    settings.PASSWORD_DAYS, ago, is_due = given
    at = None if ago is None else timezone.now() - timedelta(days=ago)
    Officer.objects.filter(pk=who.pk).update(password_set_at=at)
    client = as_(who)
    for address in ("/admin/", "/admin/tickets/ticket/"):
        answer = client.get(address)
        assert (answer.status_code == 302) == is_due, address
        assert not is_due or answer["Location"].startswith(OWN)
    assert client.get(OWN).status_code == 200
    assert changed(client, NEW).status_code == 302
    assert client.get("/admin/").status_code == 200


def test_one_that_somebody_else_sets_must_be_changed(who: Officer) -> None:
    by = officer(Role.SYSTEM_ADMIN)
    there = as_(who)
    set_password(officer=who, password=NEW, again=NEW, by=by)
    assert there.get("/admin/")["Location"].startswith("/admin/login/")
    assert acts()[-1][:3] == ("password_set", by.pk, who.pk)
    client = Client()
    assert sign_in(who.username, NEW, client).status_code == 302
    assert client.get("/admin/")["Location"].startswith(OWN)


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDITOR])
def test_another_administrators_is_set_on_the_server_alone(role: str) -> None:
    whose = officer(role)
    with pytest.raises(NotAllowed):
        set_password(officer=whose, password=NEW, again=NEW, by=officer(Role.SYSTEM_ADMIN))
    assert Officer.objects.get(pk=whose.pk).check_password(PASSWORD)
    with patch("sys.stdin", StringIO(f"{NEW}\n")):
        call_command("changepassword", whose.username)
    assert Officer.objects.get(pk=whose.pk).check_password(NEW)
    assert is_password_due(Officer.objects.get(pk=whose.pk))
    assert acts()[-1][:3] == ("password_set", None, whose.pk)


def test_a_key_that_another_may_have_seen_is_no_factor(who: Officer) -> None:
    seen = begin_enrolment(by=who).key
    set_password(officer=who, password=NEW, again=NEW, by=officer(Role.SYSTEM_ADMIN))
    assert begin_enrolment(by=who).key != seen


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.SECURITY_ADMIN, Role.AUDITOR, Role.LIAISON])
def test_only_the_system_administrator_sets_anothers(who: Officer, role: str) -> None:
    with pytest.raises(NotAllowed):
        set_password(officer=who, password=NEW, again=NEW, by=officer(role))
    assert Officer.objects.get(pk=who.pk).check_password(PASSWORD)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.DIRECTOR])
def test_an_officers_page_shows_nothing_of_the_password(who: Officer, role: str) -> None:
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(officer(role))
    text = client.get(f"/admin/staff/officer/{who.pk}/change/").content.decode()
    _algorithm, _rounds, salt, hashed = who.password.split("$")
    for part in ("counting", salt[:6], hashed[:6], "Raw passwords", "原始密码"):
        assert part not in text
    assert "密码设定时间" in text
