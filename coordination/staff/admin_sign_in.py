"""Signing in and out. Wrong passwords are counted by django-axes, one after the other.

While one password is checked for a name and an address, another for both is refused unseen, so
that guesses at the same time cannot pass the count together; and an address may try so often a
minute, whichever names it gives, because each check takes the processor for a second.
"""

import hashlib
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.forms import UsernameField
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from coordination.staff.admin_forms import officer_of
from coordination.staff.admin_gate import begin_session
from coordination.staff.models import Officer
from projects.access.addresses import address_of
from projects.access.limits import Policy, take
from projects.record.acts import record_act
from projects.record.clock import machine_now

SIGNED_IN: Final = "sign_in"
SIGNED_OUT: Final = "sign_out"
FAILED: Final = "sign_in_failed"
LOCKED: Final = "locked"
_MINUTE: Final = timedelta(minutes=1)


@never_cache
@sensitive_post_parameters("password")
def sign_in_page(request: HttpRequest) -> HttpResponseBase:
    """Show the form, or check what was typed, and record the outcome."""
    if request.method != "POST":
        return admin.site.login(request)
    quota = take(Policy("sign-in", settings.SIGN_INS_PER_ADDRESS), address_of(request))
    if quota is not None and quota.wait:
        return _refused(request, _("Too many sign-ins from your network."), quota.wait)
    name = UsernameField().to_python(request.POST.get("username", ""))
    with transaction.atomic():
        if not _is_alone(f"{name}|{address_of(request)}"):
            return _refused(request, _("Another sign-in with this name is being checked."), 1)
        response = admin.site.login(request)
        if response.status_code == HTTPStatus.FOUND:
            begin_session(request)
            record_act(SIGNED_IN, about=officer_of(request), by=request.user)
        elif getattr(request, "axes_failures_since_start", None):  # set where one was counted
            account = Officer.objects.filter(username=name).first()
            record_act(FAILED, about=account, by=None)
            if getattr(request, "axes_locked_out", False):
                record_act(LOCKED, about=account, by=None)
    return response


def _is_alone(who: str) -> bool:
    """Whether no other request checks a password for these now; until the transaction ends."""
    key = int.from_bytes(hashlib.sha256(who.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [key])
        return bool((cursor.fetchone() or (False,))[0])


def say_locked(request: Any, _response: Any, credentials: Any) -> HttpResponse:
    """The answer of django-axes to whoever is locked: when to come again."""
    attempts = AccessAttempt.objects.filter(
        username=(credentials or {}).get("username"), ip_address=request.axes_ip_address
    )
    last = attempts.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    until = (last or machine_now()) + settings.AXES_COOLOFF_TIME
    wait = max(int((until - machine_now()).total_seconds()), 1)
    return _refused(request, _("Too many wrong passwords: sign-in is locked."), wait)


def _refused(request: HttpRequest, reason: str, wait: int) -> HttpResponse:
    """A page that says why, and in how many minutes or seconds to come again."""
    if wait < _MINUTE.total_seconds():
        again = ngettext(
            "Try again in %(number)d second.", "Try again in %(number)d seconds.", wait
        ) % {"number": wait}
    else:
        minutes = -(-wait // int(_MINUTE.total_seconds()))
        again = ngettext(
            "Try again in %(number)d minute.", "Try again in %(number)d minutes.", minutes
        ) % {"number": minutes}
    context = {
        **admin.site.each_context(request), "title": _("Sign in"), "reason": reason, "again": again,
    }  # fmt: skip
    page = TemplateResponse(
        request, "staff/refused.html", context, status=HTTPStatus.TOO_MANY_REQUESTS,
        headers={"Retry-After": str(wait)},
    )  # fmt: skip
    return page.render()


def sign_out_page(request: HttpRequest) -> HttpResponseBase:
    """Sign out, on record."""
    if request.method == "POST" and isinstance(request.user, Officer):
        record_act(SIGNED_OUT, about=request.user, by=request.user)
    return admin.site.logout(request)
