"""Signing in as a person does, and a hasher that counts what is evaluated."""

from typing import Any, Final

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.test import Client

from coordination.staff.models import Officer, Role
from projects.record.models import Act
from tests.factories.coordination import PASSWORD, officer

LOGIN: Final = "/admin/login/"
HASHERS: Final = [f"{__name__}.Counting"]
evaluated: list[str] = []


class Counting(PBKDF2PasswordHasher):
    """Cheap, and it writes down each password that it hashes."""

    algorithm = "counting"
    iterations = 1

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        evaluated.append(password)
        return super().encode(password, salt, iterations)


@pytest.fixture
def cheap_passwords(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here they are checked hundreds of times."""
    settings.PASSWORD_HASHERS = HASHERS
    monkeypatch.setattr("tests.factories.coordination._hashed", make_password)
    evaluated.clear()


def counted(role: str = Role.LIAISON) -> Officer:
    """An officer; whatever is hashed from now on is counted."""
    made = officer(role)
    evaluated.clear()
    return made


def sign_in(
    username: str, password: str = PASSWORD, client: Client | None = None, **meta: Any
) -> Any:
    """The answer to what was typed."""
    typed = {"username": username, "password": password, "next": "/admin/"}
    return (client or Client(headers={"Accept-Language": "zh-hans"})).post(LOGIN, typed, **meta)


def acts() -> list[tuple[str, int | None, int | None, str | None]]:
    """What was recorded: the act, who, which row it is about, and from where."""
    rows = Act.objects.order_by("pk")
    return list(rows.values_list("what", "officer_id", "about_id", "address"))
