"""The web server's application: reads a whole request, then passes it to one of the threads.

granian reads headers in Rust, and the event loop reads bodies, so a client that sends slowly
occupies no thread. See docs/adr/0033-web-server.md.
"""

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from django.conf import settings
from granian.rsgi import HTTPProtocol, ProtocolError, Scope

from config.wsgi import application as wsgi
from projects.access.request_ids import HEADER, id_of
from projects.access.request_limits import LARGEST_REQUEST

_IN_MEMORY: Final = 64 * 1024  # bytes of a body in memory; a longer one is stored on disk
_SECONDS: Final = 60  # seconds within which a body must have arrived
_NOT_PREFIXED: Final = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}

type Answer = tuple[int, list[tuple[str, str]], bytes]

_threads: Final = ThreadPoolExecutor(settings.WEB_THREADS)


async def application(scope: Scope, protocol: HTTPProtocol) -> None:
    """Answer one request."""
    with SpooledTemporaryFile(_IN_MEMORY) as body:
        environ = {**environ_of(scope), "wsgi.input": body}
        try:
            async with asyncio.timeout(_SECONDS):
                is_whole = await _read(environ, protocol, body)
        except TimeoutError:
            named = (HEADER.lower(), id_of(scope.headers.get(HEADER.lower())))
            protocol.response_empty(HTTPStatus.REQUEST_TIMEOUT, [("connection", "close"), named])
            return
        except ProtocolError:  # the client has disconnected
            return
        loop = asyncio.get_running_loop()
        status, headers, content = await loop.run_in_executor(_threads, _answer, environ)
    if not is_whole:  # the unread body would be taken for the next request
        headers = [*headers, ("connection", "close")]
    protocol.response_bytes(status, headers, content)


def environ_of(scope: Scope) -> dict[str, Any]:
    """The request line and the headers by their names in WSGI (PEP 3333)."""
    server, _colon, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method, "SCRIPT_NAME": "",
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "PATH_INFO": scope.path.encode().decode("latin-1"), "SERVER_NAME": server,
        "SERVER_PORT": port, "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0], "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme, "wsgi.errors": sys.stderr, "wsgi.multithread": True,
        "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    for name, value in scope.headers.items():
        # WSGI could not distinguish an underscore from a hyphen, and a proxy sets headers with one.
        if "_" not in name:
            key = _NOT_PREFIXED.get(name) or f"HTTP_{name.replace('-', '_').upper()}"
            environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ


async def _read(environ: dict[str, Any], protocol: HTTPProtocol, body: IO[bytes]) -> bool:
    """Read the body, and return whether it is complete.

    What a chunked body has too much is read up to twice the limit and thrown away: a client that
    is still sending when the connection closes never sees its answer. Sets the length also for a
    chunked body, because Django needs it.
    """
    declared = environ.get("CONTENT_LENGTH", "")
    if not declared and "HTTP_TRANSFER_ENCODING" not in environ:
        return True
    if declared.isdecimal() and int(declared[:15]) > LARGEST_REQUEST:
        return False
    length = 0
    async for chunk in protocol:
        length += len(chunk)
        if length <= LARGEST_REQUEST:
            body.write(chunk)
        elif length > 2 * LARGEST_REQUEST:
            break
    environ["CONTENT_LENGTH"] = str(length)
    body.seek(0)
    return length <= LARGEST_REQUEST


def _answer(environ: dict[str, Any]) -> Answer:
    """Send status, headers and the whole content at once: a slow reader occupies no thread."""
    started: list[Any] = []
    content: list[bytes] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], _error: Any = None, /
    ) -> Callable[[bytes], object]:
        started[:] = int(status[:3]), headers
        return content.append

    answer = wsgi(environ, start_response)
    try:
        content += answer
    finally:
        answer.close()
    return (*started, b"".join(content))
