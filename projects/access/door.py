"""What PostgreSQL cannot hold is turned away before anyone looks at it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

from projects.access.problems import malformed, not_found

API: Final = "/api/"

type Answer = Callable[[HttpRequest], HttpResponse]


def refuse_nul(get_response: Answer) -> Answer:
    """Middleware: no address and no parameter has a NUL in it; bodies see to themselves."""

    def answer(request: HttpRequest) -> HttpResponse:
        for_program = request.path.startswith(API)
        if "\0" in request.path:
            return not_found(request) if for_program else HttpResponse(status=HTTPStatus.NOT_FOUND)
        if "\0" in unquote_plus(request.META.get("QUERY_STRING", "")):
            return malformed(request) if for_program else HttpResponseBadRequest()
        return get_response(request)

    return answer
