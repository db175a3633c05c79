"""Errors as RFC 9457 problem documents, in the caller's language, with pointers to the fields."""

import logging
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions

from projects.record.refusals import FieldError, Gone, Invalid, Missing, NotAllowed, Refusal, Stale

log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
RETRY_SECONDS: Final = 5

# code → (status, title); the code is the last part of the problem's type, and stable.
PROBLEMS: Final[dict[str, tuple[int, Promise]]] = {
    "malformed": (400, _("The request cannot be read")),
    "unknown-parameter": (400, _("There is no such parameter")),
    "idempotency-key-missing": (400, _("An Idempotency-Key is needed")),
    "unauthenticated": (401, _("A valid key is needed")),
    "forbidden": (403, _("Not for this caller")),
    "scope-missing": (403, _("This key may not be used for this")),
    "not-found": (404, _("Not found")),
    "method-not-allowed": (405, _("Method not allowed")),
    "not-acceptable": (406, _("No such representation")),
    "not-allowed": (409, _("Not allowed now")),
    "in-flight": (409, _("The same request is still being carried out")),
    "gone": (410, _("No longer there")),
    "stale": (412, _("Changed since you read it")),
    "too-large": (413, _("The request is too large")),
    "unsupported-media-type": (415, _("Send JSON")),
    "invalid": (422, _("Some of what was sent is not valid")),
    "idempotency-key-reused": (422, _("This Idempotency-Key was used for another request")),
    "if-match-missing": (428, _("If-Match is needed")),
    "too-many-requests": (429, _("Too many requests")),
    "internal": (500, _("Something went wrong here")),
    "unavailable": (503, _("Unavailable for the moment")),
}
_BY_STATUS: Final = {
    400: "malformed", 401: "unauthenticated", 403: "forbidden", 404: "not-found",
    405: "method-not-allowed", 406: "not-acceptable", 413: "too-large",
    415: "unsupported-media-type", 429: "too-many-requests", 503: "unavailable",
}  # fmt: skip


class Problem(exceptions.APIException):
    """A problem of the protocol, raised by the API's own ground; ``code`` is in PROBLEMS."""

    def __init__(
        self, code: str, detail: str | Promise = "", errors: Iterable[FieldError] = ()
    ) -> None:
        self.code = code
        self.errors = list(errors)
        self.status_code = PROBLEMS[code][0]
        super().__init__(str(detail or PROBLEMS[code][1]))


def pointer(path: Iterable[str | int]) -> str:
    """A JSON pointer (RFC 6901) such as ``/lines/0/plate``."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def document(
    code: str, detail: str | Promise = "", errors: Iterable[FieldError] = ()
) -> dict[str, Any]:
    """The problem's members, in the language of the request."""
    status, title = PROBLEMS[code]
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": str(title),
        "status": status,
        "detail": str(detail or title),
    }
    listed = [
        {"pointer": pointer(error.path), "code": error.code, "detail": str(error.message)}
        for error in errors
    ]
    if listed:
        body["errors"] = listed
    return body


def handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:  # noqa: ARG001 - the framework names it
    """DRF's exception handler: every refusal and error of the API as a problem.

    What nobody foresaw is left to Django, logged there, and answered by ``server_error``.
    """
    return _foreseen(error)


def _foreseen(error: Exception) -> HttpResponse | None:
    if isinstance(error, Refusal):
        return _plain(_of_refusal(error))
    if isinstance(error, exceptions.APIException):
        return _of_drf(error)
    if isinstance(error, Http404):
        return _plain(document("not-found"))
    if isinstance(error, PermissionDenied):
        return _plain(document("forbidden"))
    if isinstance(error, OperationalError):
        log.error("the database is away: %s", error)
        return _plain(document("unavailable"), {"Retry-After": str(RETRY_SECONDS)})
    return None


def _of_refusal(refusal: Refusal) -> dict[str, Any]:
    if isinstance(refusal, Invalid):
        return document("invalid", refusal.message, refusal.errors)
    code = {Stale: "stale", Missing: "not-found", NotAllowed: "not-allowed", Gone: "gone"}.get(
        type(refusal), "not-allowed"
    )
    return document(code, refusal.message) | refusal.members


def _of_drf(error: exceptions.APIException) -> HttpResponse:
    headers = {}
    if auth_header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(int(wait) + 1)
    if isinstance(error, exceptions.ValidationError):
        return _plain(document("invalid", Invalid.message, _flatten(error.detail)))
    code = (
        error.code if isinstance(error, Problem) else _BY_STATUS.get(error.status_code, "internal")
    )
    errors = error.errors if isinstance(error, Problem) else ()
    return _plain(document(code, str(error.detail), errors), headers)


def _flatten(detail: Any, path: tuple[str | int, ...] = ()) -> Iterator[FieldError]:
    """DRF's nested errors, one by one, each by its path."""
    if isinstance(detail, dict):
        for name, below in detail.items():
            yield from _flatten(below, path if name == "non_field_errors" else (*path, name))
    elif isinstance(detail, list):
        for index, below in enumerate(detail):
            nested = isinstance(below, dict | list)
            yield from _flatten(below, (*path, index) if nested else path)
    else:
        yield FieldError(path, str(detail), getattr(detail, "code", "invalid"))


def _plain(body: dict[str, Any], headers: dict[str, str] | None = None) -> HttpResponse:
    """JSON whatever the view would have rendered: the pages about the API have problems too."""
    response = JsonResponse(
        body, status=body["status"], headers=headers, json_dumps_params={"ensure_ascii": False}
    )
    response["Content-Type"] = MEDIA_TYPE
    response["Content-Language"] = get_language() or ""
    return response


def bad_request(  # the names are Django's
    request: HttpRequest,  # noqa: ARG001 - the framework names it
    exception: Exception | None = None,  # noqa: ARG001 - the framework names it
) -> HttpResponse:
    """The answer to a request that Django itself would not read, a wrong Host for one."""
    return _plain(document("malformed"))


def not_found(  # the names are Django's
    request: HttpRequest,  # noqa: ARG001 - the framework names it
    exception: Exception | None = None,  # noqa: ARG001 - the framework names it
) -> HttpResponse:
    """The answer to an address of the API that does not exist."""
    return _plain(document("not-found", _("There is no such address.")))


def malformed(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - as its neighbours
    """The answer to an address with a NUL among its parameters."""
    return _plain(document("malformed", _("A parameter contains a NUL character.")))


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the framework names it
    """The answer when nobody foresaw it."""
    return _plain(document("internal"))
