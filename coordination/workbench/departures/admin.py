"""The admin of officers, service groups and memberships.

Whoever leaves service, moves or gets another role does so on a page that says where his projects
and open tickets go, and shows it before it is done.
"""

# ruff: noqa: ARG002 - Django names the arguments
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.forms import UserCreationForm

from coordination.groups.admin_dated import InForceFilter, begins, ends
from coordination.groups.models import GroupRevision, Membership, ServiceGroup
from coordination.groups.queries import projects_answered_by
from coordination.groups.revise import record_group
from coordination.groups.serve import join_group
from coordination.staff.admin_accounts import Accounts
from coordination.staff.admin_forms import VerbForm, form_page, officer_of, typed
from coordination.staff.admin_pages import ByVerbs, KeptRevisions, NeverDeleted, ShowsRevisions
from coordination.staff.models import Officer, OfficerRevision, Role
from coordination.staff.revise import record_officer
from coordination.workbench.departures.admin_forms import closing_page, relief_page
from projects.record.admin_panels import ShowsPanels
from projects.record.clock import now
from projects.record.finding import typed_row, typed_row_or_404


class GroupRevisions(KeptRevisions):
    model = GroupRevision
    fields: ClassVar = ["recorded_at", "by", "name", "is_active", "reason"]


class OfficerRevisions(KeptRevisions):
    model = OfficerRevision
    fk_name = "officer"
    fields: ClassVar = ["recorded_at", "by", "name", "role", "is_active", "reason"]


