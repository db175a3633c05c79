"""Signing in and out, on record.

An address may try so often a minute, whichever names it gives, because each check of a password
takes the processor for a second.
"""

from functools import partial
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.forms import UsernameField
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from coordination.staff.admin_forms import officer_of
from coordination.staff.admin_gate import begin_session, end_session, was_idle
from coordination.staff.admin_guesses import FAILED, account_of, check_alone, refused, was_counted
from coordination.staff.models import Officer
from projects.access.addresses import address_of
from projects.access.limits import Policy, take
from projects.record.acts import record_act

SIGNED_IN: Final = "sign_in"
SIGNED_OUT: Final = "sign_out"


@never_cache
@sensitive_post_parameters("password")
def sign_in_page(request: HttpRequest) -> HttpResponseBase:
    """Show the form, or check what was typed, and record the outcome."""
    if request.method != "POST":
        return admin.site.login(request, {"was_idle": was_idle(request)})
    quota = take(Policy("sign-in", settings.SIGN_INS_PER_ADDRESS), address_of(request))
    if quota is not None and quota.wait:
        return refused(request, _("Too many sign-ins from your network."), quota.wait)
    name = str(UsernameField().to_python(request.POST.get("username", "")))
    return check_alone(request, name, partial(_sign_in, request, name))


def _sign_in(request: HttpRequest, name: str) -> HttpResponseBase:
    response = admin.site.login(request)
    if response.status_code == HTTPStatus.FOUND:
        begin_session(request, response)
        record_act(SIGNED_IN, about=officer_of(request), by=request.user)
    elif was_counted(request):
        record_act(FAILED, about=account_of(name), by=None)
    return response


def sign_out_page(request: HttpRequest) -> HttpResponseBase:
    """Sign out, on record."""
    if request.method == "POST" and isinstance(request.user, Officer):
        record_act(SIGNED_OUT, about=request.user, by=request.user)
    response = admin.site.logout(request)
    if not request.user.is_authenticated:
        end_session(response)
    return response
