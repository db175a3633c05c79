"""Wrong passwords: counted by name and address, refused unseen once there were too many."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, Final

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from coordination.staff.models import Role
from coordination.staff.revise import unlock_officer
from projects.record.models import Act
from projects.record.refusals import NotAllowed
from tests.bed.races import race
from tests.coordination.staff.scene import (
    acts,
    cheap_passwords,  # noqa: F401 - a fixture
    counted,
    evaluated,
    sign_in,
)
from tests.factories.coordination import PASSWORD, officer

LIMIT: Final = 5
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_passwords")]

# How a guesser tries to look like another each time; what each gives to a request.
type Disguise = Callable[[str, int], dict[str, Any]]
DISGUISES: Final[dict[str, Disguise]] = {
    "forwarded": lambda name, n: {"username": name, "HTTP_X_FORWARDED_FOR": f"198.51.100.{n}"},
    "spaces": lambda name, n: {"username": f"{' ' * n}{name}{'　' * (n % 3)}"},
    "wide letters": lambda name, n: {
        "username": "".join(chr(ord(c) + 0xFEE0) if i == n % 4 else c for i, c in enumerate(name))
    },
    "browser": lambda name, n: {"username": name, "HTTP_USER_AGENT": f"browser {n}"},
    "own network": lambda name, n: {"username": name, "REMOTE_ADDR": f"2001:db8:1:2::{n:x}"},
    "cookies": lambda name, n: {"username": name, "HTTP_COOKIE": f"sessionid={n}"},
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_guesses_are_refused_before_they_are_hashed(disguise: str) -> None:
    who = counted(Role.DUTY_DESK)
    answers = [
        sign_in(password=f"guess-{n}", **DISGUISES[disguise](who.username, n)) for n in range(1, 12)
    ]
    assert len(evaluated) == LIMIT
    assert [each.status_code for each in answers] == [200] * (LIMIT - 1) + [429] * 7
    assert [each[:3] for each in acts()] == [
        *[("sign_in_failed", None, who.pk)] * LIMIT, ("locked", None, who.pk),
    ]  # fmt: skip
    assert sign_in(who.username, REMOTE_ADDR="192.0.2.200").status_code == 302


FORWARDED: Final = [  # proxies before us, what the header says of try n, and the guesses evaluated
    (0, "192.0.2.{n}", LIMIT),
    (1, "192.0.2.{n}, 198.51.100.7", LIMIT),
    (2, "192.0.2.{n}, 198.51.100.7, 203.0.113.9", LIMIT),
    (1, "192.0.2.{n}", 12),  # each of them really calls from elsewhere
]


@pytest.mark.parametrize("given", FORWARDED)
def test_only_proxies_that_we_were_told_of_are_believed(
    settings: Any, given: tuple[int, str, int]
) -> None:
    settings.PROXY_COUNT, header, expected = given
    who = counted()
    for n in range(12):
        sign_in(who.username, f"guess-{n}", HTTP_X_FORWARDED_FOR=header.format(n=n))
    assert len(evaluated) == expected


def test_names_that_nobody_has_are_counted_and_not_kept() -> None:
    counted()
    answers = [sign_in("my-password-by-mistake", "x") for _each in range(8)]
    assert len(evaluated) == LIMIT
    assert [each.status_code for each in answers] == [200] * 4 + [429] * 4
    assert [each[:3] for each in acts()] == [
        *[("sign_in_failed", None, None)] * LIMIT, ("locked", None, None),
    ]  # fmt: skip
    assert not Act.objects.exclude(about_name="").exists()


@pytest.mark.parametrize("typed", [("", "x"), ("director", ""), ("a\0b", "x"), ("x" * 300, "x")])
def test_what_is_no_guess_is_not_counted(typed: tuple[str, str]) -> None:
    counted()
    assert {sign_in(*typed).status_code for _each in range(8)} == {200}
    assert (evaluated, acts()) == ([], [])


@pytest.mark.parametrize(
    ("ago", "said"), [(0, "请在15分钟后再试。"), (860, "秒后再试。"), (600, "请在5分钟后再试。")]
)
def test_who_is_locked_is_told_when_to_come_again(ago: int, said: str) -> None:
    who = counted()
    for _each in range(LIMIT):
        sign_in(who.username, "wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(seconds=ago))
    answer = sign_in(who.username)
    assert answer.status_code == 429
    assert abs(int(answer["Retry-After"]) - (900 - ago)) <= 5
    text = answer.content.decode()
    assert "密码或验证码错误次数过多，登录已锁定。" in text
    assert said in text
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(seconds=901))
    assert sign_in(who.username).status_code == 302


def test_a_right_password_begins_the_count_anew() -> None:
    who = counted()
    for _round in range(3):
        for _each in range(LIMIT - 1):
            assert sign_in(who.username, "wrong").status_code == 200
        assert sign_in(who.username).status_code == 302


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("disguise", ["cookies", "spaces", "own network"])
def test_guesses_at_the_same_time_do_not_pass_the_count(disguise: str) -> None:
    who = counted()
    guesses = [
        partial(sign_in, password=f"guess-{n}", **DISGUISES[disguise](who.username, n))
        for n in range(50)
    ]
    answers = race(*guesses)
    assert [each.error for each in answers] == [None] * 50
    assert 1 <= len(evaluated) <= LIMIT
    codes = [each.result.status_code for each in answers if each.result is not None]
    assert codes.count(429) >= 50 - LIMIT
    assert Act.objects.filter(what="sign_in_failed").count() == len(evaluated)
    for n in range(LIMIT):
        sign_in(password=f"last-{n}", **DISGUISES[disguise](who.username, n))
    assert len(evaluated) == LIMIT


def test_an_address_may_try_so_often_a_minute(settings: Any) -> None:
    settings.SIGN_INS_PER_ADDRESS = 3
    who = counted()
    answers = [sign_in(f"name-{n}", "x") for n in range(6)]
    assert [each.status_code for each in answers] == [200] * 3 + [429] * 3
    assert "您所在网络的登录次数过多。" in answers[-1].content.decode()
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert len(evaluated) == 3
    assert sign_in(who.username, REMOTE_ADDR="192.0.2.9").status_code == 302


def test_signing_in_and_out_is_on_record() -> None:
    who, client = officer(), Client()
    assert sign_in(who.username, PASSWORD, client, REMOTE_ADDR="192.0.2.7").status_code == 302
    assert client.get("/admin/logout/").status_code == 405
    client.post("/admin/logout/", REMOTE_ADDR="2001:db8::1")
    client.post("/admin/logout/")  # once is enough
    assert acts() == [
        ("sign_in", who.pk, who.pk, "192.0.2.7"), ("sign_out", who.pk, who.pk, "2001:db8::1"),
    ]  # fmt: skip


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_who_may_not_sign_in_is_told_no_more_than_others(change: dict[str, bool]) -> None:
    who = officer()
    for name, value in change.items():
        setattr(who, name, value)
    who.save()
    answer = sign_in(who.username)
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors() == (
        sign_in("nobody", "x").context["form"].non_field_errors()
    )


def test_the_security_administrator_unlocks() -> None:
    who, by = counted(), officer(Role.SECURITY_ADMIN)
    for address in ("192.0.2.1", "192.0.2.2"):
        for _each in range(LIMIT):
            sign_in(who.username, "wrong", REMOTE_ADDR=address)
    for other in (officer(Role.SYSTEM_ADMIN), officer(Role.DIRECTOR), officer(Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            unlock_officer(officer=who, by=other)
    assert sign_in(who.username, REMOTE_ADDR="192.0.2.1").status_code == 429
    unlock_officer(officer=who, by=by)
    assert acts()[-1][:3] == ("unlocked", by.pk, who.pk)
    for address in ("192.0.2.1", "192.0.2.2"):
        assert sign_in(who.username, REMOTE_ADDR=address).status_code == 302
    with pytest.raises(NotAllowed):
        unlock_officer(officer=who, by=by)
