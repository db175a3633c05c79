"""An id for each request: in its answer, and in every line of the log that is written for it."""

import logging
import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final
from uuid import uuid4

from django.core.signals import request_finished
from django.http import HttpRequest, HttpResponse

HEADER: Final = "X-Request-ID"
_SANE: Final = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_NONE: Final = "-"  # in lines that are written for no request

_current: ContextVar[str] = ContextVar("request_id", default=_NONE)


def id_of(given: str | None) -> str:
    """The id that the caller gave, if it can stand in a log as it is, or else a new one."""
    return given if given and _SANE.fullmatch(given) else uuid4().hex


def name_request(get_response: Callable[[HttpRequest], HttpResponse]) -> object:
    """Middleware, the first: give the request its id."""

    def answer(request: HttpRequest) -> HttpResponse:
        request_id = id_of(request.headers.get(HEADER))
        _current.set(request_id)
        response = get_response(request)
        response[HEADER] = request_id
        return response

    return answer


def _forget(**_sent: object) -> None:
    _current.set(_NONE)


request_finished.connect(_forget)  # not in the middleware: Django logs an answer's status after it


class WithRequestId(logging.Filter):
    """Gives each record of the log the attribute ``request_id``."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True: no line is left out."""
        record.request_id = _current.get()
        return True
