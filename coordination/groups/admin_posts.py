"""The admin of the districts of reporters, and of the projects that leaders answer for."""

from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from unfold.decorators import action

from coordination.groups.admin_dated import InForceFilter, begins, ends
from coordination.groups.models import DistrictPost, Responsibility
from coordination.groups.posts import (
    end_district_post,
    end_responsibility,
    give_district,
    give_responsibility,
)
from coordination.staff.admin_forms import VerbForm
from coordination.staff.admin_pages import ByVerbs
from coordination.staff.models import Officer, Role
from projects.record.admin_forms import Adding
from projects.record.clock import now
from projects.record.finding import typed_row_or_404
from projects.register.admin_fields import ProjectsField
from projects.register.models import District, Project


def _choice(model: Any, **options: Any) -> Any:
    return forms.ModelChoiceField(model.objects.none(), **options)


class DistrictPostForm(VerbForm):
    officer = _choice(Officer, label=gettext_lazy("district reporter"))
    district = _choice(District, label=pgettext_lazy("administrative unit", "district"))
    start = forms.DateField(
        label=gettext_lazy("from day"), required=False,
        help_text=gettext_lazy("From now on where no day is given."),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        officers: Any = self.fields["officer"]
        officers.queryset = _active(Role.DISTRICT_REPORTER)
        districts: Any = self.fields["district"]
        districts.queryset = _districts_today()


class ResponsibilityForm(VerbForm):
    officer = _choice(Officer, label=gettext_lazy("leader in charge"))
    projects = ProjectsField(required=False)
    district = _choice(
        District, label=gettext_lazy("and all projects of the district"), required=False
    )
    instead = forms.BooleanField(
        label=gettext_lazy("in place of another leader"), required=False,
        help_text=gettext_lazy("Whoever answered for one of them until now no longer does."),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        officers: Any = self.fields["officer"]
        officers.queryset = _active(Role.LEADER)
        districts: Any = self.fields["district"]
        districts.queryset = _districts_today()


def _active(role: Role) -> Any:
    return Officer.objects.filter(is_active=True, role=role).order_by("username")


def _districts_today() -> Any:
    return District.objects.filter(valid__contains=timezone.localdate(now()))


def _give_all(
    *, projects: list[Project], district: District | None, **given: Any
) -> list[Responsibility]:
    """Call the verb with the projects that are named, and those of the district."""
    of_it = Project.objects.filter(district=district) if district is not None else ()
    return give_responsibility(projects={*projects, *of_it}, **given)


@admin.register(DistrictPost)
class DistrictPostAdmin(ByVerbs):
    acting: ClassVar = "groups.change_districtpost"
    list_display: ClassVar = ["officer", "district", begins, ends]
    list_filter: ClassVar = [InForceFilter, "district"]
    list_select_related: ClassVar = ["officer", "district"]
    search_fields: ClassVar = ["officer__folded", "officer__username", "district__name"]
    ordering: ClassVar = ["-pk"]
    fields: ClassVar = ["officer", "district", begins, ends, "recorded_by", "ended_by"]
    readonly_fields: ClassVar = [begins, ends]
    actions_detail: ClassVar = ["end_the_post"]
    adding = Adding(
        DistrictPostForm, give_district, gettext_lazy("Give a district to a reporter"),
        gettext_lazy("Give"), done=gettext_lazy("The officer reports for the district."),
        note=gettext_lazy(
            "He sees the projects of this district, and reports on them. Several reporters may"
            " have one district."
        ),
    )  # fmt: skip

    @action(  # type: ignore[untyped-decorator]  # the theme has no types
        description=gettext_lazy("End the post now"), url_path="end-the-post",
        permissions=["acting"],
    )  # fmt: skip
    def end_the_post(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End it, once confirmed."""
        post = typed_row_or_404(DistrictPost.objects.select_related("officer"), object_id)
        return self.ask_first(
            request, partial(end_district_post, post=post),
            title=_("Does %(post)s end now?") % {"post": post},
            done=_("The post has ended."),
        )  # fmt: skip


@admin.register(Responsibility)
class ResponsibilityAdmin(ByVerbs):
    acting: ClassVar = "groups.change_responsibility"
    list_display: ClassVar = ["project", "officer", begins, ends]
    list_filter: ClassVar = [InForceFilter, "project__district"]
    list_select_related: ClassVar = ["officer", "project"]
    search_fields: ClassVar = [
        "officer__folded", "officer__username", "project__code", "project__folded",
    ]  # fmt: skip
    ordering: ClassVar = ["-pk"]
    fields: ClassVar = ["project", "officer", begins, ends, "recorded_by", "ended_by"]
    readonly_fields: ClassVar = [begins, ends]
    actions_detail: ClassVar = ["end_the_responsibility"]
    adding = Adding(
        ResponsibilityForm, _give_all, gettext_lazy("Give projects to a leader in charge"),
        gettext_lazy("Give"), done=gettext_lazy("The leader answers for these projects."),
        note=gettext_lazy(
            "He sees these projects and their tickets, and changes nothing. One leader answers for"
            " a project at a time."
        ),
    )  # fmt: skip

    @action(  # type: ignore[untyped-decorator]  # the theme has no types
        description=gettext_lazy("End the responsibility now"), url_path="end-the-responsibility",
        permissions=["acting"],
    )  # fmt: skip
    def end_the_responsibility(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End it, once confirmed."""
        row = typed_row_or_404(
            Responsibility.objects.select_related("officer", "project"), object_id
        )
        return self.ask_first(
            request, partial(end_responsibility, responsibility=row),
            title=_("Does %(post)s end now?") % {"post": row},
            done=_("The responsibility has ended."),
        )  # fmt: skip
