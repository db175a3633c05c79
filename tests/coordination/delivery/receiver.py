"""A real HTTP receiver on this machine, which answers as it is told to, and remembers."""

import contextlib
import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import pytest

from coordination.delivery import client

Behaviour = Callable[[BaseHTTPRequestHandler], None]
LONGEST: Final = 120  # seconds: longer than any attempt, and than any test waits


@dataclass(frozen=True)
class Received:
    """One request, and when it came."""

    path: str
    body: dict[str, Any]
    at: float
    raw: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        said: dict[str, Any] = self.body.get("text") or self.body["content"]
        return str(said.get("content") or said.get("text"))


@dataclass
class Receiver:
    """Paths answer ``ok`` unless ``plan`` has something else for the next call, or for ever."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    plan: dict[str, deque[Behaviour]] = field(default_factory=lambda: defaultdict(deque))
    always: dict[str, Behaviour] = field(default_factory=dict)
    released: threading.Event = field(default_factory=threading.Event)

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def at(self, path: str) -> list[Received]:
        return [each for each in self.received if each.path.partition("?")[0] == path]

    def release(self) -> None:
        """Whoever hangs hangs up, now and from now on."""
        self.released.set()


def answer(status: int, body: bytes = b"{}", **headers: str) -> Behaviour:
    """With this status, at once."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return behave


ok = answer(200, b'{"errcode": 0, "errmsg": "ok", "code": 0}')


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A byte of a header now and then, for ever."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        handler.wfile.write(b"a")
        handler.wfile.flush()
        time.sleep(0.05)


class Server(ThreadingHTTPServer):
    """With what its receiver is told."""

    daemon_threads = True
    receiver: Receiver


def hang(handler: BaseHTTPRequestHandler) -> None:
    """Nothing at all, until the receiver is released or the test is over."""
    assert isinstance(handler.server, Server)
    handler.server.receiver.released.wait(LONGEST)


def flood(handler: BaseHTTPRequestHandler) -> None:
    """An answer without an end: whoever wants to read all of it is not done within its time."""
    handler.send_response(500)
    handler.send_header("Content-Length", str(10**12))
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 100_000)


@contextmanager
def waited_for_without_end() -> Iterator[None]:
    """Attempts are not cut off: what comes meanwhile did not wait for the end of those that hang.

    Whoever uses it releases the receiver before the relay is waited for.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(client.post.__kwdefaults__, "deadline", LONGEST)  # type: ignore[arg-type]  # every function has them
        yield


@contextmanager
def receiving() -> Iterator[Receiver]:
    """The receiver, for as long as the block runs."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append(
                Received(self.path, json.loads(raw), time.monotonic(), raw, headers)
            )
            path = self.path.partition("?")[0]
            behave = receiver.always.get(path, ok)
            if receiver.plan[path]:
                behave = receiver.plan[path].popleft()
            with contextlib.suppress(OSError):  # the other side has had enough
                behave(self)

        def log_message(self, *_args: object) -> None:
            return

    server = Server(("127.0.0.1", 0), Handler)
    server.receiver = receiver
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.release()
        server.shutdown()
        server.server_close()
        thread.join()
