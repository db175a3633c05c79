"""The admin of notification channels; it also registers the room's other pages."""

# ruff: noqa: ARG002 - Django names the arguments
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from unfold.decorators import action

from coordination.delivery import admin_deliveries, admin_notices
from coordination.delivery.channel_managers import may_manage
from coordination.delivery.channels import (
    choose_topics,
    close_destination,
    open_destination,
    reopen_destination,
    send_test,
)
from coordination.delivery.models import Channel, Destination
from coordination.delivery.queries import destinations_for
from coordination.delivery.topics import choices, label_of
from coordination.delivery.webhooks import admin as webhooks
from coordination.groups.models import ServiceGroup
from coordination.groups.queries import group_of
from coordination.staff.admin_forms import VerbForm, form_page, officer_of, typed
from coordination.staff.admin_pages import ByVerbs
from coordination.staff.models import Officer, Role
from projects.record.clock import now
from projects.record.finding import typed_row

__all__ = ["DestinationAdmin", "admin_deliveries", "admin_notices", "webhooks"]
_CENTRE = frozenset({Role.DUTY_DESK, Role.DIRECTOR})


class TopicsForm(VerbForm):
    name = forms.CharField(label=gettext_lazy("name"), max_length=60)
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("topics"), choices=choices, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Without any, all of them go there."),
    )  # fmt: skip
    at_any_hour = forms.BooleanField(
        label=gettext_lazy("at any hour"), required=False,
        help_text=gettext_lazy(
            "Otherwise messages wait for the desk's hours, and many become one; only what is "
            "critical comes at night too."
        ),
    )  # fmt: skip


class ChannelForm(TopicsForm):
    channel = forms.ChoiceField(label=gettext_lazy("channel"), choices=Channel.choices)
    address = forms.CharField(
        label=gettext_lazy("address"), max_length=500,
        help_text=gettext_lazy(
            "An e-mail address, or the robot's whole address, as its chat shows it. A robot's "
            "address is not shown again."
        ),
    )  # fmt: skip
    secret = forms.CharField(
        label=gettext_lazy("signing secret"), max_length=500, required=False,
        widget=forms.PasswordInput,
        help_text=gettext_lazy("Only of a DingTalk or Feishu robot that asks for signatures."),
    )  # fmt: skip
    officer = forms.ModelChoiceField(
        Officer.objects.none(), label=gettext_lazy("officer"), required=False
    )
    group = forms.ModelChoiceField(
        ServiceGroup.objects.none(), label=gettext_lazy("service group"), required=False
    )
    field_order = (
        "name", "channel", "address", "secret", "officer", "group", "topics", "at_any_hour",
    )  # fmt: skip

    def __init__(self, *args: Any, by: Officer, **options: Any) -> None:
        super().__init__(*args, **options)
        officers, groups = cast(Any, self.fields["officer"]), cast(Any, self.fields["group"])
        own = group_of(by, now()) if by.role == Role.GROUP_LEAD else None
        centre = by.role in _CENTRE
        everyone = Officer.objects.filter(is_active=True)
        officers.queryset = everyone if centre else everyone.filter(pk=by.pk)
        every_group = ServiceGroup.objects.filter(is_active=True)
        groups.queryset = every_group if centre else every_group.filter(pk=own.pk if own else 0)
        if not centre and own is None:  # he can only choose himself
            del self.fields["group"]
            officers.initial, officers.widget = by.pk, forms.HiddenInput()


