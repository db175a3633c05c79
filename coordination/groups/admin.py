"""The admin of groups, officers, memberships and leaves."""

# ruff: noqa: ARG002 - Django names the arguments
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from coordination.groups.models import Leave, Membership, ServiceGroup
from coordination.groups.serve import end_leave, join_group, leave_group, take_leave
from coordination.staff.admin_forms import VerbForm, form_page, officer_of, typed
from coordination.staff.admin_pages import ByVerbs, NeverDeleted
from coordination.staff.models import Officer
from projects.record.clock import now


def begins(row: Any) -> datetime | None:
    """The begin of the row's range."""
    moment: datetime | None = row.during.lower
    return moment


def ends(row: Any) -> datetime | None:
    """The end of the row's range; None while it is open."""
    moment: datetime | None = row.during.upper
    return moment


begins.short_description = gettext_lazy("since")  # type: ignore[attr-defined]  # Django's own way to name a column
begins.admin_order_field = "during"  # type: ignore[attr-defined]  # Django's own way to sort by one
ends.short_description = gettext_lazy("until")  # type: ignore[attr-defined]  # Django's own way to name a column


class InForceFilter(admin.SimpleListFilter):
    """Filter: in force now, or over."""

    title = gettext_lazy("in force")
    parameter_name = "now"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("Now")), ("no", gettext_lazy("Not now"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "yes":
            return queryset.filter(during__contains=now())
        if self.value() == "no":
            return queryset.exclude(during__contains=now())
        return queryset


@admin.register(ServiceGroup)
class ServiceGroupAdmin(NeverDeleted):
    list_display: ClassVar = ["ordinal", "name", "code", "is_active"]
    list_display_links: ClassVar = ["name"]
    fields = ("ordinal", "name", "code", "is_active")


@admin.register(Officer)
class OfficerAdmin(UserAdmin, NeverDeleted):  # type: ignore[type-arg]  # a generic in the stubs alone
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = (
        "username",
        "name",
        "role",
        "group",
        "mobile",
        "is_active",
    )
    list_filter: ClassVar = ["role", "is_active"]
    search_fields: ClassVar = ["username", "name"]
    ordering: ClassVar = ["username"]
    readonly_fields: ClassVar = ["last_login", "date_joined"]
    filter_horizontal: ClassVar = []
    fieldsets = (
        (None, {"fields": ["username", "password"]}),
        (None, {"fields": ["name", "role", "mobile", "is_active"]}),
        (None, {"fields": ["last_login", "date_joined"]}),
    )
    add_fieldsets = (
        (None, {"fields": ["username", "name", "role", "mobile", "password1", "password2"]}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Officer]:
        """Annotate the name of each officer's present group."""
        serving = Membership.objects.filter(officer=OuterRef("pk"), during__contains=now())
        rows: QuerySet[Officer] = super().get_queryset(request)
        return rows.annotate(group_name=Subquery(serving.values("group__name")[:1]))

    @admin.display(description=gettext_lazy("service group"), empty_value="—")
    def group(self, officer: Any) -> str | None:
        name: str | None = officer.group_name
        return name

    def save_model(self, request: HttpRequest, obj: Officer, form: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        """Save with ``is_staff``: every officer may sign in; his role decides what he sees."""
        obj.is_staff = True
        super().save_model(request, obj, form, change)


class JoinForm(VerbForm):
    officer = forms.ModelChoiceField(
        Officer.objects.filter(is_active=True), label=gettext_lazy("officer")
    )
    group = forms.ModelChoiceField(
        ServiceGroup.objects.filter(is_active=True), label=gettext_lazy("service group")
    )


@admin.register(Membership)
class MembershipAdmin(ByVerbs):
    acting: ClassVar = "groups.change_membership"
    list_display: ClassVar = ["officer", "group", begins, ends]
    list_filter: ClassVar = [InForceFilter, "group"]
    list_select_related: ClassVar = ["officer", "group"]
    search_fields: ClassVar = ["officer__name", "officer__username"]
    ordering: ClassVar = ["-pk"]
    actions_detail: ClassVar = ["leave_the_group"]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Let an officer join a group and leave the previous one."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = JoinForm(typed(request))
        if form.attempt(join_group, by=officer_of(request)):
            messages.success(request, _("The officer serves in the group from now on."))
            return self.changelist_of()
        return form_page(
            self, request, form, title=_("Join a service group"), submit=_("Join"),
            note=_("From now on; the officer leaves the group in which he served before."),
        )  # fmt: skip

    @action(  # type: ignore[untyped-decorator]  # the theme has no types
        description=gettext_lazy("Leave the group"), url_path="leave-the-group",
        permissions=["acting"],
    )  # fmt: skip
    def leave_the_group(self, request: HttpRequest, object_id: str) -> HttpResponse:
        officer = get_object_or_404(Membership, pk=object_id).officer
        return self.ask_first(
            request, partial(leave_group, officer=officer),
            title=_("Does %(officer)s leave the group?") % {"officer": officer},
            done=_("The officer serves in no group from now on."),
        )  # fmt: skip


class LeaveForm(VerbForm):
    officer = forms.ModelChoiceField(
        Officer.objects.filter(is_active=True), label=gettext_lazy("officer")
    )
    start = forms.DateTimeField(label=gettext_lazy("from"))
    end = forms.DateTimeField(label=gettext_lazy("until"))
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=200, required=False)


@admin.register(Leave)
class LeaveAdmin(ByVerbs):
    acting: ClassVar = "groups.change_leave"
    list_display: ClassVar = ["officer", begins, ends, "reason"]
    list_filter: ClassVar = [InForceFilter]
    list_select_related: ClassVar = ["officer"]
    search_fields: ClassVar = ["officer__name", "officer__username"]
    ordering: ClassVar = ["-pk"]
    actions_detail: ClassVar = ["end_the_leave"]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Enter a leave; the deputies stand in."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = LeaveForm(typed(request))
        if form.attempt(take_leave, by=officer_of(request)):
            messages.success(request, _("The leave is recorded; the deputies stand in."))
            return self.changelist_of()
        return form_page(self, request, form, title=_("Record a leave"), submit=_("Record"))

    @action(  # type: ignore[untyped-decorator]  # the theme has no types
        description=gettext_lazy("End the leave now"), url_path="end-the-leave",
        permissions=["acting"],
    )  # fmt: skip
    def end_the_leave(self, request: HttpRequest, object_id: str) -> HttpResponse:
        leave = get_object_or_404(Leave, pk=object_id)
        return self.ask_first(
            request, partial(end_leave, leave=leave),
            title=_("Is %(officer)s back?") % {"officer": leave.officer},
            done=_("The officer is back from now on."),
        )  # fmt: skip
