"""Guesses in an open session: counted with those at the sign-in, locked alike, and on record."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, Final

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from coordination.staff.models import Officer, Role, SecondFactor
from coordination.staff.revise import unlock_officer
from projects.record.models import Act
from tests.bed.races import race
from tests.coordination.staff.scene import (
    acts,
    cheap_passwords,  # noqa: F401 - a fixture
    counted,
    evaluated,
    sign_in,
)
from tests.coordination.staff.test_second_factor import FACTOR, STEP, code, enrolled, forgive
from tests.factories.coordination import PASSWORD, officer

LIMIT: Final = 5
OWN: Final = "/admin/password_change/"
NEW: Final = "Zhongdian-2026"
ELSEWHERE: Final = "192.0.2.200"
LOCKED: Final = "密码或验证码错误次数过多，登录已锁定。请在15分钟后再试。"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_passwords")]


def opened(who: Officer) -> Client:
    """A session of his that somebody else took over."""
    client = Client(headers={"Accept-Language": "zh-hans"})
    assert sign_in(who.username, PASSWORD, client).status_code == 302
    evaluated.clear()
    return client


def guess(client: Client, old: str, new: str = NEW) -> Any:
    return client.post(OWN, {"old": old, "password": new, "again": new})


def said(answer: Any) -> str:
    return "".join(answer.content.decode().split()).replace("<br>", "")


def failures(name: str = "sign_in_failed") -> int:
    return Act.objects.filter(what=name).count()


@pytest.mark.parametrize("limit", [1, 3, LIMIT, 10])
def test_as_many_present_passwords_are_evaluated_as_promised(settings: Any, limit: int) -> None:
    settings.AXES_FAILURE_LIMIT = limit
    who = counted(Role.DIRECTOR)
    client = opened(who)
    answers = [guess(client, f"guess-{n}") for n in range(limit + 6)]
    assert evaluated == [f"guess-{n}" for n in range(limit)]
    assert [each.status_code for each in answers] == [200] * (limit - 1) + [429] * 7
    assert {each.context["form"].errors["old"][0] for each in answers[: limit - 1]} <= {
        "密码不正确。"
    }
    assert all(LOCKED in said(each) for each in answers[limit - 1 :])
    assert [each[:3] for each in acts()] == [
        ("sign_in", who.pk, who.pk), *[("sign_in_failed", who.pk, who.pk)] * limit,
        ("locked", who.pk, who.pk),
    ]  # fmt: skip
    assert guess(client, PASSWORD).status_code == 429
    assert sign_in(who.username).status_code == 429
    assert len(evaluated) == limit
    assert Officer.objects.get(pk=who.pk).check_password(PASSWORD)
    assert sign_in(who.username, REMOTE_ADDR=ELSEWHERE).status_code == 302


def test_the_sign_in_and_the_session_have_one_count() -> None:
    who = counted()
    client = opened(who)
    for n in range(3):
        assert sign_in(who.username, f"guess-{n}").status_code == 200
    assert [guess(client, f"guess-{n}").status_code for n in range(3, 8)] == [200] + [429] * 4
    assert evaluated == [f"guess-{n}" for n in range(LIMIT)]


def test_the_right_one_begins_the_count_anew() -> None:
    who = counted()
    client = opened(who)
    for _round in range(3):
        for _each in range(LIMIT - 1):
            assert guess(client, "wrong").status_code == 200
        assert guess(client, PASSWORD, "short").status_code == 200  # and changes nothing
    assert failures() == 3 * (LIMIT - 1)
    assert Officer.objects.get(pk=who.pk).check_password(PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_guesses_in_sessions_at_the_same_time_do_not_pass_the_count() -> None:
    who = counted()
    clients = [opened(who) for _each in range(12)]
    answers = race(*(partial(guess, each, f"guess-{n}") for n, each in enumerate(clients)))
    assert [each.error for each in answers] == [None] * 12
    assert 1 <= len(evaluated) <= LIMIT
    for n in range(LIMIT):
        guess(clients[0], f"last-{n}")
    assert (len(evaluated), failures()) == (LIMIT, LIMIT)


def over(who: Officer) -> None:
    """End the wait after the last wrong code."""
    SecondFactor.objects.filter(user=who).update(
        throttling_failure_timestamp=timezone.now() - timedelta(hours=1)
    )


def _step() -> tuple[Officer, Client, dict[str, str]]:
    who, _codes = enrolled()
    return who, opened(who), {}


def _confirm() -> tuple[Officer, Client, dict[str, str]]:
    who = officer()
    client = opened(who)
    client.get(FACTOR)
    return who, client, {"password": PASSWORD}


def _inside(do: str) -> tuple[Officer, Client, dict[str, str]]:
    who, codes = enrolled()
    client = opened(who)
    client.post(STEP, {"code": codes[0]})
    return who, client, {"do": do}


# Each page that takes a code: its address, and somebody before it with what else he sends.
CODES: Final[dict[str, tuple[str, Callable[[], tuple[Officer, Client, dict[str, str]]]]]] = {
    "second step": (STEP, _step), "enrolment": (FACTOR, _confirm),
    "recovery codes": (FACTOR, partial(_inside, "renew")),
    "removal": (FACTOR, partial(_inside, "remove")),
}  # fmt: skip


@pytest.mark.parametrize("page", CODES)
def test_as_many_codes_are_evaluated_as_promised(page: str) -> None:
    address, begun = CODES[page]
    who, client, given = begun()
    before = Officer.objects.get(pk=who.pk).second_factor_at
    kept = list(SecondFactor.objects.values_list("pk", "confirmed", "recovery_codes"))
    answers = []
    for n in range(9):
        over(who)
        answers.append(client.post(address, given | {"code": f"wrong-{n}"}))
    assert [each.status_code for each in answers] == [200] * (LIMIT - 1) + [429] * 5
    assert all(LOCKED in said(each) for each in answers[LIMIT - 1 :])
    assert failures("second_step_failed") == LIMIT
    assert [each[:3] for each in acts()][-2:] == [
        ("second_step_failed", who.pk, who.pk), ("locked", who.pk, who.pk),
    ]  # fmt: skip
    forgive(who)
    assert client.post(address, given | {"code": code(who)}).status_code == 429
    assert sign_in(who.username).status_code == 429
    assert Officer.objects.get(pk=who.pk).second_factor_at == before
    assert list(SecondFactor.objects.values_list("pk", "confirmed", "recovery_codes")) == kept


@pytest.mark.parametrize("page", CODES)
def test_a_code_that_comes_too_early_is_not_evaluated(page: str) -> None:
    address, begun = CODES[page]
    who, client, given = begun()
    forgive(who)
    SecondFactor.objects.filter(user=who).update(
        throttling_failure_count=9, throttling_failure_timestamp=timezone.now()
    )
    answers = [client.post(address, given | {"code": code(who)}) for _each in range(8)]
    assert {each.status_code for each in answers} == {200}
    assert {each.context["form"].errors["code"][0] for each in answers} == {
        "验证码错误次数过多。请在5分钟后再试。"
    }
    assert failures("second_step_failed") == 0
    assert not AccessAttempt.objects.exists()


WAITS: Final = [  # wrong codes before this one, and when the next may come
    (0, "1秒"), (1, "2秒"), (4, "16秒"), (6, "2分钟"), (11, "35分钟"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "again"), WAITS)
def test_after_a_wrong_code_the_time_of_the_next_is_said(before: int, again: str) -> None:
    who, client, _given = _step()
    SecondFactor.objects.filter(user=who).update(throttling_failure_count=before)
    over(who)
    answer = client.post(STEP, {"code": "000000"})
    assert answer.context["form"].errors["code"] == [f"验证码不正确。请在{again}后再试。"]
    assert failures("second_step_failed") == 1


def test_a_right_code_forgives_no_wrong_password() -> None:
    who, client, given = _confirm()
    for n in range(LIMIT - 1):
        assert guess(client, f"guess-{n}").status_code == 200
    assert client.post(FACTOR, given | {"code": code(who)}).context["codes"]
    forgive(who)
    assert client.post(FACTOR, {"do": "renew", "code": code(who)}).context["codes"]
    assert [guess(client, f"last-{n}").status_code for n in range(3)] == [429] * 3
    assert len(evaluated) == LIMIT + 1  # the right one, with which he enrolled


def test_the_count_keeps_nothing_that_was_typed() -> None:
    who, client, given = _confirm()
    guess(client, "My-old-password-1")
    client.post(FACTOR, given | {"code": "123456"})
    sign_in(who.username, "My-other-password-1")
    kept = "".join(AccessAttempt.objects.values_list("post_data", flat=True))
    for secret in ("My-old-password-1", "My-other-password-1", NEW, "123456"):
        assert secret not in kept


def test_the_security_administrator_ends_the_wait_for_codes_too() -> None:
    who, client, _given = _step()
    forgive(who)
    client.post(STEP, {"code": "000000"})
    AccessAttempt.objects.all().delete()
    unlock_officer(officer=who, by=officer(Role.SECURITY_ADMIN))
    assert client.post(STEP, {"code": code(who)}).status_code == 302
