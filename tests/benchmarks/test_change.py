"""One verb on a ticket over HTTP against the bare change of a state with its event (P7).

``make bench-change`` runs it in full. Each ticket is changed once, so each round files its own.
"""

import itertools
import json
import os
import time
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from tests.benchmarks.test_create import floor, served
from tests.coordination.intake.scene import filing
from tests.factories.coordination import desk

__all__ = ["floor"]
ROUNDS, CHANGES = int(os.environ.get("ROUNDS", "2")), int(os.environ.get("CHANGES", "10"))
MOST = float(os.environ.get("MOST", "20"))
_keys = itertools.count()


class Caller:
    """Files tickets, then changes each, on a connection that is kept."""

    def __init__(self, port: int, path: str, token: str, body: dict[str, Any]) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.path, self.token, self.body = path, token, body

    def _post(self, path: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
        own = {
            "Authorization": f"Bearer {self.token}", "Content-Type": "application/json",
            "Idempotency-Key": f"c-{next(_keys)}", **headers,
        }  # fmt: skip
        self.connection.request("POST", path, json.dumps(body), own)
        answer = self.connection.getresponse()
        said: dict[str, Any] = json.loads(answer.read())
        assert answer.status in {200, 201}, said
        return said

    def round(self) -> float:
        """What one change takes, of so many."""
        numbers = [self._post(self.path, self.body)["number"] for _each in range(CHANGES)]
        return median(self._timed(number) for number in numbers)

    def _timed(self, number: str) -> float:
        began = time.perf_counter()
        headers = {"If-Match": '"v1"'}
        said = self._post(f"{self.path}{number}/withdraw/", {"reason": "已自行解决"}, **headers)
        assert said["status"] == "withdrawn"
        return time.perf_counter() - began


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(3600)
def test_a_verb_against_the_bare_change(floor: None, tmp_path: Path) -> None:
    at = desk()
    body = filing(project=at.project.code)
    body["lines"][0] = {name: value for name, value in body["lines"][0].items() if value}
    with (
        served("config.settings", tmp_path / "ours.log") as ours,
        served("tests.benchmarks.floor.settings", tmp_path / "floor.log") as floors,
    ):
        own = Caller(ours, "/api/v1/tickets/", at.token, body)
        least = Caller(floors, "/framework/", "floor", body)
        for each in (own, least):
            each.round()  # warm
        found = median(own.round() / least.round() for _round in range(ROUNDS))
    print(f"a verb ÷ the bare change of state and event: {found:.2f}")  # noqa: T201 - its result
    assert found < MOST
