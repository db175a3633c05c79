"""Clients that send their headers, or their bodies, a byte at a time; without a key."""

import itertools
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final
from urllib.parse import urlsplit

_PAUSE: Final = 0.25  # seconds between two bytes
_HOLD: Final = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
# Whoever has the cookie has his form read before it is found to be nobody's (CSRF).
_BODY: Final = (
    b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken=" + b"a" * 32 + b"\r\n"
    b"Content-Type: %s\r\nIdempotency-Key: slow\r\nContent-Length: 5000\r\n\r\n"
)


class _Slow:
    """One client. It comes again when it is turned away."""

    def __init__(self, address: tuple[str, int], head: bytes, at_once: int) -> None:
        self.address, self.head, self.at_once = address, head, at_once
        self.times = 0  # that it has come
        self._connect()

    def _connect(self) -> None:
        self.times += 1
        self._rest = itertools.chain(self.head[self.at_once :], itertools.repeat(ord("a")))
        self._socket = socket.create_connection(self.address, timeout=5)
        self._socket.sendall(self.head[: self.at_once])

    def send_a_byte(self) -> None:
        try:
            self._socket.sendall(bytes([next(self._rest)]))
        except OSError:
            self.close()
            with suppress(OSError):
                self._connect()

    def close(self) -> None:
        self._socket.close()


def _opened(address: tuple[str, int], heads: int, bodies: int, paths: Sequence[str]) -> list[_Slow]:
    kinds = {path: b"application/json" for path in paths if path.startswith("/api/")}
    form = b"application/x-www-form-urlencoded"
    asked = itertools.cycle(_BODY % (path.encode(), kinds.get(path, form)) for path in paths)
    return [
        *(_Slow(address, _HOLD, 1) for _each in range(heads)),
        *(_Slow(address, head, len(head)) for head in itertools.islice(asked, bodies)),
    ]


@contextmanager
def slow_clients(
    url: str, *, heads: int, bodies: int, paths: Sequence[str]
) -> Iterator[list[_Slow]]:
    """So many that are slow with their headers, and so many with a body to these paths in turn."""
    at = urlsplit(url)
    clients = _opened((at.hostname or "", at.port or 0), heads, bodies, paths)
    over = threading.Event()

    def drip() -> None:
        while not over.wait(_PAUSE):
            for each in clients:
                each.send_a_byte()

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        yield clients
    finally:
        over.set()
        dripping.join()
        for each in clients:
            each.close()
