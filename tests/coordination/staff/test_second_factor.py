"""Two factors: enrolled, asked for after the password, required of some, reset by another."""

from binascii import unhexlify
from datetime import timedelta
from typing import Any, Final

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP

from coordination.staff.models import Officer, Role, SecondFactor
from coordination.staff.second_factor import (
    begin_enrolment,
    confirm_enrolment,
    is_required,
    pass_second_step,
    remove_second_factor,
    renew_codes,
    reset_second_factor,
)
from projects.record.models import Act
from projects.record.refusals import Invalid, NotAllowed
from tests.coordination.staff.scene import (
    acts,
    cheap_passwords,  # noqa: F401 - a fixture
    sign_in,
)
from tests.factories.coordination import PASSWORD, officer

FACTOR: Final = "/admin/second-factor/"
STEP: Final = "/admin/second-step/"
DESK: Final = "/admin/"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_passwords")]


def code(who: Officer, *, later: int = 0) -> str:
    """What the app shows, or will show in so many steps of thirty seconds."""
    factor = SecondFactor.objects.get(user=who)
    totp = TOTP(unhexlify(factor.key), drift=later)
    return f"{totp.token():06d}"


def enrolled(role: str = Role.LIAISON) -> tuple[Officer, list[str]]:
    who = officer(role)
    begin_enrolment(by=who)
    return who, confirm_enrolment(
        password=PASSWORD, code=code(who), is_present=who.check_password, by=who
    )


def forgive(who: Officer) -> None:
    """End the wait after wrong codes, and let the present code be used again."""
    for factor in SecondFactor.objects.filter(user=who):
        factor.last_step = -1
        factor.throttle_reset()


def signed_in(who: Officer) -> Client:
    client = Client(headers={"Accept-Language": "zh-hans"})
    assert sign_in(who.username, PASSWORD, client).status_code == 302
    return client


def test_an_officer_enrols_on_the_page() -> None:
    who = officer()
    client = signed_in(who)
    page = client.get(FACTOR)
    text = page.content.decode()
    assert "<svg" in text
    assert page.context["key"] in text
    assert client.get(FACTOR).context["key"] == page.context["key"]  # the same until confirmed
    refused = client.post(FACTOR, {"password": PASSWORD, "code": "000000"})
    assert refused.context["form"].errors["code"] == ["验证码不正确。请在1秒后再试。"]
    assert Officer.objects.get(pk=who.pk).second_factor_at is None
    forgive(who)
    shown = client.post(FACTOR, {"password": PASSWORD, "code": code(who)})
    assert len(set(shown.context["codes"])) == 10
    assert all(each in shown.content.decode() for each in shown.context["codes"])
    assert client.get(DESK).status_code == 200  # this session passed it already
    assert [each[0] for each in acts()] == ["sign_in", "second_step_failed", "second_factor_added"]


def test_a_dump_holds_neither_the_key_nor_a_code() -> None:
    who, codes = enrolled()
    key = SecondFactor.objects.get(user=who).key
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(s)::text FROM staff_secondfactor s")
        dump = str(cursor.fetchall())
    for secret in (key, unhexlify(key).hex().upper(), *codes, *(c.replace("-", "") for c in codes)):
        assert secret not in dump


def test_after_the_password_nothing_opens_before_the_code() -> None:
    who, _codes = enrolled()
    client = signed_in(who)
    forgive(who)
    wanted = "/admin/tickets/ticket/?status=open"
    for address in (wanted, FACTOR, "/admin/password_change/", "/admin/search/?s=x"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, STEP), address
    typed = {"password": "new", "old": PASSWORD, "again": "new"}
    assert client.post("/admin/password_change/", typed)["Location"].startswith(STEP)
    step = client.get(wanted)["Location"]
    assert "动态验证码" in client.get(step).content.decode()
    before = client.session.session_key
    answer = client.post(step, {"code": code(who)})
    assert (answer.status_code, answer["Location"]) == (302, wanted)
    assert client.session.session_key != before
    assert client.get(wanted).status_code == 200


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example/x", "javascript:alert(1)"])
def test_the_second_step_leads_nowhere_else(to: str) -> None:
    who, _codes = enrolled()
    client = signed_in(who)
    forgive(who)
    answer = client.post(f"{STEP}?next={to}", {"code": code(who)})
    assert (answer.status_code, answer["Location"]) == (302, DESK)


WRONG: Final = ["000000", "", "abcdef", "١٢٣٤٥٦", "9" * 30, "aaaa-bbbb-cccc-dddd"]


@pytest.mark.parametrize("typed", WRONG)
def test_a_wrong_code_is_refused_and_makes_the_next_wait(typed: str) -> None:
    who, _codes = enrolled()
    client = signed_in(who)
    forgive(who)
    refused = client.post(STEP, {"code": typed})
    assert (refused.status_code, bool(refused.context["form"].errors["code"])) == (200, True)
    assert client.get(DESK)["Location"].startswith(STEP)
    if typed:
        waits = client.post(STEP, {"code": code(who)})
        assert waits.context["form"].errors["code"] == ["验证码错误次数过多。请在1秒后再试。"]
        assert [each[0] for each in acts()][-2:] == ["sign_in", "second_step_failed"]
        SecondFactor.objects.filter(user=who).update(
            throttling_failure_timestamp=timezone.now() - timedelta(seconds=2)
        )
    assert client.post(STEP, {"code": code(who)}).status_code == 302
    assert [each[0] for each in acts()][-1] == "second_step"


