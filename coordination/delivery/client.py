"""The only network client. It reaches public addresses, and networks that its caller was given.

The name is resolved once, every address of it is checked, and the connection goes to the very
address that was checked, so that DNS rebinding has no effect. No proxy, no redirect, a limited
length of the answer, and one deadline for everything, which also ends an answer that only trickles.
"""

import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from http.client import HTTPConnection, HTTPException
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext_noop

from coordination.delivery.deadline_executor import DeadlineExecutor

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address
type Networks = Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]

DEADLINE: Final = 15.0  # seconds, from looking the name up to the end of the answer
LOOKUP: Final = 5.0  # of these, for the name: the system itself may take minutes
PATIENCE: Final = 1.0  # the same while somebody enters an address
# One look-up of each name at a time, so that an enterprise's ten webhooks abandon at most ten.
_LOOKUPS: Final = DeadlineExecutor("look-up", most=64)
# Stored with the attempt untranslated, and shown in the reader's language.
NO_ADDRESS: Final = gettext_noop("not an address of a web server")
NO_NAME: Final = gettext_noop("the name is not known")
SLOW_NAME: Final = gettext_noop("the name was not answered in time")
NOT_OURS: Final = gettext_noop("the address is not one that may be reached")
TOO_LONG: Final = gettext_noop("it took too long")
_LEAST: Final = 0.05  # seconds; a timeout of 0 would mean non-blocking
LONGEST_ANSWER: Final = 16_384  # bytes; the rest is not read

_HOST: Final = re.compile(r"[A-Za-z0-9._:-]+")
# Registered as global, but they can lead into a private network or to many hosts.
_ROUNDABOUT: Final = tuple(
    ipaddress.ip_network(each)
    for each in (
        "192.0.0.0/24", "192.88.99.0/24", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/23",
        "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
    )
)  # fmt: skip


class Unreachable(Exception):  # noqa: N818 - an answer, not an error of ours
    """No usable answer came; the message says why, and does not contain the address."""


class Forbidden(Unreachable):
    """The address may not be reached."""


@dataclass(frozen=True)
class Answer:
    """The receiver's answer."""

    status: int
    body: bytes
    retry_after: str = ""


@dataclass(frozen=True)
class _Place:
    host: str
    port: int
    path: str
    is_tls: bool

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.is_tls else 80) else f"{host}:{self.port}"

    @classmethod
    def of(cls, url: str) -> "_Place":
        """Parse a URL. Raises Forbidden unless it is a plain address of a web server."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
            host = host if ":" in host else host.encode("idna").decode("ascii")
        except (ValueError, UnicodeError) as error:
            raise Forbidden(NO_ADDRESS) from error
        is_web = parts.scheme in ("http", "https") and parts.username is None
        if not is_web or not _HOST.fullmatch(host):
            raise Forbidden(NO_ADDRESS)
        is_tls = parts.scheme == "https"
        return cls(host, port or (443 if is_tls else 80), _path(parts), is_tls)


def _path(parts: SplitResult) -> str:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii() or any(ord(each) <= ord(" ") for each in path):
        raise Forbidden(NO_ADDRESS)
    return path


def is_named(address: Address, networks: Networks) -> bool:
    """Whether the address lies in one of the allowed networks."""
    return any(address in network for network in networks)


def is_public(address: Address) -> bool:
    """Whether the address is public, and does not lead into a private network."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    never = (
        address.is_multicast or address.is_reserved or address.is_loopback
        or address.is_link_local or address.is_unspecified
    )  # fmt: skip
    return address.is_global and not never and not any(address in each for each in _ROUNDABOUT)


def _addresses(place: _Place, flags: int = 0) -> list[Address]:
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM, flags=flags)
    except (OSError, UnicodeError) as error:
        raise Unreachable(NO_NAME) from error
    return [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]


def _require_allowed(addresses: list[Address], place: _Place, networks: Networks) -> None:
    """Raise Forbidden if any of the addresses is not allowed."""
    for address in addresses:
        if not is_named(address, networks) and not (is_public(address) and place.is_tls):
            raise Forbidden(NOT_OURS)


