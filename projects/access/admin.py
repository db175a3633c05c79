"""Keys: issued, shown once, revoked."""

# ruff: noqa: ARG002 - Django names the arguments
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from projects.access.keys import issue_key, revoke_key
from projects.access.models import ApiKey
from projects.record.admin_forms import ByVerbs, VerbForm, form_page, typed
from projects.register.models import Enterprise


class KeyForm(VerbForm):
    enterprise = forms.ModelChoiceField(Enterprise.objects.all(), label=gettext_lazy("enterprise"))
    name = forms.CharField(
        label=gettext_lazy("name"), max_length=60,
        help_text=gettext_lazy("What uses this key, for example a system's name."),
    )  # fmt: skip
    expires_at = forms.DateTimeField(label=gettext_lazy("expires at"), required=False)


@admin.register(ApiKey)
class ApiKeyAdmin(ByVerbs):
    list_display: ClassVar = [
        "key_id", "enterprise", "name", "created_at", "expires_at", "revoked_at",
    ]  # fmt: skip
    list_select_related: ClassVar = ["enterprise"]
    search_fields: ClassVar = ["key_id", "enterprise__name"]
    exclude: ClassVar = ["secret_hash"]
    actions_detail: ClassVar = ["revoke"]
    acting = "projects.change_apikey"

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Issue a key; its token is on the answer's page and nowhere else, ever."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = KeyForm(typed(request))
        if made := form.attempt(issue_key, by=request.user):
            key, token = made[0]
            context = {
                **self.admin_site.each_context(request),
                "title": _("The key is issued"), "opts": self.opts, "key": key, "token": token,
            }  # fmt: skip
            return TemplateResponse(request, "projects/issued_key.html", context)
        return form_page(
            self, request, form, title=_("Issue a key"), submit=_("Issue"),
            note=_("The key is shown once, on the next page."),
        )  # fmt: skip

    @action(description=gettext_lazy("Revoke"), url_path="revoke", permissions=["acting"])  # type: ignore[untyped-decorator]
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The key opens nothing any more."""
        key = get_object_or_404(ApiKey, pk=object_id)
        form = VerbForm(typed(request))
        if form.attempt(revoke_key, key=key, by=request.user):
            messages.success(request, _("The key is revoked."))
            return self.changelist_of()
        return form_page(
            self, request, form, title=_("Revoke %(key)s?") % {"key": key}, submit=_("Revoke"),
            note=_("It opens nothing from then on. This cannot be undone; issue another key."),
        )  # fmt: skip
