"""No password is hashed while a change holds its lock, for which bulletins and lists wait."""

from collections.abc import Callable
from io import StringIO
from typing import Any, Final

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import call_command
from django.db import connection
from django.test import Client

from coordination.staff.models import Officer, Role
from projects.record.clock import RECORD_LOCK, change
from tests.coordination.staff.scene import sign_in
from tests.factories.coordination import PASSWORD, officer

NEW: Final = "Zhongdian-2026"
pytestmark = pytest.mark.django_db(transaction=True)
hashed: list[tuple[str, bool]] = []


def is_held() -> bool:
    """Whether this connection holds the lock of a change."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s"
            " AND pid = pg_backend_pid()",
            [RECORD_LOCK],
        )
        return bool((cursor.fetchone() or (0,))[0])


class Watching(PBKDF2PasswordHasher):
    """Cheap, and it writes down what it hashes, and whether a change holds its lock."""

    algorithm = "watching"
    iterations = 1

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        hashed.append((password, is_held()))
        return super().encode(password, salt, iterations)


@pytest.fixture(autouse=True)
def _watched(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Watching"]
    monkeypatch.setattr("sys.stdin", StringIO(f"{NEW}\n"))


def _signed_in(who: Officer) -> Client:
    client = Client()
    client.force_login(who)
    return client


def _own() -> None:
    who, client = officer(), Client()
    Officer.objects.filter(pk=who.pk).update(password=_of(who))
    assert sign_in(who.username, PASSWORD, client).status_code == 302
    typed = {"old": PASSWORD, "password": NEW, "again": NEW}
    assert client.post("/admin/password_change/", typed).status_code == 302


def _of(who: Officer) -> str:
    who.set_password(PASSWORD)
    return who.password


def _anothers() -> None:
    client = _signed_in(officer(Role.SYSTEM_ADMIN))
    page = f"/admin/staff/officer/{officer().pk}/set-password/"
    assert client.post(page, {"password": NEW, "again": NEW}).status_code == 302


def _a_new_account() -> None:
    client = _signed_in(officer(Role.SYSTEM_ADMIN))
    typed = {"username": "lisi", "name": "李四", "mobile": "", "password1": NEW, "password2": NEW}
    answer = client.post("/admin/staff/officer/add/", typed | {"usable_password": "true"})
    assert answer.status_code == 302


def _on_the_server() -> None:
    call_command("changepassword", officer().username, stdout=StringIO())


def _the_first() -> None:
    call_command("first_administrator", "--username", "a", "--name", "甲", stdout=StringIO())


WAYS: Final[dict[str, Callable[[], None]]] = {
    "one's own": _own, "another's": _anothers, "a new account": _a_new_account,
    "on the server": _on_the_server, "the first administrator": _the_first,
}  # fmt: skip


def test_the_lock_is_seen() -> None:
    assert not is_held()
    with change():
        assert is_held()
    assert not is_held()


@pytest.mark.parametrize("way", WAYS)
def test_a_password_is_hashed_before_the_change_begins(way: str) -> None:
    hashed.clear()
    WAYS[way]()
    assert (NEW, False) in hashed
    assert [each for each in hashed if each[1]] == []
