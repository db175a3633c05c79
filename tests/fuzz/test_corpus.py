"""What no client of HTTP would send, byte by byte: 4xx as a problem, or the connection closed."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from coordination.tickets.models import Ticket
from tests.bed.web import web_server
from tests.coordination.intake.scene import filing
from tests.factories.coordination import Desk, desk

pytestmark = pytest.mark.django_db(transaction=True)


def request(
    at: Desk, *, method: bytes = b"POST", path: bytes = b"/api/v1/tickets/",
    host: bytes = b"127.0.0.1", body: bytes = b"{}", more: bytes = b"",
    kind: bytes = b"application/json", length: bytes | None = None,
) -> bytes:  # fmt: skip
    """A request, any part of it as it should not be."""
    size = str(len(body)).encode() if length is None else length
    lines = [
        method + b" " + path + b" HTTP/1.1", b"Host: " + host, b"Connection: close",
        b"Authorization: Bearer " + at.token.encode(), b"Idempotency-Key: k-1",
        b"Content-Type: " + kind, b"Content-Length: " + size,
    ]  # fmt: skip
    return b"\r\n".join(lines) + b"\r\n" + more + b"\r\n" + body


# What is no request of HTTP the web server itself refuses, with nothing but a status
UNREADABLE = {
    "a negative length", "no length", "an encoding of its own", "NUL in a header",
    "a header without end", "a thousand headers", "a path without end",
    "a control character in If-Match",
}  # fmt: skip
Wrong = dict[str, tuple[bytes, set[int]]]  # each by its name, and what may be answered


def wrong_bodies(at: Desk) -> Wrong:
    """Bodies, and what is said of them."""
    good = json.dumps(filing(project=at.project.code)).encode()
    in_title = [
        good.replace(b"A title", each) for each in (b"\\u0000", b"\\ud800", b"\x00", b"\xff\xfe")
    ]
    deep = b"[" * 100_000 + b"]" * 100_000
    long = b"a" * 3_000_000
    return {
        "NUL escaped": (request(at, body=in_title[0]), {400}),
        "lone surrogate": (request(at, body=in_title[1]), {400}),
        "NUL": (request(at, body=in_title[2]), {400}),
        "not UTF-8": (request(at, body=in_title[3]), {400}),
        "deep": (request(at, body=deep), {400}),
        "three megabytes": (request(at, body=b'{"title":"' + long + b'"}'), {413}),
        "a number without end": (request(at, body=b"1" * 100_000), {422}),
        "no JSON": (request(at, body=b"<a/>", kind=b"application/xml"), {415}),
        "no type": (request(at, body=good, kind=b""), {415}),
        "nonsense for a type": (request(at, body=good, kind=b"\xff;=;;"), {415}),
        "a type in UTF-7": (request(at, body=good, kind=b"application/json; charset=utf-7"), {201}),
        "a form": (
            request(at, body=b"--x--", kind=b"multipart/form-data; boundary=x"), {415}
        ),
        "a negative length": (request(at, body=good, length=b"-1"), {400}),
        "no length": (request(at, body=good, length=b"x"), {400}),
        "an encoding of its own": (request(at, more=b"Transfer-Encoding: gzip\r\n"), {400}),
    }  # fmt: skip


def wrong_heads(at: Desk) -> Wrong:
    """Methods, hosts, headers."""
    good = json.dumps(filing(project=at.project.code)).encode()
    return {
        "another host": (request(at, body=good, host=b"elsewhere.example"), {400}),
        "no host at all": (request(at, body=good, host=b""), {400}),
        "a host with a path": (request(at, body=good, host=b"a/../b"), {400}),
        "unknown method": (request(at, method=b"BREW"), {405}),
        "method in small": (request(at, method=b"post"), {422}),
        "TRACE": (request(at, method=b"TRACE"), {405}),
        "NUL in a header": (request(at, more=b"X-A: a\x00b\r\n"), {400}),
        "a header without end": (request(at, more=b"X-A: " + b"a" * 1_000_000 + b"\r\n"), {431}),
        "a thousand headers": (request(at, more=b"X-A: a\r\n" * 1000), {431}),
        "a control character in If-Match": (request(at, more=b"If-Match: \x11B\r\n"), {400}),
        "Latin in If-Match": (request(at, more=b"If-Match: \xe9\r\n"), {422}),
    }  # fmt: skip


def wrong_addresses(at: Desk) -> Wrong:
    """Paths and parameters."""
    return {
        "NUL in a path": (request(at, path=b"/api/v1/tickets/%00/", method=b"GET"), {404}),
        "not UTF-8 in a path": (request(at, path=b"/api/v1/tickets/%ff/", method=b"GET"), {404}),
        "a surrogate in a path": (
            request(at, path=b"/api/v1/tickets/%ed%a0%80/", method=b"GET"), {404}
        ),
        "a path without end": (
            request(at, path=b"/api/v1/tickets/" + b"a" * 100_000, method=b"GET"), {414}
        ),
        "NUL in a query": (request(at, path=b"/api/v1/tickets/?kind=%00", method=b"GET"), {400}),
        "not UTF-8 in a query": (
            request(at, path=b"/api/v1/tickets/?project=%ff%fe", method=b"GET"), {404}
        ),
        "twice in a query": (
            request(at, path=b"/api/v1/tickets/?limit=1&limit=x", method=b"GET"), {422}
        ),
        "three thousand in a query": (
            request(at, path=b"/api/v1/tickets/?" + b"a&" * 1800, method=b"GET"), {200, 400}
        ),
        "a huge limit": (
            request(at, path=b"/api/v1/tickets/?limit=" + b"9" * 3000, method=b"GET"), {422}
        ),
        "a cursor of nonsense": (
            request(at, path=b"/api/v1/tickets/?cursor=cD0%3D%3D", method=b"GET"), {200, 422}
        ),
    }  # fmt: skip


def ask(address: str, sent: bytes) -> tuple[int, str, bytes]:
    """The status (0 where the server only closed), the type, the body."""
    at = urlsplit(address)
    with socket.create_connection((at.hostname or "", at.port or 0), timeout=30) as connection:
        try:
            connection.sendall(sent)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        except (ConnectionResetError, BrokenPipeError):
            return 0, "", b""
    head, _blank, body = answer.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    kinds = [line[13:].strip() for line in lines if line.lower().startswith("content-type:")]
    return int(lines[0].split()[1]), "".join(kinds), body


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with web_server(tmp_path / "web.log") as url:
        yield url
        assert "Internal Server Error" not in (tmp_path / "web.log").read_text()


def test_each_is_turned_away(address: str) -> None:
    at = desk()
    found, expected, kinds = {}, {}, {}
    for name, (sent, statuses) in (
        wrong_bodies(at) | wrong_heads(at) | wrong_addresses(at)
    ).items():
        status, kind, _body = ask(address, sent)
        found[name] = status
        expected[name] = status if status in statuses else statuses
        if status >= 400 and kind != "application/problem+json":
            kinds[name] = kind
    assert found == expected
    assert kinds == dict.fromkeys(UNREADABLE, "")
    assert Ticket.objects.count() == 1  # the one that only names a character set
