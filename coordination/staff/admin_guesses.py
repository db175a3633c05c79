"""Checks of passwords and of one-time codes, whose wrong ones are counted by django-axes.

While one is checked for a name and an address, another for both is refused unseen, so that guesses
at the same time cannot pass the count together. It is one count, in an open session too.
"""

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import authenticate, user_login_failed
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from coordination.staff.admin_forms import officer_of
from coordination.staff.models import Officer
from coordination.staff.second_factor import WrongCode
from coordination.staff.waiting import again_in
from projects.access.addresses import address_of, locked_address
from projects.record.acts import record_act
from projects.record.clock import machine_now

FAILED: Final = "sign_in_failed"
LOCKED: Final = "locked"


def check_alone(
    request: HttpRequest, name: str, check: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """The answer of ``check``, which evaluates a password or a code of this user name.

    Refused unseen while another is being checked. Records the lock that a wrong one led to.
    """
    with transaction.atomic():
        if not _is_alone(f"{name}|{address_of(request)}"):
            return refused(request, _("Another sign-in with this name is being checked."), 1)
        response = check()
        if was_counted(request) and getattr(request, "axes_locked_out", False):
            by = request.user if isinstance(request.user, Officer) else None
            record_act(LOCKED, about=account_of(name), by=by)
    return response


def check_own(request: HttpRequest, check: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The same for who is signed in; refused unseen where he is locked for the address."""
    name = officer_of(request).get_username()

    def unless_locked() -> HttpResponseBase:
        if AxesProxyHandler.is_allowed(request, {"username": name}):
            return check()
        return say_locked(request, None, {"username": name})

    return check_alone(request, name, unless_locked)


def _is_alone(who: str) -> bool:
    """Whether no other request checks one for these now; until the transaction ends."""
    key = int.from_bytes(hashlib.sha256(who.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [key])
        return bool((cursor.fetchone() or (False,))[0])


def account_of(name: str) -> Officer | None:
    """The account, if there is one; a name that nobody has is not kept."""
    return Officer.objects.filter(username=name).first()


def was_counted(request: HttpRequest) -> bool:
    """Whether django-axes counted a wrong one in this request."""
    return bool(getattr(request, "axes_failures_since_start", None))


def is_own_password(request: HttpRequest, password: str) -> bool:
    """Whether it is the present password of who is signed in; inside :func:`check_own`."""
    officer = officer_of(request)
    name = officer.get_username()
    if authenticate(request, username=name, password=password) is not None:
        return True
    record_act(FAILED, about=officer, by=officer)
    return False


def forget_guesses(request: HttpRequest) -> None:
    """Begin the count of who is signed in anew, from this address."""
    reset(ip=locked_address(request), username=officer_of(request).get_username())


def counting[Done](request: HttpRequest, verb: Callable[..., Done]) -> Callable[..., Done]:
    """The verb, a wrong code of which counts as a wrong password does; as above."""

    def call(**given: Any) -> Done:
        try:
            return verb(**given)
        except WrongCode:
            name = officer_of(request).get_username()
            user_login_failed.send(__name__, credentials={"username": name}, request=request)
            raise

    return call


def say_locked(request: Any, _response: Any, credentials: Any) -> HttpResponse:
    """The answer of django-axes to whoever is locked: when to come again."""
    attempts = AccessAttempt.objects.filter(
        username=(credentials or {}).get("username"), ip_address=request.axes_ip_address
    )
    last = attempts.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    until = (last or machine_now()) + settings.AXES_COOLOFF_TIME
    wait = max(int((until - machine_now()).total_seconds()), 1)
    return refused(request, _("Too many wrong passwords or codes: sign-in is locked."), wait)


def refused(request: HttpRequest, reason: str, wait: int) -> HttpResponse:
    """A page that says why, and in how many minutes or seconds to come again."""
    context = {
        **admin.site.each_context(request), "title": _("Sign in"), "reason": reason,
        "again": again_in(wait),
    }  # fmt: skip
    page = TemplateResponse(
        request, "staff/refused.html", context, status=HTTPStatus.TOO_MANY_REQUESTS,
        headers={"Retry-After": str(wait)},
    )  # fmt: skip
    return page.render()
