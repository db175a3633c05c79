"""The admin of assignments: current and past ones, unserved projects, and handing over."""

# ruff: noqa: ARG002 - Django names the arguments
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from coordination.groups.admin_dated import InForceFilter, begins, ends
from coordination.groups.models import Assignment, ServiceGroup
from coordination.groups.queries import unserved, who_answered
from coordination.groups.queries_coverage import broken, coverage
from coordination.staff.admin_forms import VerbForm, form_page, officer_of, typed
from coordination.staff.admin_pages import ByVerbs
from coordination.staff.models import Officer
from coordination.tickets.verbs.handover import hand_over, take_on
from coordination.workbench.handovers.admin_many import many_address, many_page
from coordination.workbench.handovers.admin_officers import OfficerChoiceField, serving_officers
from coordination.workbench.proposals.admin import PER_PAGE, accepted, may_accept, proposals_shown
from projects.record.admin_forms import WithoutCount, say_done
from projects.record.clock import now
from projects.record.finding import typed_row
from projects.register.admin_fields import ProjectField, projects_suggested


def _written(moment: datetime | None) -> str | None:
    """A date as officials write it, in local time."""
    return str(localize(timezone.localtime(moment))) if moment else None


class AnsweringForm(VerbForm):
    """The form of an assignment: group, liaison and deputy."""

    group = forms.ModelChoiceField(
        ServiceGroup.objects.filter(is_active=True), label=gettext_lazy("service group")
    )
    liaison = OfficerChoiceField(Officer.objects.none(), label=gettext_lazy("liaison"))
    deputy = OfficerChoiceField(
        Officer.objects.none(), label=gettext_lazy("deputy"), required=False,
        help_text=gettext_lazy("Stands in while the liaison is on leave."),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=200, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("liaison", "deputy"):
            field: Any = self.fields[name]
            field.queryset = serving_officers()


class HandOverForm(AnsweringForm):
    asked = frozenset({"reason"})


class AssignForm(AnsweringForm):
    project = ProjectField(suggest="admin:workbench_suggest_unserved")
    field_order = ("project", "group", "liaison", "deputy", "reason")


class DayForm(VerbForm):
    """The form of project and day."""

    project = ProjectField()
    day = forms.DateField(label=gettext_lazy("day"))


def _suggest_unserved(request: HttpRequest) -> HttpResponse:
    return projects_suggested(request, unserved(now()))


@admin.register(Assignment)
class AssignmentAdmin(WithoutCount, ByVerbs):
    acting: ClassVar = "groups.add_assignment"
    list_display: ClassVar = ["project", "group", "liaison", "deputy", begins, ends]
    list_filter: ClassVar = [InForceFilter, "group", "liaison"]
    list_select_related: ClassVar = ["project", "group", "liaison", "deputy"]
    search_fields: ClassVar = ["project__folded", "project__code"]
    search_help_text = gettext_lazy("Project's name or code")
    list_per_page = 50
    ordering: ClassVar = ["-pk"]
    actions: ClassVar = ["hand_over_these"]
    actions_list: ClassVar = ["unserved_projects", "who_answered_page"]
    actions_detail: ClassVar = ["hand_over_page"]
    fields: ClassVar = [
        "project", "group", "liaison", "deputy", "since", "until", "reason", "opened_by",
        "closed_by",
    ]  # fmt: skip
    readonly_fields: ClassVar = ["since", "until"]

    def has_acting_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Only a current assignment can be handed over."""
        may = super().has_acting_permission(request, object_id)
        row = typed_row(Assignment.objects.all(), object_id)
        return may and (row is None or row.during.upper is None)

    @admin.display(description=gettext_lazy("since"))
    def since(self, row: Assignment) -> str | None:
        return _written(begins(row))

    @admin.display(description=gettext_lazy("until"))
    def until(self, row: Assignment) -> str | None:
        return _written(ends(row))

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of the pages that others link to."""
        view = self.admin_site.admin_view
        urls: list[URLPattern] = super().get_urls()
        return [
            path("unserved/suggest/", view(_suggest_unserved), name="workbench_suggest_unserved"),
            path("unserved/", view(self.unserved_view), name="workbench_unserved"),
            path("broken/", view(self.broken_view), name="workbench_broken"),
            path("answered/", view(self.answered_view), name="workbench_answered"),
            path("many/", view(self.many_view), name="workbench_hand_over_many"),
            *urls,
        ]

    @action(description=gettext_lazy("Projects nobody serves"), url_path="to-unserved")  # type: ignore[untyped-decorator]  # the theme has no types
    def unserved_projects(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:workbench_unserved"))

    @action(description=gettext_lazy("Who answered on a day"), url_path="to-answered")  # type: ignore[untyped-decorator]  # the theme has no types
    def who_answered_page(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:workbench_answered"))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Assign a project that nobody serves."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = AssignForm(typed(request), initial=request.GET.dict())
        if form.attempt(take_on, by=officer_of(request)):
            messages.success(request, _("The project is served from now on."))
            return HttpResponseRedirect(reverse("admin:workbench_unserved"))
        return form_page(
            self, request, form, title=_("Assign a project"), submit=_("Assign"),
            note=_("From now on, never backdated. Tickets that wait for a group come along."),
        )  # fmt: skip

    @action(  # type: ignore[untyped-decorator]  # the theme has no types
        description=gettext_lazy("Hand over"), url_path="hand-over",
        permissions=["acting"],
    )  # fmt: skip
    def hand_over_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Hand the project over, with its open tickets."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        initial = {"group": row.group_id, "liaison": row.liaison_id, "deputy": row.deputy_id}
        form = HandOverForm(typed(request), initial=initial)
        if form.attempt(hand_over, project=row.project, by=officer_of(request)):
            messages.success(request, _("The project and its open tickets are handed over."))
            return self.changelist_of()
        return form_page(
            self, request, form, submit=_("Hand over"), of=row,
            title=_("Hand over %(project)s") % {"project": row.project},
            note=_("At once and without a gap. Its open tickets move along; say why."),
        )  # fmt: skip

    @admin.action(description=gettext_lazy("Hand over those selected"), permissions=["acting"])
    def hand_over_these(self, request: HttpRequest, queryset: QuerySet[Assignment]) -> HttpResponse:
        """Go to the page on which the ticked ones are handed over."""
        return HttpResponseRedirect(many_address(pick=queryset.values_list("pk", flat=True)))

    def many_view(self, request: HttpRequest) -> HttpResponse:
        """Hand over many projects, after a preview."""
        if not self.has_acting_permission(request):
            raise PermissionDenied
        return many_page(self, request)

    def unserved_view(self, request: HttpRequest) -> HttpResponse:
        """Show the coverage: the projects that are not served, if any."""
        self._may_view(request)
        outcomes = None
        if request.method == "POST":
            if not may_accept(request):
                raise PermissionDenied
            outcomes = accepted(request)
            say_done(request)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Projects nobody serves"), "opts": self.opts, "coverage": coverage(now()),
            "may_assign": self.has_add_permission(request), "outcomes": outcomes,
            "done": len([each for each in outcomes or () if not each.refusal]),
            **self._unserved_shown(request),
        }  # fmt: skip
        return TemplateResponse(request, "workbench/unserved.html", context)

    def broken_view(self, request: HttpRequest) -> HttpResponse:
        """Show the assignments by which nobody can act now, each with its reason."""
        self._may_view(request)
        rows = Paginator(broken(now()), PER_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Broken assignments"), "opts": self.opts, "rows": rows,
            "may_assign": self.has_acting_permission(request),
        }  # fmt: skip
        return TemplateResponse(request, "workbench/broken.html", context)

    def _unserved_shown(self, request: HttpRequest) -> dict[str, Any]:
        """The rows, with proposals for officers who may accept them."""
        number = request.GET.get("p")
        if may_accept(request):
            return proposals_shown(number)
        rows = Paginator(unserved(now()).select_related("district").order_by("code"), PER_PAGE)
        return {"rows": rows.get_page(number)}

    def answered_view(self, request: HttpRequest) -> HttpResponse:
        """Show who answered for a project on a day."""
        self._may_view(request)
        form = DayForm(request.GET if "day" in request.GET else None, initial=request.GET.dict())
        answers = None
        if form.is_bound and form.is_valid():
            day: date = form.cleaned_data["day"]
            answers = who_answered(form.cleaned_data["project"], day)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Who answered on a day"), "opts": self.opts, "form": form,
            "method": "get", "submit": _("Show"),
            "answers": answers,
        }  # fmt: skip
        return TemplateResponse(request, "workbench/answered.html", context)

    def _may_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied
