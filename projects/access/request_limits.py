"""Middleware that refuses oversized requests and NUL characters before reading the body."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from projects.access.problems import NO_ADDRESS, respond

API: Final = "/api/"
LARGEST_REQUEST: Final = 11 * 1024 * 1024  # the largest attachment with its form's other fields

type Answer = Callable[[HttpRequest], HttpResponse]


def refuse_nul(get_response: Answer) -> Answer:
    """Middleware: refuse a NUL in the path or the query; the parsers check the body."""

    def answer(request: HttpRequest) -> HttpResponse:
        for_program = request.path.startswith(API)
        if "\0" in request.path:
            if for_program:
                return respond("not-found", NO_ADDRESS)
            return HttpResponse(status=HTTPStatus.NOT_FOUND)
        if "\0" in unquote_plus(request.META.get("QUERY_STRING", "")):
            if for_program:
                return respond("malformed", _("A parameter contains a NUL character."))
            return HttpResponseBadRequest()
        return get_response(request)

    return answer


def refuse_large(get_response: Answer) -> Answer:
    """Middleware: refuse by Content-Length; the server reads no more than the stated length."""

    def answer(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or ""
        if length.isdecimal() and int(length[:15]) > LARGEST_REQUEST:
            if request.path.startswith(API):
                return respond("too-large", _("A request may have at most 11 MiB."))
            page = render_to_string("413.html")  # without the request: no session is read
            return HttpResponse(page, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return get_response(request)

    return answer
