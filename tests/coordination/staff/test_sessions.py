"""Idle sessions end; what a page asks by itself keeps none alive, and no request costs more."""

import re
from datetime import timedelta
from typing import Any, Final

import pytest
from django.conf import settings as conf
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coordination.staff.models import Officer
from coordination.staff.tasks import clear_sessions
from tests.coordination.staff.scene import (
    cheap_passwords,  # noqa: F401 - a fixture
    sign_in,
)
from tests.factories.coordination import PASSWORD, Desk, desk, filed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_passwords")]
LIFE: Final = timedelta(minutes=30)


@pytest.fixture
def at() -> Desk:
    return desk()


def signed_in(who: Officer) -> Client:
    client = Client()
    assert sign_in(who.username, PASSWORD, client).status_code == 302
    return client


def idle_for(client: Client, idle: timedelta) -> None:
    """As if nothing had been asked for so long."""
    session: Any = client.session
    session["renewed_at"] -= int(idle.total_seconds())
    session.save()
    Session.objects.filter(pk=session.session_key).update(expire_date=timezone.now() + LIFE - idle)


def left(client: Client) -> timedelta:
    row = Session.objects.get(pk=client.session.session_key)
    return row.expire_date - timezone.now()


@pytest.mark.parametrize("minutes", [2, 15, 29])
def test_what_an_officer_does_renews_his_session(at: Desk, minutes: int) -> None:
    client = signed_in(at.director)
    idle_for(client, timedelta(minutes=minutes))
    assert client.get("/admin/board/").status_code == 200
    assert LIFE - left(client) < timedelta(seconds=10)


def test_what_a_page_asks_by_itself_does_not(at: Desk) -> None:
    client = signed_in(at.liaison)
    ticket = filed(at)
    idle_for(client, timedelta(minutes=15))
    looking = f"/admin/tickets/ticket/{ticket.pk}/looking/"
    for address in (looking, "/admin/workbench/exportjob/", "/admin/"):
        assert client.get(address, headers={"X-By-Itself": "1"}).status_code == 200
        assert left(client) < timedelta(minutes=15, seconds=1)


@pytest.mark.parametrize("idle", [LIFE, LIFE + timedelta(seconds=1), timedelta(hours=9)])
def test_an_idle_session_ends(at: Desk, idle: timedelta) -> None:
    client = signed_in(at.liaison)
    idle_for(client, idle)
    answer = client.get("/admin/tickets/ticket/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


IDLE = "您因长时间未操作已退出登录，请重新登录。"


def forget_the_session(client: Client) -> None:
    """As a browser does with the session's cookie when its time is over."""
    del client.cookies[conf.SESSION_COOKIE_NAME]


def sign_in_page_after(client: Client) -> str:
    answer = client.get("/admin/", follow=True, headers={"accept-language": "zh-hans"})
    assert answer.redirect_chain[-1][0].startswith("/admin/login/")
    return str(answer.content.decode())


def test_after_an_idle_session_the_page_of_signing_in_says_so(at: Desk) -> None:
    client = signed_in(at.liaison)
    forget_the_session(client)
    assert IDLE in sign_in_page_after(client)
    assert sign_in(at.liaison.username, PASSWORD, client).status_code == 302
    client.post("/admin/logout/")
    assert IDLE not in sign_in_page_after(client)
    assert IDLE not in sign_in_page_after(Client())


def test_a_session_that_somebody_ended_was_not_idle(at: Desk) -> None:
    client = signed_in(at.liaison)
    Session.objects.all().delete()
    assert IDLE not in sign_in_page_after(client)


def test_sessions_that_ended_are_deleted(at: Desk) -> None:
    ended, kept = signed_in(at.liaison), signed_in(at.director)
    idle_for(ended, LIFE)
    clear_sessions()
    assert list(Session.objects.values_list("pk", flat=True)) == [kept.session.session_key]


def test_the_setting_is_the_idle_time(at: Desk, settings: Any) -> None:
    settings.SESSION_COOKIE_AGE = 600
    client = signed_in(at.liaison)
    assert timedelta(minutes=9) < left(client) <= timedelta(minutes=10)


def test_a_request_costs_no_query_more(at: Desk, settings: Any) -> None:
    settings.SECOND_FACTOR, settings.PASSWORD_DAYS = "required", 90
    client = signed_in(at.liaison)
    address = "/admin/second-step/"
    client.get(address)  # whatever is read once
    with CaptureQueriesContext(connection) as found:
        client.get(address)
    asked = [each["sql"] for each in found]
    assert not any(each.startswith(("INSERT", "UPDATE", "SAVEPOINT")) for each in asked)
    assert [re.findall(r'FROM "(\w+)"', each)[0] for each in asked] == [
        "django_session", "staff_officer",
    ]  # fmt: skip


def test_no_page_of_the_public_reads_a_session(at: Desk) -> None:
    client = signed_in(at.liaison)
    for address in ("/upload/", "/problems/", "/api/docs/"):
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        assert [each["sql"] for each in found] == [], address
