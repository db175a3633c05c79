"""The pages of projects: the list, a project, and the forms of its verbs."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.forms.models import fields_for_model, model_to_dict
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.decorators import action

from projects.files.admin_lists import ByVerbs
from projects.record.admin_forms import Adding, ReadOnly, VerbForm, typed
from projects.record.admin_panels import ShowsPanels
from projects.record.clock import now
from projects.record.finding import typed_row_or_404
from projects.register.admin_carry_over import CarriesOver
from projects.register.admin_changes import Changes
from projects.register.admin_fields import projects_suggested
from projects.register.admin_filters import AtWork, InRegister
from projects.register.admin_ranges import since, until
from projects.register.admin_succession import ReasonForm, Successions, has_left
from projects.register.exits import MAY_REMOVE, MAY_RETURN, remove_project, return_project
from projects.register.models import COUNTED_FIELDS, Project, ProjectParticipant, ProjectRevision
from projects.register.queries_scopes import seen_among
from projects.register.registration import register_project, revise_project


def _two_places(amount: Decimal) -> str:
    """An amount in 亿元 as lists have it; the exact one is kept, and counted with."""
    return f"{amount:,.2f}"


def _written(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


class CountedForm(VerbForm):
    """The counted fields of a project, as the model declares them."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in fields_for_model(Project, fields=COUNTED_FIELDS).items():
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
            self.fields[name] = field


class NewProjectForm(CountedForm):
    code = forms.CharField(label=gettext_lazy("project code"), max_length=20)


