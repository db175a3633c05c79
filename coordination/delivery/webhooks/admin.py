"""The admin of the enterprises' webhooks: their health; the centre may disable one."""

# ruff: noqa: ARG002 - Django names the arguments
from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from unfold.decorators import action, display

from coordination.delivery.models import WebhookEndpoint
from coordination.delivery.topics import label_of
from coordination.delivery.webhooks.endpoints import allow_webhook, disable_webhook
from coordination.delivery.webhooks.queries import waiting_for
from coordination.staff.admin_forms import VerbForm, form_page, officer_of, typed
from coordination.staff.admin_pages import ByVerbs
from projects.record.admin_forms import ReadOnly
from projects.record.finding import typed_row

_COLOURS = {"well": "success", "failing": "warning", "disabled": "danger"}


class ReasonForm(VerbForm):
    reason = forms.CharField(
        label=gettext_lazy("reason"), required=False,
        help_text=gettext_lazy("The enterprise reads it. At most 200 characters."),
    )  # fmt: skip
    asked = frozenset({"reason"})


@admin.register(WebhookEndpoint)
class WebhookAdmin(ReadOnly, ByVerbs):
    acting: ClassVar = "delivery.change_webhookendpoint"
    list_display: ClassVar = [
        "host", "enterprise", "description", "health", "failing_since", "created_at",
    ]  # fmt: skip
    list_filter: ClassVar = ["is_enabled", "disabled_because"]
    list_select_related: ClassVar = ["enterprise"]
    search_fields: ClassVar = ["enterprise__folded", "host"]
    fields: ClassVar = [
        "endpoint_id", "enterprise", "host", "description", "topic_list", "doing",
        "disabled_because", "disabled_note", "disabled_at", "failing_since", "waiting",
        "deliveries", "created_at",
    ]  # fmt: skip
    ordering: ClassVar = ["-pk"]
    actions = None
    actions_detail: ClassVar = ["disable", "allow"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookEndpoint]:
        return WebhookEndpoint.objects.filter(deleted_at=None)

    def has_disabling_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether it may be disabled; the theme checks before it shows a button."""
        return self._is_enabled(request, object_id) is True

    def has_allowing_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """A disabled webhook can be allowed again."""
        return self._is_enabled(request, object_id) is False

    def _is_enabled(self, request: HttpRequest, object_id: str | None) -> bool | None:
        if not self.has_acting_permission(request):
            return None
        row = typed_row(self.get_queryset(request), object_id)
        return row.is_enabled if row else None

    @display(description=gettext_lazy("health"), label=_COLOURS)  # type: ignore[untyped-decorator]  # the theme has no types
    def health(self, row: WebhookEndpoint) -> tuple[str, str]:
        """Its health, coloured in the list."""
        return self._health(row)

    @admin.display(description=gettext_lazy("health"))
    def doing(self, row: WebhookEndpoint) -> str:
        return self._health(row)[1]

    def _health(self, row: WebhookEndpoint) -> tuple[str, str]:
        if not row.is_enabled:
            return "disabled", pgettext("webhook", "Disabled")
        return ("failing", _("Nothing arrives")) if row.failing_since else ("well", _("In use"))

    @admin.display(description=gettext_lazy("topics"))
    def topic_list(self, row: WebhookEndpoint) -> str:
        return "、".join(map(label_of, row.topics)) or _("all of them")

    @admin.display(description=gettext_lazy("waiting to be sent"))
    def waiting(self, row: WebhookEndpoint) -> str:
        number, is_all = waiting_for(row)
        return f"{number}" if is_all else _("more than %(number)d") % {"number": number}

    @admin.display(description=gettext_lazy("deliveries"))
    def deliveries(self, row: WebhookEndpoint) -> SafeString:
        address = reverse("admin:delivery_delivery_changelist")
        link = '<a class="text-primary-600 dark:text-primary-500" href="{}?endpoint={}">{}</a>'
        return format_html(link, address, row.pk, _("Show them"))

    def _attempt(
        self, request: HttpRequest, object_id: str, verb: Callable[..., Any], **page: Any
    ) -> HttpResponse:
        row = typed_row(self.get_queryset(request), object_id)
        if row is None:
            return self.changelist_of()
        form, done = page.pop("form"), page.pop("done")
        if form.attempt(verb, endpoint=row, by=officer_of(request)):
            messages.success(request, done)
            address = reverse("admin:delivery_webhookendpoint_change", args=[row.pk])
            return HttpResponseRedirect(address)
        return form_page(self, request, form, of=row, **page)

    @action(description=gettext_lazy("Disable"), url_path="disable", permissions=["disabling"])  # type: ignore[untyped-decorator]  # the theme has no types
    def disable(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Disable the webhook."""
        return self._attempt(
            request, object_id, disable_webhook, form=ReasonForm(typed(request)),
            title=_("Disable this webhook"), submit=_("Disable"),
            done=_("Nothing is sent there from now on."),
        )  # fmt: skip

    @action(description=gettext_lazy("Use again"), url_path="allow", permissions=["allowing"])  # type: ignore[untyped-decorator]  # the theme has no types
    def allow(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._attempt(
            request, object_id, allow_webhook, form=VerbForm(typed(request)),
            title=_("Use this webhook again?"), submit=_("Yes, now"),
            done=_("The webhook is in use again."),
        )  # fmt: skip