def test_a_code_opens_once() -> None:
    who, codes = enrolled()
    for again in (code(who), code(who, later=-1)):
        with pytest.raises(Invalid):
            pass_second_step(code=again, by=who)
        SecondFactor.objects.get(user=who).throttle_reset()
    pass_second_step(code=code(who, later=1), by=who)
    pass_second_step(code=codes[0].upper().replace("-", " "), by=who)
    with pytest.raises(Invalid):
        pass_second_step(code=codes[0], by=who)
    assert len(SecondFactor.objects.get(user=who).recovery_codes) == 9


def test_new_recovery_codes_replace_the_former() -> None:
    who, codes = enrolled()
    client = signed_in(who)
    client.post(STEP, {"code": codes[0]})
    assert client.get(FACTOR).context["left"] == 9
    shown = client.post(FACTOR, {"do": "renew", "code": codes[1]})
    renewed = shown.context["codes"]
    assert (len(renewed), set(renewed) & set(codes)) == (10, set())
    with pytest.raises(Invalid):
        pass_second_step(code=codes[2], by=who)
    SecondFactor.objects.get(user=who).throttle_reset()
    pass_second_step(code=renewed[0], by=who)


def test_it_is_removed_with_a_code_alone() -> None:
    who, codes = enrolled()
    client = signed_in(who)
    client.post(STEP, {"code": codes[0]})
    client.post(FACTOR, {"do": "remove", "code": "000000"})
    assert Officer.objects.get(pk=who.pk).second_factor_at is not None
    forgive(who)
    assert client.post(FACTOR, {"do": "remove", "code": codes[1]}).status_code == 302
    assert client.get(DESK).status_code == 200
    assert not SecondFactor.objects.filter(user=who).exists()
    assert signed_in(who).get(DESK).status_code == 200


REQUIRED: Final = {
    Role.LIAISON: False, Role.GROUP_LEAD: False, Role.AUDITOR: True, Role.DUTY_DESK: True,
    Role.DIRECTOR: True, Role.SYSTEM_ADMIN: True, Role.SECURITY_ADMIN: True,
    Role.LEADER: False, Role.DISTRICT_REPORTER: False,
}  # fmt: skip


def test_who_may_change_accounts_keys_or_terms_needs_one(settings: Any) -> None:
    assert set(REQUIRED) == set(Role)
    people = {role: officer(role) for role in Role}
    settings.SECOND_FACTOR = "offered"
    assert not any(map(is_required, people.values()))
    settings.SECOND_FACTOR = "required"
    assert {role: is_required(who) for role, who in people.items()} == REQUIRED
    for role in (Role.SYSTEM_ADMIN, Role.AUDITOR):
        answer = signed_in(people[role]).get(DESK)
        assert answer.get("Location", "").startswith(FACTOR) == REQUIRED[role]


def test_whoever_needs_one_keeps_it(settings: Any) -> None:
    settings.SECOND_FACTOR = "required"
    who, codes = enrolled(Role.DIRECTOR)
    with pytest.raises(NotAllowed):
        remove_second_factor(code=codes[0], by=who)
    assert len(renew_codes(code=codes[0], by=who)) == 10


def test_the_security_administrator_resets_it() -> None:
    who, codes = enrolled(Role.SECURITY_ADMIN)
    client = signed_in(who)
    client.post(STEP, {"code": codes[0]})
    others = [officer(role) for role in (Role.SYSTEM_ADMIN, Role.DIRECTOR, Role.AUDITOR)]
    for by in (who, *others):
        with pytest.raises(NotAllowed):
            reset_second_factor(officer=who, by=by)
    assert client.get(DESK).status_code == 200
    by = officer(Role.SECURITY_ADMIN)
    reset_second_factor(officer=who, by=by)
    assert acts()[-1][:3] == ("second_factor_reset", by.pk, who.pk)
    assert client.get(DESK)["Location"].startswith("/admin/login/")  # his sessions have ended
    assert client.get(DESK)["Location"].startswith("/admin/login/")
    assert signed_in(who).get(DESK).status_code == 200
    with pytest.raises(NotAllowed):
        reset_second_factor(officer=who, by=by)


def test_the_server_resets_the_last_ones() -> None:
    who, _codes = enrolled(Role.SECURITY_ADMIN)
    call_command("reset_second_factor", who.username)
    assert acts()[-1][:3] == ("second_factor_reset", None, who.pk)
    for name in (who.username, "nobody"):
        with pytest.raises(CommandError):
            call_command("reset_second_factor", name)
    assert Act.objects.filter(what="second_factor_reset").count() == 1


@pytest.mark.parametrize("password", ["", "a-long-password-2", PASSWORD.upper()])
def test_nobody_enrols_in_a_session_that_stands_open(password: str) -> None:
    who = officer()
    client = signed_in(who)
    client.get(FACTOR)
    said = client.post(FACTOR, {"password": password, "code": code(who)}).context["form"].errors
    assert list(said) == ["password"]
    assert Officer.objects.get(pk=who.pk).second_factor_at is None
    assert [each.confirmed for each in SecondFactor.objects.filter(user=who)] == [False]
    assert Act.objects.filter(what="second_factor_added").count() == 0
    guessed = Act.objects.filter(what="sign_in_failed", officer=who).count()
    assert guessed == int(bool(password))


def test_another_session_is_asked_once_one_is_enrolled() -> None:
    who = officer()
    here, there = signed_in(who), signed_in(who)
    here.get(FACTOR)
    here.post(FACTOR, {"password": PASSWORD, "code": code(who)})
    assert here.get(DESK).status_code == 200
    assert there.get(DESK)["Location"].startswith(STEP)
