"""Guesses at a password over HTTP, a few at a time. `make guesses` sends a thousand."""

import http.client
import itertools
import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urlsplit

import pytest

from coordination.staff.models import Role
from projects.record.models import Act
from tests.bed.web import web_server
from tests.factories.coordination import PASSWORD, officer
from tests.faults.bed import report, size

_AT_ONCE: Final = 8
_PROMISED: Final = 5  # by default of SIGN_IN_FAILURES
_LOGIN: Final = "/admin/login/"
_numbers = itertools.count()


class Guesser:
    """A client with a form and its cookie, that calls from one address of this machine."""

    def __init__(self, url: str, address: str) -> None:
        self.place, self.address = urlsplit(url).netloc, address
        page = self._ask("GET", None, {})
        self.cookie = (page.getheader("Set-Cookie") or "").partition(";")[0]
        found = re.search(rb'csrfmiddlewaretoken" value="(\w+)"', page.read())
        assert found is not None
        self.token = found[1].decode()

    def _ask(
        self, method: str, body: str | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(
            self.place, timeout=120, source_address=(self.address, 0)
        )
        connection.request(method, _LOGIN, body, headers)
        return connection.getresponse()

    def try_password(self, username: str, password: str) -> tuple[int, float]:
        """The status, and how long it took; the header says another address each time."""
        n = next(_numbers)
        body = urlencode({
            "username": username, "password": password, "csrfmiddlewaretoken": self.token,
        })  # fmt: skip
        headers = {
            "Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": f"198.51.{n // 250}.{n % 250}", "User-Agent": f"browser {n}",
        }  # fmt: skip
        began = time.monotonic()
        answer = self._ask("POST", body, headers)
        answer.read()
        return answer.status, time.monotonic() - began


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(1800)
def test_few_of_many_guesses_are_evaluated(tmp_path: Path) -> None:
    victim, many = officer(Role.DIRECTOR), size("GUESSES", 24)
    with web_server(tmp_path / "web.log") as url:
        guesser = Guesser(url, "127.0.0.1")
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            tries = [
                pool.submit(guesser.try_password, victim.username, f"guess-{n}")
                for n in range(many)
            ]
            answers = [each.result() for each in tries]
        answers += [guesser.try_password(victim.username, f"last-{n}") for n in range(10)]
        evaluated = Act.objects.filter(what="sign_in_failed", about_id=victim.pk).count()
        elsewhere = Guesser(url, "127.0.0.2").try_password(victim.username, PASSWORD)
    assert {status for status, _took in answers} <= {200, 429}
    assert evaluated == _PROMISED
    assert Act.objects.filter(what="locked", about_id=victim.pk).count() == 1
    assert elsewhere[0] == 302
    refused = statistics.median(took for status, took in answers if status == 429)
    report(
        f"{many} guesses, {_AT_ONCE} at a time: {evaluated} evaluated; a refused one takes "
        f"{refused * 1000:.0f} ms, the right one from elsewhere {elsewhere[1] * 1000:.0f} ms"
    )
