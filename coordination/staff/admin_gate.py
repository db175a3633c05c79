"""Middleware of the staff's pages: idle sessions end, and what is due comes before all else."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from coordination.staff.models import Officer
from coordination.staff.passwords import is_password_due
from coordination.staff.second_factor import is_required
from projects.record.clock import machine_now

STAFF: Final = "/admin/"
BY_ITSELF: Final = "X-By-Itself"  # a page's script asks, and nobody has touched a key
# Until he signs out or closes the browser, whose session's own cookie ends with the idle time.
_KNOWN: Final = "signed_in"
_RENEWED, _STEP = "renewed_at", "second_factor_at"
_EACH: Final = 60  # seconds between renewals, so that not every request writes
_OPEN: Final = frozenset({"/admin/login/", "/admin/logout/", "/admin/jsi18n/"})


def begin_session(request: HttpRequest, response: HttpResponseBase) -> None:
    """Let the session of somebody who has just signed in be renewed by what he does."""
    request.session[_RENEWED] = int(machine_now().timestamp())
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(_KNOWN, "1", secure=secure, httponly=True, samesite="Lax")


def end_session(response: HttpResponseBase) -> None:
    """The session ended by something else than time."""
    response.delete_cookie(_KNOWN)


def was_idle(request: HttpRequest) -> bool:
    """Return whether the session of this browser ended because nothing was done for long."""
    return request.COOKIES.get(_KNOWN) == "1" and not request.user.is_authenticated


def mark_second_step(request: HttpRequest, officer: Officer) -> None:
    """Remember with which second factor the session was opened; a reset or another one ends it."""
    request.session[_STEP] = _since(officer)


def gate(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: renew the session; first ask for the second step and for what must be changed."""

    def answer(request: HttpRequest) -> HttpResponse:
        is_staff = request.path.startswith(STAFF) and request.path not in _OPEN
        if is_staff and isinstance(officer := request.user, Officer):
            _renew(request)
            page = _page_due(request, officer)
            if page and request.path != reverse(page):
                return _sent_to(page, request)
        response = get_response(request)
        # A browser drops the cookie of an idle session; one that is still sent was ended by others.
        has_cookie = settings.SESSION_COOKIE_NAME in request.COOKIES
        if is_staff and has_cookie and not request.user.is_authenticated:
            end_session(response)
        return response

    return answer


def _renew(request: HttpRequest) -> None:
    """Start the session's idle time anew, except for a request that a page makes by itself."""
    renewed, at = request.session.get(_RENEWED), int(machine_now().timestamp())
    if renewed is not None and at - renewed >= _EACH and BY_ITSELF not in request.headers:
        request.session[_RENEWED] = at


def _page_due(request: HttpRequest, officer: Officer) -> str:
    """The name of the page that comes first; empty where nothing is due."""
    if request.session.get(_STEP) != _since(officer):
        return "second_step" if officer.second_factor_at else "admin:login"
    if is_password_due(officer):
        return "admin:password_change"
    return "second_factor" if not officer.second_factor_at and is_required(officer) else ""


def _sent_to(page: str, request: HttpRequest) -> HttpResponse:
    next_page = urlencode({"next": request.get_full_path()})
    response = HttpResponseRedirect(f"{reverse(page)}?{next_page}")
    if page == "admin:login":
        logout(request)
        end_session(response)
    return response


def _since(officer: Officer) -> str | None:
    return officer.second_factor_at.isoformat() if officer.second_factor_at else None
