"""The page of the second step at sign-in, and that on which an officer keeps his second factor."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import segno
from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache

from coordination.staff.admin_forms import VerbForm, officer_of, typed
from coordination.staff.admin_gate import mark_second_step
from coordination.staff.admin_guesses import check_own, counting, is_own_password
from coordination.staff.models import SecondFactor
from coordination.staff.second_factor import (
    address_of,
    begin_enrolment,
    confirm_enrolment,
    is_required,
    key_of,
    pass_second_step,
    remove_second_factor,
    renew_codes,
)

_VERBS: Final[dict[str, Any]] = {"renew": renew_codes, "remove": remove_second_factor}


class CodeForm(VerbForm):
    code = forms.CharField(
        label=gettext_lazy("code of the app"), max_length=30,
        widget=forms.TextInput({
            "autocomplete": "one-time-code", "autofocus": "", "spellcheck": "false",
        }),
    )  # fmt: skip


class EnrolmentForm(CodeForm):
    password = forms.CharField(
        label=pgettext_lazy("second factor", "present password"), strip=False, max_length=128,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )  # fmt: skip


@never_cache
def second_step_page(request: HttpRequest) -> HttpResponseBase:
    """Ask for the code after the password; then go on to the page that was asked for."""
    return _checked(request, CodeForm(typed(request)), _second_step)


def _checked(
    request: HttpRequest, form: CodeForm, page: Callable[[HttpRequest, CodeForm], HttpResponse]
) -> HttpResponseBase:
    """The page; a code that was typed is checked alone, and a wrong one counted."""
    if not form.is_valid():
        return page(request, form)
    return check_own(request, partial(page, request, form))


def _second_step(request: HttpRequest, form: CodeForm) -> HttpResponse:
    officer = officer_of(request)
    wanted = request.GET.get("next", "")
    if form.is_bound and form.attempt(counting(request, pass_second_step), by=officer):
        request.session.cycle_key()
        mark_second_step(request, officer)
        is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
        return HttpResponseRedirect(wanted if is_ours else reverse("admin:index"))
    context = {**admin.site.each_context(request), "title": _("Second step"), "form": form}
    return TemplateResponse(request, "staff/second_step.html", context)


@never_cache
def second_factor_page(request: HttpRequest) -> HttpResponseBase:
    """Enrol a second factor; or make new recovery codes, or remove it."""
    enrols = officer_of(request).second_factor_at is None
    form = (EnrolmentForm if enrols else CodeForm)(typed(request))
    return _checked(request, form, _second_factor)


def _second_factor(request: HttpRequest, form: CodeForm) -> HttpResponse:
    officer = officer_of(request)
    context: dict[str, Any] = {}
    verb = _VERBS.get(request.POST.get("do", ""))
    if isinstance(form, EnrolmentForm):
        verb = partial(confirm_enrolment, is_present=partial(is_own_password, request))
    if verb is not None and (done := form.attempt(counting(request, verb), by=officer)):
        mark_second_step(request, officer)
        if not done[0]:
            messages.success(request, _("The second factor is removed."))
            return HttpResponseRedirect(reverse("second_factor"))
        context = {"codes": done[0]}
    elif officer.second_factor_at is None:
        context = _to_enrol(begin_enrolment(by=officer))
    else:
        kept = SecondFactor.objects.get(user=officer, confirmed=True)
        context = {"left": len(kept.recovery_codes)}
    shared = {
        **admin.site.each_context(request), "title": _("Second factor"), "form": form,
        "officer": officer, "is_required": is_required(officer),
    }  # fmt: skip
    return TemplateResponse(request, "staff/second_factor.html", shared | context)


def _to_enrol(factor: SecondFactor) -> dict[str, Any]:
    picture = segno.make(address_of(factor), error="m").svg_inline(scale=4, border=2)
    return {"factor": factor, "picture": picture, "key": key_of(factor)}