def _looked_up(place: _Place, deadline: float) -> list[Address]:
    try:
        ask = partial(_addresses, place)
        return _LOOKUPS.run((place.host, place.port), ask, deadline=deadline)
    except TimeoutError as error:
        raise Unreachable(SLOW_NAME) from error


def _resolve(place: _Place, networks: Networks, deadline: float) -> Address:
    """The address to connect to."""
    addresses = _looked_up(place, deadline)
    _require_allowed(addresses, place, networks)
    return addresses[0]


def _written_out(place: _Place) -> list[Address]:
    """The host if it is an IP address, in any notation, and not a name."""
    try:
        return _addresses(place, socket.AI_NUMERICHOST)
    except Unreachable:
        return []


def host_of(url: str, *, networks: Networks) -> str:
    """The host of a URL that may be reached, as far as it can be checked without a look-up.

    Raises Forbidden. ``require_public`` looks a name up, and so does each sending.
    """
    place = _Place.of(url)
    if not place.is_tls and not networks:
        raise Forbidden(NOT_OURS)
    _require_allowed(_written_out(place), place, networks)
    return place.host


def require_public(url: str, *, networks: Networks) -> None:
    """Raise Forbidden if the host's name, as it is answered now, leads where nothing may be sent.

    A name that is not answered at once is left to the look-up at each sending.
    """
    place = _Place.of(url)
    try:
        addresses = _looked_up(place, PATIENCE)
    except Unreachable:
        return
    _require_allowed(addresses, place, networks)


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Line:
    """A connection that is closed at its deadline, whatever it is waiting for."""

    def __init__(self, address: Address, deadline: float) -> None:
        family = socket.AF_INET6 if isinstance(address, ipaddress.IPv6Address) else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.settimeout(deadline)
        self.is_over = False
        self._lock = threading.Lock()
        self._timer = threading.Timer(deadline, self._cut)
        self._timer.daemon = True

    @contextmanager
    def open(self, place: _Place, address: Address) -> Iterator[socket.socket]:
        self._timer.start()
        try:
            self.socket.connect((str(address), place.port))
            self._require_time()  # the deadline may have passed while there was no socket to close
            if place.is_tls:
                self._secure(place.host)
            yield self.socket
        finally:
            self._timer.cancel()
            self.socket.close()

    def _secure(self, host: str) -> None:
        secured = _tls().wrap_socket(
            self.socket, server_hostname=host, do_handshake_on_connect=False
        )
        with self._lock:
            self.socket = secured
        self._require_time()
        secured.do_handshake()

    def _require_time(self) -> None:
        if self.is_over:
            raise TimeoutError

    def _cut(self) -> None:
        with self._lock:
            self.is_over = True
            with suppress(OSError):  # not connected yet: the timeout of connecting ends it
                self.socket.shutdown(socket.SHUT_RDWR)


def post(
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    networks: Networks,
    deadline: float = DEADLINE,
) -> Answer:
    """POST the body and return the answer. Raises Unreachable, or Forbidden before connecting.

    In addition to public addresses it reaches ``networks``, by plain HTTP too.
    """
    place, until = _Place.of(url), time.monotonic() + deadline
    address = _resolve(place, networks, min(LOOKUP, deadline))
    line = _Line(address, max(until - time.monotonic(), _LEAST))
    try:
        with line.open(place, address) as connected:
            answer = _exchange(place, connected, body, headers)
    except (OSError, HTTPException, ValueError) as error:
        reason = TOO_LONG if line.is_over else type(error).__name__
        raise Unreachable(reason) from error
    if line.is_over:
        raise Unreachable(TOO_LONG)
    return answer


def _exchange(
    place: _Place, connected: socket.socket, body: bytes, headers: Mapping[str, str]
) -> Answer:
    connection = HTTPConnection(place.host, place.port)
    connection.sock = connected
    given = {"Host": place.authority, "User-Agent": "Zhitongche", **headers}
    with closing(connection):
        connection.request("POST", place.path, body, given)
        response = connection.getresponse()
        return Answer(
            response.status, response.read(LONGEST_ANSWER), response.getheader("Retry-After", "")
        )
