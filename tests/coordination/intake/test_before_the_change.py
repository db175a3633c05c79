"""What takes long is done before a change begins, and a stored answer comes before it all.

Whoever looks a name up or hashes a password tries to take the lock between writers for itself.
"""

import socket
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from coordination.delivery.models import WebhookEndpoint
from coordination.staff.models import Role
from coordination.staff.passwords import change_own_password, set_password
from coordination.staff.revise import add_first_officer
from projects.access.models import IdempotentRequest
from projects.files.sandbox.run import Turn
from projects.progress.models import DailyReport
from projects.record.clock import RECORD_LOCK, now
from projects.register.models import ProjectParticipant
from tests.coordination.delivery.test_client import named
from tests.coordination.delivery.webhooks.scene import key_of
from tests.coordination.intake.scene import client_with
from tests.coordination.tickets.attachments.corpus import pdf, sent
from tests.factories.coordination import PASSWORD, desk, filed, officer

pytestmark = pytest.mark.django_db(transaction=True)
WEBHOOKS = "/api/v1/webhooks/"
ANOTHER = "Another-password-7"
type Watch = Callable[[], None]


@pytest.fixture
def seen(second_connection: psycopg.Connection[Any]) -> list[bool]:
    """Whether the record was free each time that something slow was done; filled by ``watch``."""
    found: list[bool] = []
    Watching.watch = partial(_watch, second_connection, found)
    return found


def _watch(connection: psycopg.Connection[Any], found: list[bool]) -> None:
    row = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [RECORD_LOCK]).fetchone()
    connection.rollback()
    assert row is not None
    found.append(row[0])


class Watching(PBKDF2PasswordHasher):
    """Sees whether a change is under way while it hashes."""

    algorithm = "watching"
    iterations = 1
    watch: Watch

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        Watching.watch()
        return super().encode(password, salt, iterations)


def test_no_name_is_looked_up_within_a_change(
    seen: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_with(key_of(desk())[1])
    answers, usual = named("93.184.216.34"), socket.getaddrinfo

    def look_up(host: str, port: int, *beside: Any, **options: Any) -> Any:
        if not host.endswith(".example.com"):
            return usual(host, port, *beside, **options)
        if not options["flags"]:  # an address that is written out is known without asking
            Watching.watch()
        return answers(host, port, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    body = {"url": "https://erp.example.com/hook"}
    assert client.post(WEBHOOKS, body).status_code == 400  # no key: only its mistakes are sought
    made: Any = client.post(WEBHOOKS, body, headers={"Idempotency-Key": "k"})
    assert (made.status_code, seen) == (201, [True, True])
    again: Any = client.post(WEBHOOKS, body, headers={"Idempotency-Key": "k"})
    assert (again.json(), seen) == ({**made.json(), "secret": None}, [True, True])
    other = {"url": "https://other.example.com/hook"}
    path = f"{WEBHOOKS}{made.json()['id']}/"
    changed: Any = client.patch(path, other, headers={"If-Match": made["ETag"]})
    assert (changed.status_code, seen) == (200, [True] * 3)
    assert WebhookEndpoint.objects.get().host == "other.example.com"


def test_no_password_is_hashed_within_a_change(seen: list[bool], settings: Any) -> None:
    administrator, other = officer(Role.SYSTEM_ADMIN), officer(Role.LIAISON)
    settings.PASSWORD_HASHERS = [f"{__name__}.Watching", *settings.PASSWORD_HASHERS]
    set_password(officer=other, password=ANOTHER, again=ANOTHER, by=administrator)
    assert seen == [True]
    change_own_password(
        old=PASSWORD, password=ANOTHER, again=ANOTHER, is_present=administrator.check_password,
        by=administrator,
    )  # fmt: skip
    add_first_officer(
        username="first", name="甲", password=ANOTHER, again=ANOTHER, role=Role.SECURITY_ADMIN
    )
    assert seen == [True] * len(seen)
    assert len(seen) >= 3


def test_a_stored_answer_comes_before_the_file_is_read_again() -> None:
    at = desk()
    ticket, client = filed(at), client_with(key_of(at)[1])

    def attach() -> Any:
        return client.post(
            f"/api/v1/tickets/{ticket.number}/attachments/", {"file": sent("a.pdf", pdf())},
            format="multipart", headers={"Idempotency-Key": "k"},
        )  # fmt: skip

    first = attach()
    with Turn():  # nothing can be read: it would be 503
        again = attach()
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.json(), again["Idempotent-Replayed"]) == (first.json(), "true")
    assert IdempotentRequest.objects.count() == 1


def test_a_stored_answer_comes_before_the_object_is_looked_for() -> None:
    """Even where it is gone in the meantime, or the caller has no more to do with it."""
    at = desk()
    client = client_with(key_of(at)[1])
    made: Any = client.post(
        WEBHOOKS, {"url": "https://127-0-0-1.invalid/"}, headers={"Idempotency-Key": "a"}
    )
    hook = f"{WEBHOOKS}{made.json()['id']}/"
    day = timezone.localdate(now())
    asked = {
        f"{hook}secret/": {"overlap_hours": 1},
        f"{hook}test/": {},
        f"/api/v1/projects/{at.project.code}/reports/": {"day": f"{day}", "resumed": True},
    }

    def ask(path: str, key: str) -> Any:
        return client.post(path, asked[path], headers={"Idempotency-Key": key})

    first = {path: ask(path, "k") for path in asked}
    assert {each.status_code for each in first.values()} == {201}
    etag: Any = client.get(hook)["ETag"]
    assert client.delete(hook, headers={"If-Match": etag}).status_code == 204
    ended = DateRange(day - timedelta(days=9), day - timedelta(days=1))
    ProjectParticipant.objects.filter(project=at.project).update(during=ended)
    for path, answer in first.items():
        again = ask(path, "k")
        shown = answer.json() | ({"secret": None} if "secret" in answer.json() else {})
        assert (again.status_code, again.json()) == (201, shown)
        assert ask(path, "other").status_code == 404
    assert DailyReport.objects.count() == 1
