"""The web server over real sockets: what it makes of bodies, of clients, and of being stopped."""

import json
import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from coordination.tickets.models import Ticket
from projects.access.request_limits import LARGEST_REQUEST
from tests.bed.stack import wait_for
from tests.bed.web import web_server
from tests.coordination.intake.scene import filing
from tests.factories.coordination import Desk, desk

pytestmark = pytest.mark.django_db(transaction=True)


def body_of(at: Desk) -> bytes:
    return json.dumps(filing(project=at.project.code)).encode()


def file(
    at: Desk, url: str, body: Any, *, to: str = "/api/v1/tickets/", **headers: str
) -> tuple[HTTPResponse, bytes]:
    """The answer, and what it says; an iterable goes in chunks."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
    sent = {
        "Authorization": f"Bearer {at.token}", "Content-Type": "application/json",
        "Idempotency-Key": "k-1", **headers,
    }  # fmt: skip
    connection.request("POST", to, body, sent)
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    return answer, said


@pytest.fixture(scope="module")
def url(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server for all but the test that stops it."""
    with web_server(tmp_path_factory.mktemp("web") / "web.log") as address:
        yield address


def test_a_body_in_chunks_is_read(url: str) -> None:
    at = desk()
    body = body_of(at)
    answer, said = file(at, url, iter([body[:100], body[100:]]))
    assert (answer.status, json.loads(said)["number"]) == (201, Ticket.objects.get().number)


def test_a_body_that_is_too_large_is_refused_and_the_connection_said_to_close(url: str) -> None:
    at = desk()
    endless = (b" " * 1024 * 1024 for _each in range(LARGEST_REQUEST // 1024**2 + 1))
    told, _said = file(at, url, b"{", **{"Content-Length": str(LARGEST_REQUEST + 1)})
    in_chunks, _said = file(at, url, endless)
    fits, _said = file(at, url, b" " * 2_000_000)
    found = [(each.status, each.headers["Connection"]) for each in (told, in_chunks, fits)]
    assert found == [(413, "close"), (413, "close"), (413, None)]
    assert not Ticket.objects.exists()


def test_a_body_in_chunks_is_taken_as_any_other(url: str) -> None:
    at = desk()
    body = body_of(at)

    def pieces(size: int) -> Iterator[bytes]:
        return (body[start : start + size] for start in range(0, len(body), size))

    keyless, said = file(at, url, pieces(50), Authorization="")
    assert (keyless.status, json.loads(said)["type"]) == (401, "/problems/unauthenticated")
    wrong, _said = file(at, url, pieces(50), Authorization="Bearer none.none")
    half, _said = file(at, url, iter([body[:-1]]))
    large, _said = file(at, url, (b" " * 600_000 for _each in range(2)))
    assert [wrong.status, half.status, large.status] == [401, 400, 413]
    assert not Ticket.objects.exists()
    filed, _said = file(at, url, pieces(1))
    again, _said = file(at, url, body)  # the same request: how it was sent is no part of it
    assert [filed.status, again.status, again.headers["Idempotent-Replayed"]] == [201, 201, "true"]
    disposition = b'Content-Disposition: form-data; name="file"; filename="a.txt"'
    form = b"\r\n".join([b"--b", disposition, b"", b"a", b"--b--", b""])
    attachments = f"/api/v1/tickets/{Ticket.objects.get().number}/attachments/"
    sent = {"Content-Type": "multipart/form-data; boundary=b", "Idempotency-Key": "k-2"}
    attached, _said = file(at, url, iter([form[:30], form[30:]]), to=attachments, **sent)
    assert attached.status == 201


_TOO_LONG = str(LARGEST_REQUEST + 1)


@pytest.mark.parametrize(
    ("status", "said", "head"),
    [
        (413, "close", f"POST /api/v1/tickets/\nContent-Length: {_TOO_LONG}"),
        (413, "close", f"POST /admin/login/\nContent-Length: {_TOO_LONG}\nExpect: 100-continue"),
        (413, "close", f"POST /upload/\nContent-Length: {'9' * 15}"),
        (413, "close", f"POST /referral/x/\nContent-Length: {_TOO_LONG}"),
        (401, None, "POST /api/v1/tickets/\nContent-Length: 2"),
        (404, None, "POST /api/v1/nowhere/\nContent-Length: 2"),
        (400, None, "POST /api/v1/tickets/?x=%00\nContent-Length: 2"),
        (401, None, "GET /api/v1/now/\nContent-Length: 2"),
        (431, "close", f"GET /healthz\nX-Long: {'x' * 200_000}"),
        (400, "close", "GET /healthz\nContent-Length: -1"),
        (414, "close", f"GET /{'x' * 70_000}"),
    ],
)  # fmt: skip
def test_a_refusal_says_whether_the_connection_stays(
    status: int, said: str | None, head: str, url: str
) -> None:
    at = urlsplit(url)
    line, *headers = head.split("\n")
    lines = [f"{line} HTTP/1.1", f"Host: {at.hostname}", *headers, "", "{}"]
    with socket.create_connection((at.hostname or "", at.port or 0), timeout=30) as connection:
        connection.sendall("\r\n".join(lines).encode())
        answer = HTTPResponse(connection)
        answer.begin()
        answer.read()
        assert (answer.status, answer.headers["Connection"]) == (status, said)
        if said:
            assert connection.recv(1) == b""
        else:
            connection.sendall(f"GET /healthz HTTP/1.1\r\nHost: {at.hostname}\r\n\r\n".encode())
            assert connection.recv(65536).startswith(b"HTTP/1.1 200")


def test_a_header_with_an_underscore_is_not_taken_for_one_with_a_hyphen(url: str) -> None:
    at = desk()
    answer, _said = file(at, url, body_of(at), Content_Type="text/plain")
    assert answer.status == 201


@pytest.mark.parametrize("sent", [b"NONSENSE\r\n\r\n", b"GET / HTTP/1.1\r\n: x\r\n\r\n"])
def test_what_is_no_request_is_refused(sent: bytes, url: str) -> None:
    at = urlsplit(url)
    with socket.create_connection((at.hostname or "", at.port or 0), timeout=30) as connection:
        connection.sendall(sent)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    lines = answer.split(b"\r\n")
    assert (lines[0], b"connection: close" in lines) == (b"HTTP/1.1 400 Bad Request", True)


def is_listening(url: str) -> bool:
    at = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((at.hostname or "", at.port or 0)) == 0


def test_asked_to_stop_it_ends_what_it_has_begun(
    tmp_path: Path,
    second_connection: psycopg.Connection[Any],
    superuser_cursor: psycopg.Cursor[Any],
) -> None:
    at = desk()
    second_connection.execute("SELECT FROM register_project FOR UPDATE")

    def is_waiting() -> bool:
        superuser_cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool((superuser_cursor.fetchone() or (0,))[0])

    def release(url: str) -> None:
        wait_for(lambda: not is_listening(url))
        second_connection.rollback()

    with ThreadPoolExecutor() as pool:
        with web_server(tmp_path / "web.log") as url:
            filed: Future[tuple[HTTPResponse, bytes]] = pool.submit(file, at, url, body_of(at))
            wait_for(is_waiting)
            released = pool.submit(release, url)
        released.result()
        answer, said = filed.result()
    assert (answer.status, json.loads(said)["number"]) == (201, Ticket.objects.get().number)