@admin.register(Destination)
class DestinationAdmin(ByVerbs):
    acting: ClassVar = "delivery.change_destination"
    list_display: ClassVar = ["name", "channel", "owner", "shown", "topic_labels", "is_active"]
    list_filter: ClassVar = ["channel", "is_active"]
    list_select_related: ClassVar = ["officer", "group"]
    fields: ClassVar = [
        "name", "channel", "owner", "shown", "topic_labels", "at_any_hour", "is_active", "reason",
        "created_at",
    ]  # fmt: skip
    ordering: ClassVar = ["-pk"]
    actions = None
    actions_detail: ClassVar = ["test", "choose", "close", "reopen"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Destination]:
        return destinations_for(officer_of(request)).select_related("officer", "group")

    def has_acting_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether he may manage the channel; the theme checks before it shows a button."""
        return self._managed(request, object_id) is not None

    def has_closing_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """A channel in use can be closed and tested."""
        row = self._managed(request, object_id)
        return row is not None and row.is_active

    def has_reopening_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """A closed channel can be opened again."""
        row = self._managed(request, object_id)
        return row is not None and not row.is_active

    def _managed(self, request: HttpRequest, object_id: str | None) -> Destination | None:
        row = typed_row(self.get_queryset(request), object_id)
        return row if row and may_manage(row.officer, row.group, officer_of(request)) else None

    @admin.display(description=gettext_lazy("whose"))
    def owner(self, row: Destination) -> str:
        return str(row.officer or row.group or row.name)

    @admin.display(description=gettext_lazy("topics"))
    def topic_labels(self, row: Destination) -> str:
        return "、".join(map(label_of, row.topics)) or _("all of them")

    @admin.display(description=gettext_lazy("not in use because"))
    def reason(self, row: Destination) -> str:
        return _(row.closed_because) if row.closed_because else ""

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Add a channel for oneself or the group."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        officer = officer_of(request)
        form = ChannelForm(typed(request), by=officer)
        if made := form.attempt(open_destination, by=officer):
            messages.success(request, _("The channel is added. Send a test message to see."))
            return self._to(made[0])
        return form_page(
            self, request, form, title=_("Add a notice channel"), submit=_("Add the channel"),
            note=_("Choose an officer or a service group, whoever is to be told."),
        )  # fmt: skip

    def _to(self, row: Destination) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:delivery_destination_change", args=[row.pk]))

    def _attempt(
        self, request: HttpRequest, object_id: str, verb: Any, *, title: str, done: str
    ) -> HttpResponse:
        """Show a confirmation, then act on the POST; a GET changes nothing."""
        row = typed_row(self.get_queryset(request), object_id)
        if row is None:
            return self.changelist_of()
        form = VerbForm(typed(request))
        if form.attempt(verb, destination=row, by=officer_of(request)):
            messages.success(request, done)
            return self._to(row)
        title = title % {"channel": row}
        return form_page(self, request, form, title=title, submit=_("Yes, now"))

    @action(
        description=gettext_lazy("Send a test message"), url_path="test", permissions=["closing"]
    )  # type: ignore[untyped-decorator]  # the theme has no types
    def test(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Send a test through the outbox; the delivery's page shows its result."""
        return self._attempt(
            request, object_id, send_test, title=_("Send a test message to %(channel)s?"),
            done=_("The test message is on its way; see under Deliveries what came of it."),
        )  # fmt: skip

    @action(description=gettext_lazy("Change"), url_path="choose", permissions=["acting"])  # type: ignore[untyped-decorator]  # the theme has no types
    def choose(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = typed_row(self.get_queryset(request), object_id)
        if row is None:
            return self.changelist_of()
        initial = {"name": row.name, "topics": row.topics, "at_any_hour": row.at_any_hour}
        form = TopicsForm(typed(request), initial=initial)
        if form.attempt(choose_topics, destination=row, by=officer_of(request)):
            messages.success(request, _("Changed."))
            return self._to(row)
        return form_page(self, request, form, title=str(row), submit=_("Save"))

    @action(
        description=pgettext_lazy("channel", "Close"), url_path="close", permissions=["closing"]
    )  # type: ignore[untyped-decorator]  # the theme has no types
    def close(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._attempt(
            request, object_id, close_destination, title=_("Send nothing more to %(channel)s?"),
            done=_("Nothing is sent there from now on."),
        )  # fmt: skip

    @action(description=gettext_lazy("Use again"), url_path="reopen", permissions=["reopening"])  # type: ignore[untyped-decorator]  # the theme has no types
    def reopen(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._attempt(
            request, object_id, reopen_destination, title=_("Use %(channel)s again?"),
            done=_("The channel is in use again."),
        )  # fmt: skip
