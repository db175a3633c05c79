"""Filing one over HTTP against the least that could be written in its place (P1, P2).

The floors write a ticket and its event into tables of their own on the same server, one by Django
alone, one by DRF with a serializer and a token. For figures worth reading: ``make bench-create``.
"""

import itertools
import json
import os
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import pytest

from config.commands import SERVICES
from config.embedded import PROJECT
from config.processes import Spec, spawn, stop
from tests.bed.stack import python, wait_for
from tests.benchmarks.floor.models import NO_TABLES, TABLES
from tests.coordination.intake.scene import filing
from tests.factories.coordination import desk

ROUNDS, REQUESTS = int(os.environ.get("ROUNDS", "2")), int(os.environ.get("REQUESTS", "24"))
CLIENTS = 8
LEAST = float(os.environ.get("LEAST", "0.05"))
_keys = itertools.count()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(settings: str, log: Path) -> Iterator[int]:
    """The web server as it is run, with these settings; its port."""
    port = free_port()
    environment = {
        "DJANGO_SETTINGS_MODULE": settings, "PORT": str(port), "HOST": "127.0.0.1",
        "PYTHONPATH": str(PROJECT), "WEB_WORKERS": "2",
    }  # fmt: skip
    spec = Spec("web", python(SERVICES["web"]), environment=environment, log=log)
    process = spawn(spec)
    try:
        wait_for(lambda: _listens(port), seconds=90)
        yield port
    finally:
        stop(process, spec)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Caller:
    """A connection that is kept while it is used, and how long each answer took."""

    def __init__(self, port: int, path: str, token: str, body: dict[str, Any]) -> None:
        self.port, self.path, self.token, self.body = port, path, token, json.dumps(body)

    def _file(self, connection: HTTPConnection) -> float:
        headers = {
            "Authorization": f"Bearer {self.token}", "Content-Type": "application/json",
            "Idempotency-Key": f"k-{next(_keys)}",
        }  # fmt: skip
        began = time.perf_counter()
        connection.request("POST", self.path, self.body, headers)
        answer = connection.getresponse()
        said = answer.read()
        assert answer.status == 201, said
        return time.perf_counter() - began

    def many(self, number: int) -> list[float]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        times = [self._file(connection) for _each in range(number)]
        connection.close()
        return times


def rate(callers: list[Caller], number: int) -> float:
    """Requests a second, by all of them at once."""
    with ThreadPoolExecutor(len(callers)) as pool:
        began = time.perf_counter()
        done = [pool.submit(each.many, number // len(callers)) for each in callers]
        count = sum(len(each.result()) for each in done)
        return count / (time.perf_counter() - began)


@pytest.fixture
def floor(owner_cursor: Any) -> Iterator[None]:
    owner_cursor.execute(NO_TABLES + ";" + TABLES)
    owner_cursor.execute("INSERT INTO floor_token VALUES ('floor', 1)")
    yield
    owner_cursor.execute(NO_TABLES)


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(3600)
def test_filing_against_the_floor(floor: None, tmp_path: Path) -> None:
    at = desk()
    body = filing(project=at.project.code)
    body["lines"][0] = {name: value for name, value in body["lines"][0].items() if value}
    with (
        served("config.settings", tmp_path / "ours.log") as ours,
        served("tests.benchmarks.floor.settings", tmp_path / "floor.log") as floors,
    ):
        places = {
            "bare": (floors, "/bare/", "floor"), "framework": (floors, "/framework/", "floor"),
            "ours": (ours, "/api/v1/tickets/", at.token),
        }  # fmt: skip
        callers = {
            name: [Caller(*place, body) for _each in range(CLIENTS)]
            for name, place in places.items()
        }
        for each in callers.values():
            rate(each, 3 * CLIENTS)  # both of the server's processes are warm
        rates = [{name: rate(each, REQUESTS) for name, each in callers.items()}
                 for _round in range(ROUNDS)]  # fmt: skip
        alone = [{name: each[0].many(REQUESTS // 2) for name, each in callers.items()}
                 for _round in range(ROUNDS)]  # fmt: skip
    many = {name: median(each["ours"] / each[name] for each in rates) for name in places}
    single = {
        name: median(median(each["ours"]) / median(each[name]) for each in alone) for name in places
    }
    took = {name: [1000 * median(each[name]) for each in alone] for name in places}
    own = [time for each in alone for time in each["ours"]]
    tail = quantiles(own, n=20)[-1] / median(own)
    print(  # noqa: T201 - its result
        f"8 clients, req/s ÷ floor: DRF {many['framework']:.2f}, bare {many['bare']:.2f}; "
        f"alone, p50 ÷ floor: DRF {single['framework']:.2f}, bare {single['bare']:.2f}; "
        f"p95 ÷ p50 {tail:.2f}; here, alone: "
        + ", ".join(f"{name} {median(took[name]):.1f} ms" for name in places)
    )
    assert many["framework"] > LEAST
