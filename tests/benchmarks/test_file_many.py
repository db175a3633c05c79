"""Five hundred filed with one request against as many rows written at once, without a rule (P8).

Both over HTTP, on the same server: the floor is a bare view that reads the same JSON and writes
tickets and events by ``bulk_create``. No two of the tickets are alike. ``make bench-create``.
"""

import itertools
import json
import os
import time
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any, Final

import pytest

from coordination.tickets.models import Ticket
from tests.benchmarks.test_create import floor, served
from tests.coordination.intake.scene import filing, vehicle
from tests.factories.coordination import desk

__all__ = ["floor"]
ROUNDS, MANY = int(os.environ.get("ROUNDS", "2")), int(os.environ.get("MANY", "50"))
LEAST = float(os.environ.get("LEAST", "0.01"))
WARM: Final = 3  # requests: until all that is asked has been prepared
TURNS: Final = 4  # requests of each, in turn, that make a round: one alone says little
_keys = itertools.count()


def one(number: int, project: str) -> dict[str, Any]:
    """A filing like no other of the request."""
    line = vehicle(
        plate=f"豫C{number:05d}", carrier=f"洛阳第{number % 40}物流有限公司",
        driver_name=f"示例司机{number}", driver_mobile=f"139{number:08d}",
        valid_to=vehicle()["valid_to"], origin=("410305", "410311", "410323")[number % 3],
    )  # fmt: skip
    return filing(
        project=project, title=f"第{number}车钢材运输受阻", detail=f"第{number}车在卡口等候放行。",
        contact={"name": f"示例联系人{number}", "mobile": f"138{number:08d}"},
        lines=[{name: value for name, value in line.items() if value}],
    )  # fmt: skip


class Caller:
    """Sends the same many again and again, each time as new ones."""

    def __init__(self, port: int, path: str, token: str, body: str) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.path, self.token, self.body = path, token, body.encode()

    def timed(self) -> float:
        """What one request takes, from its first byte to the answer's last."""
        headers = {
            "Authorization": f"Bearer {self.token}", "Content-Type": "application/json",
            "Idempotency-Key": f"m-{next(_keys)}",
        }  # fmt: skip
        began = time.perf_counter()
        self.connection.request("POST", self.path, self.body, headers)
        answer = self.connection.getresponse()
        said = answer.read()
        took = time.perf_counter() - began
        assert answer.status == 200, said
        assert len(json.loads(said)["results"]) == MANY
        return took


def round_of(bare: Caller, ours: Caller) -> tuple[float, float]:
    """What a request of each takes, seconds."""
    turns = [(bare.timed(), ours.timed()) for _turn in range(TURNS)]
    least, own = (sum(each) / TURNS for each in zip(*turns, strict=True))
    return least, own


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(3600)
def test_many_at_once_against_the_floor(floor: None, tmp_path: Path) -> None:
    at = desk()
    body = json.dumps({"tickets": [one(each, at.project.code) for each in range(MANY)]})
    with (
        served("config.settings", tmp_path / "ours.log") as port,
        served("tests.benchmarks.floor.settings", tmp_path / "floor.log") as floors,
    ):
        ours = Caller(port, "/api/v1/tickets/bulk/", at.token, body)
        bare = Caller(floors, "/many/", "floor", body)
        for _each in range(WARM):
            ours.timed(), bare.timed()
        times = [round_of(bare, ours) for _round in range(ROUNDS)]
    reached = median(least / own for least, own in times)
    least, own = (1000 * median(each) for each in zip(*times, strict=True))
    print(  # noqa: T201 - its result
        f"{MANY} at once, tickets/s ÷ floor: {reached:.2f}; here {own:.0f} ms, floor {least:.0f} ms"
    )
    assert Ticket.objects.count() == MANY * (WARM + TURNS * ROUNDS)
    assert reached > LEAST
