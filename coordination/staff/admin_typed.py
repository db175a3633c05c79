"""What was typed is kept by the browser, and what is sent twice is done once.

The script ``staff/static/staff/typed.js`` keeps it, and asks here before it sends a form. Why so:
docs/adr/0056-typed-text.md.
"""

import base64
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import RedisError

from coordination.staff.admin_forms import officer_of
from coordination.staff.admin_gate import STAFF
from coordination.staff.models import Officer
from projects.record.admin_forms import DONE
from projects.record.clock import now

COOKIE: Final = "typed_done"
FIELD: Final = "typed_id"
_ID: Final = re.compile(r"[0-9a-f]{32}\Z")
_SALT: Final = "coordination.staff.typed"
_KEPT: Final = 24 * 60 * 60  # seconds, as long as the browser keeps what was typed
_UNDER_WAY: Final = 60  # seconds: no request takes longer
_MOVED: Final = frozenset({HTTPStatus.FOUND, HTTPStatus.SEE_OTHER})


@never_cache
@require_safe
def typed_page(request: HttpRequest) -> JsonResponse:
    """Who is signed in; the key of what he typed, a fresh CSRF token, and the time (ms)."""
    officer = officer_of(request)
    key = salted_hmac(_SALT, str(officer.pk), algorithm="sha256").digest()
    return JsonResponse(
        {
            "officer": officer.pk, "key": base64.b64encode(key).decode(),
            "token": get_token(request), "now": int(now().timestamp() * 1000),
        }
    )  # fmt: skip


def answer_once(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: do a form with an id once, and say in a cookie that it was done.

    A form sent again, because no answer came, is answered by where the first answer led. Without
    Valkey it is done again, as if it had no id.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        given = _id_of(request)
        if given is None:
            return get_response(request)
        key = f"typed:{request.user.pk}:{given}"
        if not _claim(key):
            return _again(request, key, given)
        response = get_response(request)
        is_done = _is_done(request, response)
        _settle(key, _where(request, response) if is_done else None)
        return _told(response, given) if is_done else response

    return answer


def _id_of(request: HttpRequest) -> str | None:
    """The id of the form, where an officer sends one."""
    if request.method != "POST" or not request.path.startswith(STAFF):
        return None
    if not isinstance(request.user, Officer):
        return None
    given = request.POST.get(FIELD, "")
    return given if _ID.match(given) else None


def _is_done(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the verb was done: the page leads on, and not to the sign-in or with a refusal."""
    if DONE in request.META:
        return True
    if response.status_code not in _MOVED:
        return False
    to = response.headers.get("Location", "")
    if to.startswith(reverse("admin:login")):
        return False
    storage = messages.get_messages(request)
    is_refused = any(each.level >= messages.ERROR for each in storage)
    if not isinstance(storage, list):
        storage.used = False  # only looked at: the next page shows them
    return not is_refused


def _where(request: HttpRequest, response: HttpResponse) -> str:
    return str(response.headers.get("Location", request.path))


def _told(response: HttpResponse, given: str) -> HttpResponse:
    response.set_cookie(
        COOKIE, given, max_age=_KEPT, path=STAFF, samesite="Strict",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )  # fmt: skip
    return response


def _page_of(request: HttpRequest) -> str:
    """The page from which the form was sent, if it is one of ours."""
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()})
    return page if is_ours else reverse("admin:index")


def _claim(key: str) -> bool:
    try:
        return bool(cache.add(key, "", _UNDER_WAY))
    except RedisError:
        return True


def _settle(key: str, to: str | None) -> None:
    """Remember where the answer led; a form that was refused may be sent again."""
    try:
        if to is None:
            cache.delete(key)
        else:
            cache.set(key, to, _KEPT)
    except RedisError:
        return


def _again(request: HttpRequest, key: str, given: str) -> HttpResponse:
    try:
        to = cache.get(key)
    except RedisError:
        to = None
    if not to:
        messages.warning(request, _("This is being done already. It was not sent twice."))
        return HttpResponseRedirect(_page_of(request))
    messages.info(
        request, _("This was done already when you sent it first. It was not done twice.")
    )
    return _told(HttpResponseRedirect(to), given)