class RevisionForm(CountedForm):
    reason = forms.CharField(
        label=gettext_lazy("reason"), max_length=200, required=False,
        help_text=gettext_lazy("Needed where the phase goes back."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)


class Revisions(ReadOnly, TabularInline):  # type: ignore[misc]  # the theme has no types
    model: ClassVar[Any] = ProjectRevision
    fields: ClassVar[Any] = (
        "number",
        "recorded_at",
        "by",
        "phase",
        "total_investment",
        "planned_resumption",
    )
    extra = 0


class Participants(Revisions):
    model: ClassVar[Any] = ProjectParticipant
    fields: ClassVar[Any] = ("enterprise", "role", since, until)
    readonly_fields: ClassVar[Any] = (since, until)


def _revise(project: Project, *, version: int, reason: str, by: Any, **changes: Any) -> Project:
    return revise_project(project=project, changes=changes, reason=reason, version=version, by=by)


class RemovalForm(ReasonForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


@admin.register(Project)
class ProjectAdmin(ShowsPanels, Successions, Changes, CarriesOver, ByVerbs):
    list_display: ClassVar = [
        "code", "name", "level", "phase", "district", "total", "annual", "planned", "resumed",
    ]  # fmt: skip
    fields: ClassVar = [
        ("name", "code", "national_code", "batch"), ("level", "phase", "sector", "district"),
        ("total", "annual", "planned", "resumed"),
    ]  # fmt: skip
    readonly_fields: ClassVar = ["total", "annual", "planned", "resumed"]
    list_display_links: ClassVar = ["name"]
    list_filter: ClassVar = [
        InRegister, AtWork, "level", "phase", "sector", "district", "batch",
    ]  # fmt: skip
    sheet_columns: ClassVar = [
        "code", "name", "national_code", "batch", "level", "phase", "sector", "district",
        "total_investment", "annual_investment", "planned_resumption", "resumed_on", "left_at",
    ]  # fmt: skip
    list_select_related: ClassVar = ["district"]
    search_fields: ClassVar = ["code", "national_code", "folded"]
    inlines: ClassVar = [Participants, Revisions]
    actions_list: ClassVar = ["duplicates", "changes", "carry_over"]
    actions_detail: ClassVar = [
        "revise", "bring_back",
        {"title": gettext_lazy("Leaving the register"),
         "items": ["merge", "bundle", "split", "remove"]},
    ]  # fmt: skip
    acting = "register.change_project"
    adding = Adding(
        NewProjectForm, register_project, gettext_lazy("Register a project"),
        gettext_lazy("Register"), done=gettext_lazy("The project is registered."),
    )  # fmt: skip

    def has_acting_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether the officer may do it, and the project is in the register."""
        allowed = super().has_acting_permission(request, object_id)
        return allowed and (object_id is None or not has_left(object_id))

    def has_removing_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether the officer may take this project out of the register."""
        allowed = bool(request.user.has_perm(MAY_REMOVE))
        return allowed and (object_id is None or not has_left(object_id))

    def has_returning_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether the officer may bring this project back."""
        allowed = bool(request.user.has_perm(MAY_RETURN))
        return allowed and (object_id is None or has_left(object_id))

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of the suggestions for a name, and of a pair that is two projects."""
        view = self.admin_site.admin_view(projects_suggested)
        urls: list[URLPattern] = super().get_urls()
        distinguish = self.admin_site.admin_view(self.distinguish)
        return [
            path("suggest/", view, name="projects_suggest"),
            path("distinguish/<str:first>/<str:second>/", distinguish, name="projects_distinguish"),
            path(
                "<path:object_id>/timeline/", self.admin_site.admin_view(self.timeline),
                name="projects_timeline",
            ),
            *urls,
        ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Project]:
        """Those of which the reader may know."""
        rows: QuerySet[Project] = super().get_queryset(request)
        return seen_among(rows, request.user, now(), by="pk")

    @admin.display(description=gettext_lazy("total (亿元)"), ordering="total_investment")
    def total(self, project: Project) -> str:
        return _two_places(project.total_investment)

    @admin.display(description=gettext_lazy("this year (亿元)"), ordering="annual_investment")
    def annual(self, project: Project) -> str:
        return _two_places(project.annual_investment)

    @admin.display(
        description=gettext_lazy("planned to resume"), ordering="planned_resumption",
    )  # fmt: skip
    def planned(self, project: Project) -> str | None:
        return _written(project.planned_resumption)

    @admin.display(description=gettext_lazy("resumed"), ordering="resumed_on")
    def resumed(self, project: Project) -> str | None:
        return _written(project.resumed_on)

    @action(description=gettext_lazy("Revise"), url_path="revise", permissions=["acting"])  # type: ignore[untyped-decorator]  # the theme has no types
    def revise(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Change counted fields; the old values stay in the previous revision."""
        project = typed_row_or_404(Project.objects.all(), object_id)
        initial = model_to_dict(project, COUNTED_FIELDS) | {"version": project.version}
        form = RevisionForm(typed(request), initial=initial)
        return self.ask(
            request, form, partial(_revise, project), of=project,
            title=_("Revise %(project)s") % {"project": project}, submit=_("Record"),
            done=_("The revision is recorded."),
            note=_("Bulletins that are built keep what they counted."),
        )  # fmt: skip

    @action(
        description=gettext_lazy("Remove from the register"), url_path="remove",
        permissions=["removing"],
    )  # type: ignore[untyped-decorator]  # the theme has no types  # fmt: skip
    def remove(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take out a project that was registered in error."""
        project = typed_row_or_404(Project.objects.all(), object_id)
        form = RemovalForm(typed(request), initial={"version": project.version})
        return self.ask(
            request, form, partial(remove_project, project=project), of=project,
            title=_("Remove %(project)s from the register") % {"project": project},
            submit=_("Remove from the register"), done=_("The project has left the register."),
            note=_(
                "For a project that was registered in error. Whoever serves it does so no more;"
                " bulletins that are built keep what they counted, and its history stays readable."
            ),
        )  # fmt: skip

    @action(
        description=gettext_lazy("Bring back to the register"), url_path="bring-back",
        permissions=["returning"],
    )  # type: ignore[untyped-decorator]  # the theme has no types  # fmt: skip
    def bring_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Undo the project's exit."""
        project = typed_row_or_404(Project.objects.all(), object_id)
        return self.ask(
            request, ReasonForm(typed(request)), partial(return_project, project=project),
            title=_("Bring %(project)s back to the register") % {"project": project}, of=project,
            submit=_("Bring back to the register"), done=_("The project is in the register again."),
            note=_("It is counted from now on. Assign it: nobody serves it by this."),
        )  # fmt: skip
