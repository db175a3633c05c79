"""The bed itself: what the other tests lean on."""

import socket
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from config.celery import app
from coordination.parties.models import Department
from tests.bed.browser import FLAGS
from tests.bed.races import race
from tests.bed.stack import LiveStack, wait_for


def leave_a_session(key: str = "left") -> str:
    Session.objects.create(session_key=key, session_data="", expire_date=timezone.now())
    return key


@pytest.mark.django_db
def test_tests_run_as_the_applications_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('is_superuser')")
        assert cursor.fetchone() == ("zhitongche_app", "off")


def test_cache_is_a_real_valkey() -> None:
    cache.set("x", 1)
    assert cache.get("x") == 1


def test_the_world_is_out_of_reach() -> None:
    with pytest.raises(PermissionError, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_commits_is_gone_after_it(turn: int) -> None:
    assert not Session.objects.exists()
    assert ContentType.objects.exists(), "what the migrations wrote stays"
    leave_a_session()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_what_the_migrations_wrote_is_as_it_was(turn: int) -> None:
    assert not Department.objects.filter(name="changed").exists()
    assert Department.objects.filter(pk=1).update(name="changed") == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_table_that_has_grown_gives_back_its_space(turn: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('django_session')")
        assert cursor.fetchone() < (256 * 1024,)
    many = [
        Session(session_key=str(each), session_data="x" * 500, expire_date=timezone.now())
        for each in range(1000)
    ]
    Session.objects.bulk_create(many)


@pytest.mark.django_db(transaction=True)
def test_numbers_begin_again() -> None:
    highest = max(ContentType.objects.values_list("pk", flat=True))
    assert ContentType.objects.create(app_label="bed", model="row").pk == highest + 1


def test_two_connections_see_what_is_committed(
    second_connection: psycopg.Connection[Any],
) -> None:
    leave_a_session("seen")
    found = second_connection.execute("SELECT session_key FROM django_session").fetchall()
    assert found == [("seen",)]


@pytest.mark.django_db(transaction=True)
def test_a_race_has_one_winner() -> None:
    gate = Barrier(2)

    def claim() -> str:
        gate.wait(timeout=60)  # both hold a connection of their own by now
        return leave_a_session("claimed")

    outcomes = race(claim, claim)
    assert sorted(outcome.error is None for outcome in outcomes) == [False, True]
    assert Session.objects.count() == 1


def test_the_owner_owns_the_tables(owner_cursor: psycopg.Cursor[Any]) -> None:
    owner_cursor.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
    assert owner_cursor.fetchall() == [("zhitongche_owner",)]


def test_a_real_worker_consumes(live_stack: LiveStack) -> None:
    sent = app.send_task("celery.accumulate", args=[1])
    wait_for(lambda: f"[{sent.id}] succeeded" in live_stack.log.read_text())


@pytest.mark.browser
def test_a_real_browser_clicks(page: Any) -> None:
    assert "--no-sandbox" in FLAGS
    page.set_content("<button onclick=\"this.textContent='销号'\">受理</button>")
    page.get_by_role("button", name="受理").click()
    assert page.get_by_role("button").inner_text() == "销号"
    assert page.goto("/").status < 500
