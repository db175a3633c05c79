"""Clients that file, and come again with the same key until they know that it is filed."""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from tests.coordination.intake.scene import filing

_LONGEST = 150  # seconds after which a client gives up; the test then fails
_PAUSE = 0.15


@dataclass
class Filed:
    """What one filing came to, and what was said on the way."""

    key: str
    number: str = ""
    seconds: float = 0.0  # of the request that succeeded
    said: list[str] = field(default_factory=list)  # each answer that was not 201


@dataclass
class Client:
    """One enterprise's software."""

    address: str
    token: str
    project: str

    def post(self, key: str, **changes: Any) -> tuple[int, Message, Any]:
        """One request; status 0 where there was no answer."""
        host = self.address.removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=30)
        headers = {
            "Authorization": f"Bearer {self.token}", "Content-Type": "application/json",
            "Idempotency-Key": key,
        }  # fmt: skip
        body = json.dumps(filing(project=self.project, **changes)).encode()
        try:
            connection.request("POST", "/api/v1/tickets/", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, json.loads(answer.read())
        except (OSError, http.client.HTTPException):
            return 0, Message(), None
        finally:
            connection.close()

    def file(self, key: str) -> Filed:
        """Until it is filed."""
        filed, deadline = Filed(key), time.monotonic() + _LONGEST
        while time.monotonic() < deadline:
            began = time.monotonic()
            status, headers, body = self.post(key)
            if status == 201:
                filed.number, filed.seconds = body["number"], time.monotonic() - began
                return filed
            kind = body["type"].rpartition("/")[2] if isinstance(body, dict) else "no answer"
            filed.said.append(f"{status} {kind}" + (" +" if "Retry-After" in headers else ""))
            time.sleep(_PAUSE)
        return filed


class Load:
    """Several clients, one filing after the other, until so many are filed or it is stopped."""

    def __init__(self, client: Client, *, prefix: str, most: int, threads: int = 4) -> None:
        self.client = client
        self.filed: list[Filed] = []
        self._keys = iter(f"{prefix}-{number}" for number in range(most))
        self._taking = threading.Lock()
        self._stopped = threading.Event()
        self._pool = ThreadPoolExecutor(threads)
        self._running = [self._pool.submit(self._run) for _each in range(threads)]

    def _run(self) -> None:
        while not self._stopped.is_set():
            with self._taking:
                key = next(self._keys, None)
            if key is None:
                return
            self.filed.append(self.client.file(key))

    @property
    def running(self) -> bool:
        """Whether there is more to file."""
        return not all(each.done() for each in self._running)

    def while_running(self, pause: float) -> Iterator[int]:
        """A count, for a deed at each pause while there is load."""
        count = 0
        while self.running:
            yield count
            count += 1
            time.sleep(pause)

    def finish(self, *, now: bool = False) -> list[Filed]:
        """All that was filed; ``now`` takes no further ones."""
        if now:
            self._stopped.set()
        for each in self._running:
            each.result()
        self._pool.shutdown()
        return self.filed


def said_by(filed: list[Filed]) -> Counter[str]:
    """What was answered besides 201."""
    return Counter(each for one in filed for each in one.said)


def at_once(number: int, action: Callable[[int], Any]) -> list[Any]:
    """The same deed by so many at one instant."""
    gate = threading.Barrier(number)

    def run(index: int) -> Any:
        gate.wait()
        return action(index)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))
