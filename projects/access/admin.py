"""Keys: issued, shown once, revoked."""

# ruff: noqa: ARG002 - Django names the arguments
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.decorators import action

from projects.access.key_lineage import keys_depending_on
from projects.access.keys import (
    LONGEST_OVERLAP,
    MOST_PER_MINUTE,
    issue_key,
    limit_key,
    revoke_key,
    rotate_key,
)
from projects.access.models import ApiKey, KeyRefusal, Scope, usual_scopes
from projects.files.admin_lists import ByVerbs
from projects.record.admin_forms import ReadOnly, VerbForm, form_page, say_done, typed
from projects.record.days import UntilFormField
from projects.record.finding import typed_row_or_404
from projects.register.admin_fields import EnterpriseField


def _limit_field() -> forms.IntegerField:
    return forms.IntegerField(
        label=gettext_lazy("requests a minute"), required=False, min_value=0,
        max_value=MOST_PER_MINUTE,
        help_text=gettext_lazy("Empty: as for every key. 0: without a limit."),
    )  # fmt: skip


def _usual_limit() -> str:
    number = settings.RATE_PER_KEY
    return _("As for every key: %(number)d.") % {"number": number} if number else ""


def _note_on_revoking(key: ApiKey) -> str:
    """What revoking does, naming the keys that are revoked with it."""
    note = _("It opens nothing from then on. This cannot be undone; issue another key.")
    depending = ApiKey.objects.filter(pk__in=keys_depending_on(key), revoked_at=None)
    names = "、".join(f"{each.name} ({each.key_id})" for each in depending.order_by("pk"))
    if not names:
        return note
    return f"{note} {_('Revoked with it, because they were issued with it: %s.') % names}"


class KeyForm(VerbForm):
    enterprise = EnterpriseField()
    name = forms.CharField(
        label=gettext_lazy("name"), max_length=60,
        help_text=gettext_lazy("What uses this key, for example a system's name."),
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("may be used to"), choices=Scope.choices, initial=usual_scopes,
        widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    expires_at = UntilFormField(label=gettext_lazy("expires at"), required=False)
    per_minute = _limit_field()


class LimitForm(VerbForm):
    per_minute = _limit_field()


class RotationForm(VerbForm):
    overlap_days = forms.IntegerField(
        label=gettext_lazy("days for which the old key still opens"), initial=7, min_value=0,
        max_value=LONGEST_OVERLAP,
    )  # fmt: skip


class RefusalInline(ReadOnly, TabularInline):  # type: ignore[misc]  # the theme has no types
    """How often the key was refused, by day and reason."""

    model = KeyRefusal
    fields: ClassVar = ["day", "reason", "times", "last_at"]
    readonly_fields: ClassVar = fields
    ordering: ClassVar = ["-last_at"]
    per_page = 10
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("access.view_apikey"))


@admin.register(ApiKey)
class ApiKeyAdmin(ByVerbs):
    list_display: ClassVar = [
        "key_id", "enterprise", "name", "may", "last_used_at", "expires_at", "revoked_at",
    ]  # fmt: skip
    list_select_related: ClassVar = ["enterprise"]
    search_fields: ClassVar = ["key_id", "enterprise__folded"]
    fields: ClassVar = [
        "key_id", "enterprise", "name", "may", "created_at", "created_by", "created_by_key",
        "replaces", "expires_at", "revoked_at", "last_used_at", "per_minute",
    ]  # fmt: skip
    inlines: ClassVar = [RefusalInline]
    actions_detail: ClassVar = ["rotate", "limit", "revoke"]
    acting = "access.change_apikey"

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Issue a key; its token is shown on the next page, and never again."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = KeyForm(typed(request))
        if made := form.attempt(issue_key, by=request.user):
            say_done(request)
            return self._show_once(request, *made[0])
        return form_page(
            self, request, form, title=_("Issue a key"), submit=_("Issue"),
            note=_("The key is shown once, on the next page."),
        )  # fmt: skip

    def _show_once(self, request: HttpRequest, key: ApiKey, token: str) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("The key is issued"), "opts": self.opts, "key": key, "token": token,
        }  # fmt: skip
        return TemplateResponse(request, "access/issued_key.html", context)

    @admin.display(description=gettext_lazy("may be used to"))
    def may(self, key: ApiKey) -> str:
        """The labels of its scopes."""
        return "、".join(str(Scope(each).label) for each in key.scopes)

    @action(description=gettext_lazy("Replace"), url_path="rotate", permissions=["acting"])  # type: ignore[untyped-decorator]  # the theme has no types
    def rotate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Issue a replacement; for some days both keys are valid."""
        key = typed_row_or_404(ApiKey.objects.all(), object_id)
        form = RotationForm(typed(request))
        if made := form.attempt(rotate_key, key=key, by=request.user):
            return self._show_once(request, *made[0])
        return form_page(
            self, request, form, title=_("Replace %(key)s") % {"key": key}, submit=_("Replace"),
            note=_("The new key is shown once, on the next page."),
        )  # fmt: skip

    @action(description=gettext_lazy("Limit"), url_path="limit", permissions=["acting"])  # type: ignore[untyped-decorator]  # the theme has no types
    def limit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Set how many requests a minute the key may make."""
        key = typed_row_or_404(ApiKey.objects.all(), object_id)
        form = LimitForm(typed(request), initial={"per_minute": key.per_minute})
        return self.ask(
            request, form, partial(limit_key, key=key), title=_("Limit %(key)s") % {"key": key},
            submit=_("Set"), done=_("The limit is set."), note=_usual_limit(),
        )  # fmt: skip

    @action(description=gettext_lazy("Revoke"), url_path="revoke", permissions=["acting"])  # type: ignore[untyped-decorator]  # the theme has no types
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Revoke the key."""
        key = typed_row_or_404(ApiKey.objects.all(), object_id)
        return self.ask(
            request, VerbForm(typed(request)), partial(revoke_key, key=key),
            title=_("Revoke %(key)s?") % {"key": key}, submit=_("Revoke"),
            done=_("The key is revoked."),
            note=_note_on_revoking(key),
        )  # fmt: skip