@admin.register(ServiceGroup)
class ServiceGroupAdmin(ShowsPanels, ShowsRevisions, NeverDeleted):
    list_display: ClassVar = ["ordinal", "name", "code", "is_active"]
    list_display_links: ClassVar = ["name"]
    fields = ("ordinal", "name", "code", "is_active")
    actions_detail: ClassVar = ["close_the_group"]
    inlines: ClassVar = [GroupRevisions]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A group in service leaves it by the page that asks where its work goes."""
        return ["is_active"] if obj is not None and obj.is_active else []

    def has_close_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """The centre, for a group in service."""
        if not request.user.has_perm("groups.change_membership"):
            return False
        row = typed_row(ServiceGroup.objects.all(), object_id)
        return row is None or row.is_active

    @action(  # type: ignore[untyped-decorator]  # the theme has no types
        description=gettext_lazy("Take out of service"), url_path="close", permissions=["close"],
    )  # fmt: skip
    def close_the_group(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return closing_page(self, request, typed_row_or_404(ServiceGroup.objects.all(), object_id))

    def save_model(self, request: HttpRequest, obj: ServiceGroup, form: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        """Save by the verb, which keeps the revision."""
        record_group(group=obj, changed=form.changed_data, by=officer_of(request))


class OfficerForm(UserChangeForm):  # type: ignore[type-arg]  # a generic in the stubs alone
    """Without the password, of which nothing is shown."""

    password = None  # type: ignore[assignment]  # so Django takes an inherited field away


@admin.register(Officer)
class OfficerAdmin(ShowsPanels, Accounts, ShowsRevisions, UserAdmin, NeverDeleted):  # type: ignore[type-arg]  # a generic in the stubs alone
    form = OfficerForm
    add_form = UserCreationForm
    list_display = (
        "username",
        "name",
        "role",
        "group",
        "mobile",
        "is_active",
    )
    list_filter: ClassVar = ["role", "is_active"]
    search_fields: ClassVar = ["username", "folded"]
    ordering: ClassVar = ["username"]
    readonly_fields: ClassVar = ["role", "password_age", "factor", "last_login", "date_joined"]
    filter_horizontal: ClassVar = []
    fieldsets = (
        (None, {"fields": ["username", "name", "role", "mobile", "is_active"]}),
        (None, {"fields": ["password_age", "factor", "last_login", "date_joined"]}),
    )
    add_fieldsets = ((None, {"fields": ["username", "name", "mobile", "password1", "password2"]}),)

    actions_detail: ClassVar = ["hand_over_projects", "relieve", *Accounts.actions_detail]
    inlines: ClassVar = [OfficerRevisions]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """An active officer leaves by the page that asks where his work goes."""
        held = ["is_active"] if obj is not None and obj.is_active else []
        return [*self.readonly_fields, *held]

    def has_relieve_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """The centre, a group lead, or who may change accounts; the verb judges whom."""
        by = officer_of(request)
        rights = ("groups.change_membership", "staff.change_officer")
        return any(map(by.has_perm, rights)) or by.role == Role.GROUP_LEAD

    @action(  # type: ignore[untyped-decorator]  # the theme has no types
        description=gettext_lazy("Take out of service or transfer"), url_path="relieve",
        permissions=["relieve"],
    )  # fmt: skip
    def relieve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return relief_page(self, request, typed_row_or_404(Officer.objects.all(), object_id))

    def has_projects_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who assigns projects, for an officer who serves some as liaison."""
        if not request.user.has_perm("groups.add_assignment"):
            return False
        row = typed_row(Officer.objects.all(), object_id)
        return row is None or projects_answered_by(row, now()).filter(liaison=row).exists()

    @action(  # type: ignore[untyped-decorator]  # the theme has no types
        description=gettext_lazy("Hand over his projects"), url_path="hand-over-projects",
        permissions=["projects"],
    )  # fmt: skip
    def hand_over_projects(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Go to the page on which all that he serves as liaison is handed over."""
        row = typed_row_or_404(Officer.objects.all(), object_id)
        return HttpResponseRedirect(f"{reverse('admin:workbench_hand_over_many')}?officer={row.pk}")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Officer]:
        """Annotate the name of each officer's present group."""
        serving = Membership.objects.filter(officer=OuterRef("pk"), during__contains=now())
        rows: QuerySet[Officer] = super().get_queryset(request)
        return rows.annotate(group_name=Subquery(serving.values("group__name")[:1]))

    @admin.display(description=gettext_lazy("service group"))
    def group(self, officer: Any) -> str | None:
        name: str | None = officer.group_name
        return name

    def save_model(self, request: HttpRequest, obj: Officer, form: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        """Save by the verb, which keeps the revision."""
        record_officer(officer=obj, changed=form.changed_data, by=officer_of(request))


def _without_group() -> QuerySet[Officer]:
    """Active officers who serve in no group; others move by the page that asks for their work."""
    serving = Membership.objects.filter(officer=OuterRef("pk"), during__contains=now())
    return Officer.objects.filter(~Exists(serving), is_active=True).order_by("username")


class JoinForm(VerbForm):
    officer = forms.ModelChoiceField(Officer.objects.none(), label=gettext_lazy("officer"))
    group = forms.ModelChoiceField(
        ServiceGroup.objects.filter(is_active=True), label=gettext_lazy("service group")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["officer"]
        field.queryset = _without_group()


@admin.register(Membership)
class MembershipAdmin(ByVerbs):
    list_before_template = "groups/list_above.html"
    acting: ClassVar = "groups.change_membership"
    list_display: ClassVar = ["officer", "group", begins, ends]
    list_filter: ClassVar = [InForceFilter, "group"]
    list_select_related: ClassVar = ["officer", "group"]
    search_fields: ClassVar = ["officer__folded", "officer__username"]
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
            note=_("From now on. Officers who serve in another group are moved on their own page."),
        )  # fmt: skip

    @action(  # type: ignore[untyped-decorator]  # the theme has no types
        description=gettext_lazy("Leave the group"), url_path="leave-the-group",
        permissions=["acting"],
    )  # fmt: skip
    def leave_the_group(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Go to the page that asks where the officer's projects and tickets go."""
        officer = typed_row_or_404(Membership.objects.all(), object_id).officer
        address = reverse("admin:staff_officer_relieve", args=[officer.pk])
        return HttpResponseRedirect(f"{address}?kind=leave_group")
