"""Base classes of admin pages, shared by the rooms of the centre."""

# ruff: noqa: ARG002 - Django names the arguments
from functools import partial, reduce
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import password_validators_help_texts
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from unfold.admin import ModelAdmin, TabularInline

from coordination.staff.admin_forms import VerbForm, officer_of, typed
from coordination.staff.admin_guesses import check_own, forget_guesses, is_own_password
from coordination.staff.passwords import change_own_password, is_password_due
from projects.files.admin_lists import ByVerbs
from projects.files.admin_sheet import ExportsSheet
from projects.record.acts import ADDED, CHANGED, REMOVED, record_act
from projects.record.admin_forms import FoldedSearch, ReadOnly

__all__ = [
    "ByVerbs", "KeptRevisions", "NeverDeleted", "NewPasswordForm", "RecordsActs", "ShowsRevisions",
    "own_password_page",
]  # fmt: skip


class NeverDeleted(ExportsSheet, FoldedSearch):
    """An admin without deletion, so that the history stays complete."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class KeptRevisions(ReadOnly, TabularInline):  # type: ignore[misc]  # the theme has no types
    """The revisions that the database keeps of a row, the newest first."""

    extra = 0
    ordering: ClassVar[Any] = ("-pk",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever sees the row's page sees them."""
        return True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("by")


class ShowsRevisions(ModelAdmin):  # type: ignore[misc]  # the theme has no types
    """An admin whose inlines are revisions: shown below the row, and no part of what is sent."""

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return list(self.inlines) if obj is not None and request.method == "GET" else []


class RecordsActs(ExportsSheet):
    """An admin of settings-like rows: each addition, change and deletion is recorded as an act."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        super().save_model(request, obj, form, change)
        changes = {
            name: (form.initial.get(name), form.cleaned_data[name]) for name in form.changed_data
        }
        record_act(CHANGED if change else ADDED, about=obj, changes=changes, by=request.user)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        record_act(REMOVED, about=obj, by=request.user)
        super().delete_model(request, obj)


def _joined(first: str, second: str) -> str:
    """Two sentences; in Chinese without a space between them."""
    return _("%(first)s %(second)s") % {"first": first, "second": second}


def _rules() -> str:
    return reduce(_joined, password_validators_help_texts())


class NewPasswordForm(VerbForm):
    """A password, typed twice; the verb checks it."""

    password = forms.CharField(
        label=gettext_lazy("new password"), strip=False, max_length=128,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=lazy(_rules, str)(),
    )  # fmt: skip
    again = forms.CharField(
        label=gettext_lazy("once more"), strip=False, max_length=128,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )  # fmt: skip


class OwnPasswordForm(NewPasswordForm):
    """The present password too."""

    old = forms.CharField(
        label=gettext_lazy("present password"), strip=False, max_length=128,
        widget=forms.PasswordInput({"autocomplete": "current-password", "autofocus": ""}),
    )  # fmt: skip
    field_order = ("old", "password", "again")


@never_cache
@sensitive_post_parameters()
def own_password_page(request: HttpRequest) -> HttpResponseBase:
    """Change one's own password; the session from which it is done goes on."""
    form = OwnPasswordForm(typed(request))
    page = partial(_own_password, request, form)
    if not form.is_valid():
        return page()
    return check_own(request, page)


def _is_present(request: HttpRequest, password: str) -> bool:
    """Whether it is the present one; the right one begins the count of wrong ones anew."""
    is_right = is_own_password(request, password)
    if is_right:
        forget_guesses(request)
    return is_right


def _own_password(request: HttpRequest, form: OwnPasswordForm) -> HttpResponse:
    officer, is_present = officer_of(request), partial(_is_present, request)
    if form.is_bound and form.attempt(change_own_password, is_present=is_present, by=officer):
        update_session_auth_hash(request, officer)
        messages.success(request, _("The password is changed."))
        return HttpResponseRedirect(reverse("admin:index"))
    note = ""
    if officer.password_set_at is None:
        note = _("Somebody else set your password: choose one that only you know.")
    elif is_password_due(officer):
        note = _("Your password is too old: choose another.")
    context = {
        **admin.site.each_context(request), "title": _("Change the password"), "form": form,
        "submit": _("Change"), "note": note,
    }  # fmt: skip
    return TemplateResponse(request, "record/verb_form.html", context)
