"""Errors as RFC 9457 problem documents, in the caller's language, with pointers to the fields."""

import logging
import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, InternalError, OperationalError
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from psycopg import errors as pg
from rest_framework import exceptions

from projects.access.error_codes import code_of, text_of
from projects.access.problem_types import PROBLEMS
from projects.record.refusals import (
    Busy,
    FieldError,
    Gone,
    Invalid,
    Missing,
    NotAllowed,
    Path,
    Refusal,
    Stale,
)

log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
RETRY_SECONDS: Final = 5
NO_ADDRESS: Final = _("There is no such address.")

# A standby that has not been promoted yet; a connection that was cut while it idled.
_PASSING: Final = (pg.ReadOnlySqlTransaction, pg.IdleInTransactionSessionTimeout)
_BY_STATUS: Final = {
    400: "malformed", 401: "unauthenticated", 403: "forbidden", 404: "not-found",
    405: "method-not-allowed", 406: "not-acceptable", 413: "too-large",
    415: "unsupported-media-type", 429: "too-many-requests", 503: "unavailable",
}  # fmt: skip


_OF_REFUSALS: Final[dict[type[Refusal], str]] = {
    Stale: "stale", Missing: "not-found", NotAllowed: "not-allowed", Gone: "gone",
    Busy: "unavailable",
}  # fmt: skip


class Problem(exceptions.APIException):
    """An error of the API's protocol, unlike a verb's refusal; ``code`` is in PROBLEMS."""

    def __init__(
        self,
        code: str,
        detail: str | Promise = "",
        *,
        errors: Iterable[FieldError] = (),
        wait: int | None = None,
    ) -> None:
        self.code = code
        self.errors = list(errors)
        self.wait = wait  # seconds, for Retry-After
        self.status_code = PROBLEMS[code].status
        super().__init__(str(detail or PROBLEMS[code].remedy))


def pointer(path: Iterable[str | int]) -> str:
    """A JSON pointer (RFC 6901) such as ``/lines/0/plate``."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def shown(error: FieldError) -> dict[str, str | None]:
    """An error as the API shows it."""
    return {
        "pointer": pointer(error.path), "code": code_of(error), "detail": str(text_of(error)),
        "number": error.number or None,
    }  # fmt: skip


def document(
    code: str, detail: str | Promise = "", errors: Iterable[FieldError] = ()
) -> dict[str, Any]:
    """The problem's members, in the language of the request.

    Without a specific message, the detail is the type's advice to the caller.
    """
    status, title, _meaning, remedy = PROBLEMS[code]
    return {
        "type": f"/problems/{code}",
        "title": str(title),
        "status": status,
        "detail": str(detail or remedy),
        "ticket_status": None,
        "errors": [shown(error) for error in errors],
    }


def handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:  # noqa: ARG001 - the framework names it
    """DRF's exception handler: every refusal and error of the API as a problem.

    Unexpected errors are left to Django, which logs them and answers by its ``handler500``.
    """
    if isinstance(error, Refusal):
        wait = {"Retry-After": str(error.seconds)} if isinstance(error, Busy) else None
        return _plain(of_refusal(error), wait)
    if isinstance(error, exceptions.APIException):
        return _of_drf(error)
    if isinstance(error, Http404):
        return respond("not-found")
    if isinstance(error, PermissionDenied):
        return respond("forbidden")
    if is_away(error):
        log.error("the database is away: %s", error)
        return unavailable()
    return None


def is_away(error: BaseException | None) -> bool:
    """Whether the database did not answer, or refuses changes for now."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return isinstance(error, InternalError) and isinstance(error.__cause__, _PASSING)


def respond(code: str, detail: str | Promise = "") -> HttpResponse:
    """A problem as the answer to a request that reached no view of the API."""
    return _plain(document(code, detail))


def unavailable() -> HttpResponse:
    """The answer while the database is unavailable."""
    return _plain(document("unavailable"), {"Retry-After": str(RETRY_SECONDS)})


def of_refusal(refusal: Refusal, *, below: Path = ()) -> dict[str, Any]:
    """The problem of a refusal; ``below`` is the path of the refused item in the body."""
    errors = [error.below(*below) for error in refusal.errors]
    if isinstance(refusal, Invalid):
        return document("invalid", refusal.message, errors)
    code = _OF_REFUSALS.get(type(refusal), "not-allowed")
    # The message of a stale version speaks of a form.
    detail = "" if code == "stale" else refusal.message
    return document(code, detail, errors) | refusal.members


def mistakes_of(act: Callable[[], object]) -> list[FieldError]:
    """Every mistake that ``act`` is refused for; its caller undoes what it did otherwise."""
    try:
        act()
    except (Refusal, Problem) as refused:
        return refused.errors
    except exceptions.APIException:
        pass  # nothing could be read
    return []


def _of_drf(error: exceptions.APIException) -> HttpResponse:
    headers = {}
    if auth_header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(math.ceil(wait))
    if isinstance(error, exceptions.ValidationError):
        return _plain(document("invalid", Invalid.message, flatten(error.detail)))
    code = (
        error.code if isinstance(error, Problem) else _BY_STATUS.get(error.status_code, "internal")
    )
    errors = error.errors if isinstance(error, Problem) else ()
    return _plain(document(code, str(error.detail), errors), headers)


def flatten(detail: Any, path: tuple[str | int, ...] = ()) -> Iterator[FieldError]:
    """DRF's nested errors as a flat list, each with its path."""
    if isinstance(detail, dict):
        for name, below in detail.items():
            yield from flatten(below, path if name == "non_field_errors" else (*path, name))
    elif isinstance(detail, list):
        for index, below in enumerate(detail):
            nested = isinstance(below, dict | list)
            yield from flatten(below, (*path, index) if nested else path)
    else:
        yield FieldError(path, str(detail), getattr(detail, "code", "invalid"))


def _plain(body: dict[str, Any], headers: dict[str, str] | None = None) -> HttpResponse:
    """Answer in JSON, whatever the view renders, since HTML pages of the API can fail too."""
    response = JsonResponse(
        body, status=body["status"], headers=headers, json_dumps_params={"ensure_ascii": False}
    )
    response["Content-Type"] = MEDIA_TYPE
    response["Content-Language"] = get_language() or ""
    return response
