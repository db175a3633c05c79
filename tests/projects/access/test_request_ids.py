"""Every answer has an id, and so has every line of the log that is written for it."""

import logging
import re
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.log import configure_logging

pytestmark = pytest.mark.django_db
ADDRESSES = ("/healthz", "/api/v1/tickets/", "/api/v1/nowhere/", "/admin/login/", "/nowhere",
             "/problems/", "/static/house/favicon.svg", "/api/v1/tickets/?x=%00")  # fmt: skip


def test_every_answer_has_one() -> None:
    for address in ADDRESSES:
        answers = [Client().get(address)["X-Request-ID"] for _each in range(2)]
        assert all(re.fullmatch("[0-9a-f]{32}", each) for each in answers), address
        assert answers[0] != answers[1]


@pytest.mark.parametrize(
    ("given", "is_taken"),
    [
        ("order-4711", True), ("a", True), ("0af7651916cd43dd:8448eb211c80319c.1", True),
        ("x" * 128, True), ("x" * 129, False), ("", False), ("a b", False), ("订单", False),
        ("a\tb", False), ('"', False),
    ],
)  # fmt: skip
def test_the_callers_own_is_taken_if_it_can_stand_in_a_log(given: str, is_taken: bool) -> None:  # noqa: FBT001 - a parameter
    answer = Client(headers={"X-Request-ID": given}).get("/api/v1/tickets/")
    assert (answer["X-Request-ID"] == given) == is_taken
    assert re.fullmatch(r"[\w.:-]{1,128}", answer["X-Request-ID"], re.ASCII)


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the process writes to its console, as the settings have it."""
    configure_logging("logging.config.dictConfig", settings.LOGGING)
    written = StringIO()
    for name in ("", "django"):
        (console,) = (
            each for each in logging.getLogger(name).handlers if each.get_name() == "console"
        )
        monkeypatch.setattr(console, "stream", written)
    return written


def test_every_line_for_a_request_has_it(log: StringIO) -> None:
    Client(headers={"X-Request-ID": "order-4711"}).get(
        "/api/v1/tickets/", headers={"Authorization": "Bearer nobody.nothing"}
    )
    logging.getLogger("elsewhere").warning("no request")
    lines = log.getvalue().splitlines()
    ours = [line for line in lines if "[order-4711]" in line]
    assert len(ours) == 2  # the key that was refused, and the status
    assert [line for line in lines if line.endswith("WARNING elsewhere [-] no request")]
    assert lines == [*ours, lines[-1]]


def test_no_line_has_the_secret_of_a_link(log: StringIO) -> None:
    """Whatever the status: the address may be one that still opens something."""
    token = "A-_" * 14 + "z"
    assert len(token) == 43
    too_large: dict[str, Any] = {"CONTENT_LENGTH": str(10**12)}
    answers = [
        Client().get(f"/referral/{token}/"), Client().post(f"/referral/{token}/", **too_large),
        Client().put(f"/referral/{token}/"), Client().get(f"/wall/{token}/"),
    ]  # fmt: skip
    assert [each.status_code for each in answers] == [404, 413, 405, 404]
    written = log.getvalue()
    assert written.count("/referral/***/") == 3
    assert token not in written
