"""The strip on every page of a demonstration: its time, and buttons to move it forward."""

import re
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from coordination.demo.forward import ask_forward, standing
from projects.record.refusals import Invalid, Refusal

# Not of a wall, which has no buttons.
_BODY: Final = re.compile(rb"""<body(?![^>]*data-without-strip)(?:"[^"]*"|'[^']*'|[^"'>])*>""")

Page = Callable[[HttpRequest], HttpResponse]


def of_a_demonstration(page: Page) -> Page:
    """Decorator: answer 404 outside a demonstration."""

    @wraps(page)
    def shown(request: HttpRequest) -> HttpResponse:
        if not settings.DEMONSTRATION:
            raise Http404
        return page(request)

    return shown


@require_safe
@never_cache
@of_a_demonstration
def show_clock(request: HttpRequest) -> HttpResponse:
    """Return only the strip's text, for refreshing an open page."""
    found = standing()
    if found is None:
        raise Http404
    words = render_to_string("demo/clock.html", {"clock": found}, request)
    return HttpResponse(words)


@require_POST
@of_a_demonstration
def move_forward(request: HttpRequest) -> HttpResponse:
    """Request the move, and redirect to the page; 422 with the reason if it is refused."""
    try:
        ask_forward(request.POST.get("by", ""))
    except Invalid as refusal:
        return _text_response("\n".join(refusal.reasons), HTTPStatus.UNPROCESSABLE_ENTITY)
    except Refusal as refusal:
        return _text_response(str(refusal), HTTPStatus.CONFLICT)
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return HttpResponseRedirect(back if is_ours else "/")


def _text_response(words: str, status: HTTPStatus) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


def add_strip(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: put the strip at the top of every HTML page; used only in a demonstration."""
    if not settings.DEMONSTRATION:
        raise MiddlewareNotUsed

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if isinstance(response, HttpResponse) and _is_page(response):
            with override(response.get("Content-Language") or get_language()):
                _put_into(response, _strip(request))
        return response

    return answer


def _is_page(response: HttpResponse) -> bool:
    """A whole page of HTML that takes the strip."""
    kind = response.get("Content-Type", "")
    is_whole = kind.startswith("text/html") and not response.has_header("Content-Encoding")
    return is_whole and _BODY.search(response.content) is not None


def _strip(request: HttpRequest) -> str:
    """The strip as HTML; empty if the database is unavailable or nothing is loaded."""
    try:
        found = standing()
    except DatabaseError:
        return ""
    if found is None:
        return ""
    shown = {"clock": found, "page": request.get_full_path()}
    return render_to_string("demo/strip.html", shown, request)


def _put_into(response: HttpResponse, strip: str) -> None:
    """Insert it after <body>."""
    body = _BODY.search(response.content)
    if body is None or not strip:
        return
    head, rest = response.content[: body.end()], response.content[body.end() :]
    response.content = head + strip.encode() + rest
    if response.has_header("Content-Length"):
        response["Content-Length"] = str(len(response.content))
