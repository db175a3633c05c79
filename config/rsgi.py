"""What the web server calls: it reads a request whole, and then gives it to one of the threads.

granian reads headers in Rust, and bodies reach the event loop, so a client that is slow with
either waits by itself and holds no thread. See docs/adr/0033-web-server.md.
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
from projects.access.request_limits import LARGEST_REQUEST

_IN_MEMORY: Final = 64 * 1024  # bytes of a body; a longer one goes to the disk
_SECONDS: Final = 60  # within which a body must have arrived
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
            protocol.response_empty(HTTPStatus.REQUEST_TIMEOUT, [("connection", "close")])
            return
        except ProtocolError:  # the client has gone
            return
        loop = asyncio.get_running_loop()
        status, headers, content = await loop.run_in_executor(_threads, _answer, environ)
    if not is_whole:  # the rest of the body stands before any further request
        headers = [*headers, ("connection", "close")]
    protocol.response_bytes(status, headers, content)


def environ_of(scope: Scope) -> dict[str, Any]:
    """The request line and the headers by their names in WSGI (PEP 3333)."""
    server, _colon, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method, "SCRIPT_NAME": "", "QUERY_STRING": scope.query_string,
        "PATH_INFO": scope.path.encode().decode("latin-1"), "SERVER_NAME": server,
        "SERVER_PORT": port, "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0], "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme, "wsgi.errors": sys.stderr, "wsgi.multithread": True,
        "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    for name, value in scope.headers.items():
        if "_" not in name:  # it would pass for a header with a hyphen that a proxy has set
            key = _NOT_PREFIXED.get(name) or f"HTTP_{name.replace('-', '_').upper()}"
            environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ


async def _read(environ: dict[str, Any], protocol: HTTPProtocol, body: IO[bytes]) -> bool:
    """Read the body, and return whether that is all of it: one that is too large is left.

    Its length is then known even where it came in chunks; Django asks for it.
    """
    told = environ.get("CONTENT_LENGTH", "")
    if not told and "HTTP_TRANSFER_ENCODING" not in environ:
        return True
    if told.isdecimal() and int(told[:15]) > LARGEST_REQUEST:
        return False
    async for chunk in protocol:
        body.write(chunk)
        if body.tell() > LARGEST_REQUEST:
            break
    length = body.tell()
    environ["CONTENT_LENGTH"] = str(length)
    body.seek(0)
    return length <= LARGEST_REQUEST


def _answer(environ: dict[str, Any]) -> Answer:
    """Status, headers and content, all of it at once: a slow reader holds no thread either."""
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
