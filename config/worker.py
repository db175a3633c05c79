"""gunicorn's worker, which turns away in the API's own form what it cannot read as a request."""

import contextlib
import json
from typing import Any, Final

from gunicorn import util
from gunicorn.http.errors import InvalidResponseHeader, InvalidResponseHeaderName, ParseException
from gunicorn.workers.gthread import ThreadWorker

# Nobody knows yet what was to be asked, or in which language: so in both, and whatever it was, a
# request that cannot be read. gunicorn itself would send a page, and 501 for an odd encoding.
_BODY: Final = json.dumps(
    {
        "type": "/problems/malformed", "title": "请求无法读取 The request cannot be read",
        "status": 400,
    },
    ensure_ascii=False,
).encode()  # fmt: skip
_ANSWER: Final = (
    b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
    b"Content-Length: %d\r\n\r\n" % len(_BODY)
) + _BODY


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Threads, as gunicorn has them."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """A problem where the request is to blame; otherwise as gunicorn does."""
        ours = isinstance(exc, InvalidResponseHeader | InvalidResponseHeaderName)
        if ours or not isinstance(exc, ParseException):
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("not a request, from %s: %s", (addr or ("",))[0], type(exc).__name__)
        with contextlib.suppress(OSError):  # the other side has gone
            util.write_nonblock(client, _ANSWER)
