"""The admin of deliveries and their attempts."""

from typing import ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import TabularInline
from unfold.decorators import action, display

from coordination.delivery.admin_filters import EndpointFilter, SubjectFilter, TopicFilter
from coordination.delivery.channel_managers import may_manage_delivery
from coordination.delivery.digest import payload_of
from coordination.delivery.models import Attempt, Delivery, State
from coordination.delivery.queries import deliveries_for
from coordination.delivery.replay import replay, replay_all
from coordination.delivery.topics import label_of
from coordination.staff.admin_forms import VerbForm, form_page, officer_of, typed
from coordination.staff.admin_pages import ByVerbs
from projects.record.admin_forms import ReadOnly, WithoutCount
from projects.record.finding import typed_row

_COLOURS = {
    State.PENDING: "info",
    State.DELIVERED: "success",
    State.DEAD: "danger",
    State.MERGED: "info",
}


class AttemptInline(ReadOnly, TabularInline):  # type: ignore[misc]  # the theme has no types
    model = Attempt
    fields: ClassVar = ["started_at", "duration", "is_success", "status", "reply"]
    readonly_fields: ClassVar = fields
    extra = 0

    @admin.display(description=gettext_lazy("reply"))
    def reply(self, attempt: Attempt) -> str:
        return _(attempt.detail) if attempt.detail else ""


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, WithoutCount, ByVerbs):
    acting: ClassVar = "delivery.change_delivery"
    list_display: ClassVar = [
        "topic_label", "receiver", "shown_state", "tries", "created_at", "due", "settled_at",
    ]  # fmt: skip
    list_filter: ClassVar = [
        "state", "destination__channel", TopicFilter, EndpointFilter, SubjectFilter,
    ]  # fmt: skip
    fields: ClassVar = [
        "message_id", "topic_label", "receiver", "content", "enclosed", "state", "digest", "tries",
        "created_at", "due", "settled_at",
    ]  # fmt: skip
    inlines: ClassVar = [AttemptInline]
    search_fields: ClassVar = ["message_id"]
    list_per_page = 50
    actions: ClassVar = ["replay_these"]
    actions_detail: ClassVar = ["replay_one"]

    def has_acting_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether he may manage its channel; the list's action checks each row separately."""
        if object_id is None:
            return bool(request.user.has_perm(self.acting))
        row = typed_row(self.get_queryset(request), object_id)
        return row is not None and may_manage_delivery(row, officer_of(request))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        related = ("destination__officer", "destination__group", "endpoint__enterprise")
        return deliveries_for(officer_of(request)).select_related(*related).order_by("-pk")

    @display(description=gettext_lazy("state"), label=_COLOURS)  # type: ignore[untyped-decorator]  # the theme has no types
    def shown_state(self, row: Delivery) -> tuple[str, str]:
        """The state, coloured."""
        return row.state, row.get_state_display()

    @admin.display(description=gettext_lazy("topic"))
    def topic_label(self, row: Delivery) -> str:
        return label_of(row.topic)

    @admin.display(description=gettext_lazy("to whom"))
    def receiver(self, row: Delivery) -> str:
        return str(row.destination or row.endpoint)

    @admin.display(description=gettext_lazy("content"))
    def content(self, row: Delivery) -> str:
        """The message; empty for webhooks, whose content is on the ticket's page."""
        payload = payload_of(row)
        parts = (payload.get(name) for name in ("title", "text", "url"))
        return " · ".join(str(each) for each in parts if each)

    @admin.display(description=gettext_lazy("enclosed files"))
    def enclosed(self, row: Delivery) -> str:
        """Their names; the bytes are where the files are kept."""
        return _(", ").join(str(each["name"]) for each in row.files)

    @admin.display(description=gettext_lazy("digest"))
    def digest(self, row: Delivery) -> str | None:
        """A link to the digest in which it was sent."""
        if row.carried_by_id is None:
            return None
        address = reverse("admin:delivery_delivery_change", args=[row.carried_by_id])
        return format_html('<a class="z-link" href="{}">{}</a>', address, row.carried_by)

    @admin.display(description=gettext_lazy("next try"))
    def due(self, row: Delivery) -> str | None:
        if row.state != State.PENDING:
            return None
        return date_format(timezone.localtime(row.due_at), "DATETIME_FORMAT")

    @admin.action(description=gettext_lazy("Send again"))
    def replay_these(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        done, refused = replay_all(deliveries=queryset, by=officer_of(request))
        messages.success(request, _("%(number)d are on their way again.") % {"number": done})
        if refused:
            warning = ngettext("%(number)d was refused.", "%(number)d were refused.", refused)
            messages.warning(request, warning % {"number": refused})

    @action(description=gettext_lazy("Send again"), url_path="replay", permissions=["acting"])  # type: ignore[untyped-decorator]  # the theme has no types
    def replay_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Send the same message again, under its id."""
        row = typed_row(self.get_queryset(request), object_id)
        if row is None:
            return self.changelist_of()
        form = VerbForm(typed(request))
        address = reverse("admin:delivery_delivery_change", args=[row.pk])
        if form.attempt(replay, delivery=row, by=officer_of(request)):
            messages.success(request, _("It is on its way again."))
            return HttpResponseRedirect(address)
        return form_page(
            self, request, form, title=_("Send this message again?"), submit=_("Yes, now")
        )
