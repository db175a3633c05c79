"""The register's pages: districts, batches, enterprises, and who takes part in projects."""

# ruff: noqa: ARG002 - Django names the arguments
from datetime import date
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.decorators import action

from projects.files.admin_lists import ByVerbs
from projects.files.admin_sheet import ExportsSheet
from projects.record.admin_forms import Adding, ReadOnly, VerbForm, typed
from projects.record.admin_panels import ShowsPanels
from projects.record.clock import now
from projects.record.finding import typed_row_or_404
from projects.register.admin_classes import ClassesForm, set_typed
from projects.register.admin_fields import (
    EnterpriseField,
    ProjectField,
    enterprises_suggested,
    places_suggested,
)
from projects.register.admin_filters import ValidToday
from projects.register.admin_moving import MovesProjects
from projects.register.admin_projects import ProjectAdmin
from projects.register.admin_ranges import since, until
from projects.register.models import (
    Batch,
    CountyClass,
    District,
    DistrictClass,
    Enterprise,
    EnterpriseRevision,
    ParticipantRole,
    PriorFiling,
    ProjectParticipant,
)
from projects.register.queries_scopes import enterprises_seen_by, seen_among
from projects.register.registration import (
    add_participant,
    end_participation,
    register_enterprise,
    revise_enterprise,
)

__all__ = ["ProjectAdmin"]


class Classes(ReadOnly, TabularInline):  # type: ignore[misc]  # the theme has no types
    model: ClassVar[Any] = DistrictClass
    fields: ClassVar[Any] = ("class_from_then", "since", "reason", "recorded_at", "by")
    readonly_fields: ClassVar[Any] = ("class_from_then",)
    extra = 0

    @admin.display(description=gettext_lazy("class of a district"))
    def class_from_then(self, row: DistrictClass) -> str:
        return row.get_assigned_display() or _("no class")


@admin.register(District)
class DistrictAdmin(MovesProjects, ByVerbs):
    list_display: ClassVar = [
        "code", "name", "kind", "geographic_code", "begins", "ends", "class_now",
    ]  # fmt: skip
    inlines: ClassVar = [Classes]
    actions_list: ClassVar = ["classes"]
    actions_detail: ClassVar = ["move_projects"]
    acting = "register.add_districtclass"
    fields: ClassVar = ["code", "name", "kind", "geographic_code", "begins", "ends"]
    readonly_fields: ClassVar = ["begins", "ends"]
    search_fields: ClassVar = ["code", "name"]
    list_filter: ClassVar = [ValidToday]

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the suggestions for a place's name."""
        view = self.admin_site.admin_view(places_suggested)
        urls: list[URLPattern] = super().get_urls()
        return [path("suggest/", view, name="places_suggest"), *urls]

    def get_queryset(self, request: HttpRequest) -> QuerySet[District]:
        """Annotate the class in which each is today."""
        rows: QuerySet[District] = super().get_queryset(request)
        newest = DistrictClass.objects.filter(
            district=OuterRef("pk"), since__lte=timezone.localdate(now())
        )
        assigned = newest.order_by("-since", "-pk").values("assigned")[:1]
        return rows.annotate(assigned=Subquery(assigned))

    @admin.display(description=gettext_lazy("class of a district"))
    def class_now(self, row: Any) -> str | None:
        return str(CountyClass(row.assigned).label) if row.assigned else None

    @action(description=gettext_lazy("Set classes"), url_path="classes",
            permissions=["acting"])  # type: ignore[untyped-decorator]  # the theme has no types  # fmt: skip
    def classes(self, request: HttpRequest) -> HttpResponse:
        """Put the districts of the day into classes, within which bulletins rank them."""
        return self.ask(
            request, ClassesForm(typed(request)), set_typed, title=_("Classes of districts"),
            submit=_("Record"), done=_("The classes are recorded."),
            note=_(
                "Bulletins list districts by class and rank them within it. Issues that are built"
                " stay as they are."
            ),
        )  # fmt: skip

    @admin.display(description=gettext_lazy("from day"))
    def begins(self, row: District) -> date | None:
        first: date | None = row.valid.lower
        return first

    @admin.display(description=gettext_lazy("no longer from day"))
    def ends(self, row: District) -> date | None:
        end: date | None = row.valid.upper
        return end


@admin.register(Batch)
class BatchAdmin(ExportsSheet):
    list_display: ClassVar = ["name", "year", "ordinal"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(PriorFiling)
class PriorFilingAdmin(ReadOnly, ByVerbs):
    list_display: ClassVar = ["name", "year", "total_investment", "annual_investment"]
    list_filter: ClassVar = ["year"]


class EnterpriseForm(VerbForm):
    uscc = forms.CharField(label=gettext_lazy("unified social credit code"), max_length=40)
    name = forms.CharField(label=gettext_lazy("name"), max_length=120)
    uscc_note = forms.CharField(
        label=gettext_lazy("why an unusual code is right"), max_length=200, required=False
    )


class EnterpriseRevisionForm(EnterpriseForm):
    since = forms.DateField(
        label=gettext_lazy("from day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)


class EnterpriseRevisions(ReadOnly, TabularInline):  # type: ignore[misc]  # the theme has no types
    model: ClassVar[Any] = EnterpriseRevision
    fields: ClassVar[Any] = ("name", "uscc", "since", "reason", "recorded_at", "by")
    extra = 0


@admin.register(Enterprise)
class EnterpriseAdmin(ShowsPanels, ByVerbs):
    list_before_template = "register/enterprises_above.html"
    list_display: ClassVar = ["name", "uscc", "takes_part"]
    fields: ClassVar = ["name", "uscc", "uscc_note"]
    search_fields: ClassVar = ["revisions__folded", "revisions__uscc"]
    inlines: ClassVar = [EnterpriseRevisions]
    actions_detail: ClassVar = ["revise"]
    acting = "register.change_enterprise"
    adding = Adding(
        EnterpriseForm, register_enterprise, gettext_lazy("Register an enterprise"),
        gettext_lazy("Register"), done=gettext_lazy("The enterprise is registered."),
    )  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the suggestions for an enterprise's name."""
        view = self.admin_site.admin_view(enterprises_suggested)
        urls: list[URLPattern] = super().get_urls()
        return [path("suggest/", view, name="enterprises_suggest"), *urls]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enterprise]:
        """Annotate in how many projects each takes part today, of those that the reader sees."""
        at = now()
        today = ProjectParticipant.objects.filter(
            enterprise=OuterRef("pk"), during__contains=timezone.localdate(at)
        )
        today = seen_among(today, request.user, at)
        number = Count("project", distinct=True)
        counted = today.order_by().values("enterprise").annotate(number=number)
        rows: QuerySet[Enterprise] = super().get_queryset(request)
        seen = enterprises_seen_by(request.user, at)
        rows = rows if seen is None else rows.filter(pk__in=seen.values("pk"))
        return rows.annotate(number=Subquery(counted.values("number")))

    @admin.display(description=gettext_lazy("projects"), empty_value="0")
    def takes_part(self, row: Any) -> int | None:
        number: int | None = row.number
        return number

    @action(description=gettext_lazy("Change name or code"), url_path="revise",
            permissions=["acting"])  # type: ignore[untyped-decorator]  # the theme has no types  # fmt: skip
    def revise(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Change name and code from a day on; what was printed keeps those of its time."""
        row = typed_row_or_404(Enterprise.objects.all(), object_id)
        initial = {
            "name": row.name, "uscc": row.uscc, "uscc_note": row.uscc_note,
            "since": timezone.localdate(now()), "version": row.revision,
        }  # fmt: skip
        return self.ask(
            request, EnterpriseRevisionForm(typed(request), initial=initial),
            partial(revise_enterprise, enterprise=row), of=row,
            title=_("Change name or code of %(enterprise)s") % {"enterprise": row},
            submit=_("Record"), done=_("The revision is recorded."),
            note=_("Tickets keep the name of the day on which they were filed."),
        )  # fmt: skip


class ParticipantForm(VerbForm):
    project = ProjectField()
    enterprise = EnterpriseField()
    role = forms.ChoiceField(choices=ParticipantRole.choices, label=gettext_lazy("role"))
    start = forms.DateField(label=gettext_lazy("from day"))


class EndForm(VerbForm):
    on = forms.DateField(label=gettext_lazy("no longer from day"))


@admin.register(ProjectParticipant)
class ParticipantAdmin(ByVerbs):
    list_display: ClassVar = ["project", "enterprise", "role", since, until]
    fields: ClassVar = ["project", "enterprise", "role", since, until]
    readonly_fields: ClassVar = [since, until]
    list_filter: ClassVar = ["role"]
    list_select_related: ClassVar = ["project", "enterprise"]
    search_fields: ClassVar = ["project__code", "project__folded", "enterprise__folded"]
    actions_detail: ClassVar = ["end"]
    acting = "register.change_projectparticipant"
    adding = Adding(
        ParticipantForm, add_participant, gettext_lazy("Add a participant"), gettext_lazy("Add"),
        done=gettext_lazy("The enterprise takes part in the project."),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProjectParticipant]:
        """Those of projects of which the reader may know."""
        rows: QuerySet[ProjectParticipant] = super().get_queryset(request)
        return seen_among(rows, request.user, now())

    @action(description=gettext_lazy("End"), url_path="end", permissions=["acting"])  # type: ignore[untyped-decorator]  # the theme has no types
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End an enterprise's participation."""
        row = typed_row_or_404(ProjectParticipant.objects.all(), object_id)
        return self.ask(
            request, EndForm(typed(request)), partial(end_participation, participant=row),
            title=str(row), submit=_("End"), done=_("The participation is ended."), of=row,
        )  # fmt: skip
