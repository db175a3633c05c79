"""The pages on which projects are merged, bundled and split, and duplicates are found."""

from functools import partial
from typing import Any, Final

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from projects.record.admin_forms import AsksVerbs, VerbForm, typed
from projects.record.clock import now
from projects.record.finding import id_of, typed_row_or_404
from projects.register.admin_fields import ProjectField, ProjectsField
from projects.register.exits import MAY_REMOVE
from projects.register.models import Project
from projects.register.queries_duplicates import alike
from projects.register.queries_scopes import limit_of
from projects.register.succession import (
    MAY_DISTINGUISH,
    bundle_projects,
    distinguish_projects,
    merge_projects,
    split_project,
)
from projects.worktime.calendar import day_of

PER_PAGE: Final = 50
_MOST_PAGES: Final = 10_000


class ReasonForm(VerbForm):
    """Why; every exit, return and decision about a pair of projects requires it."""

    asked = frozenset({"reason"})
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=200, required=False)


class MergeForm(ReasonForm):
    into = ProjectField(label=gettext_lazy("merge into"))
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("into", "reason")


class BundleForm(ReasonForm):
    projects = ProjectsField(label=gettext_lazy("projects to bundle"))
    on = forms.DateField(label=gettext_lazy("day of the decision"))
    field_order = ("projects", "on", "reason")


class SplitForm(ReasonForm):
    into = ProjectsField(label=gettext_lazy("projects into which it is split"))
    on = forms.DateField(label=gettext_lazy("day of the decision"))
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("into", "on", "reason")


class Successions(AsksVerbs):
    """A mixin of the projects' admin: merge, bundle, split, and pairs that may be one project."""

    def has_listing_permission(self, request: HttpRequest) -> bool:
        """Whether the officer may see every project: the pairs are of any."""
        may_see = request.user.has_perm("register.view_project")
        return bool(may_see) and limit_of(request.user, now()) is None

    def has_merging_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether the officer may let this project go on in others."""
        return bool(request.user.has_perm(MAY_REMOVE)) and not has_left(object_id)

    @action(description=gettext_lazy("Merge as a duplicate"), url_path="merge",
            permissions=["merging"])  # type: ignore[untyped-decorator]  # the theme has no types  # fmt: skip
    def merge(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Merge a duplicate into the project that it is."""
        project = typed_row_or_404(Project.objects.all(), object_id)
        initial = {"version": project.version, "into": id_of(request.GET.get("into")) or ""}
        return self.ask(
            request, MergeForm(typed(request), initial=initial),
            partial(merge_projects, project=project), of=project,
            title=_("Merge %(project)s into another project") % {"project": project},
            submit=_("Merge"), done=_("The projects are merged."),
            note=_(
                "The duplicate leaves the register; its tickets and reports stay on it, and both"
                " histories stay readable. Its enterprises take part in the other from today on."
                " No figure of the other project changes."
            ),
        )  # fmt: skip

    @action(description=gettext_lazy("Bundle others into it"), url_path="bundle",
            permissions=["merging"])  # type: ignore[untyped-decorator]  # the theme has no types  # fmt: skip
    def bundle(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Bundle other projects into this one, which is registered for it."""
        project = typed_row_or_404(Project.objects.all(), object_id)
        form = BundleForm(typed(request), initial={"on": day_of(now())})
        return self.ask(
            request, form, partial(bundle_projects, into=project), of=project,
            title=_("Bundle projects into %(project)s") % {"project": project},
            submit=_("Bundle"), done=_("The projects are bundled."),
            note=_(
                "The bundled projects leave the register; their enterprises take part in this one"
                " from today on. Set its investment by a revision: its page shows the sum of the"
                " bundled ones beside it."
            ),
        )  # fmt: skip

    @action(description=gettext_lazy("Split"), url_path="split", permissions=["merging"])  # type: ignore[untyped-decorator]  # the theme has no types
    def split(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Split this project into others, which are registered for it."""
        project = typed_row_or_404(Project.objects.all(), object_id)
        initial = {"on": day_of(now()), "version": project.version}
        return self.ask(
            request, SplitForm(typed(request), initial=initial),
            partial(split_project, project=project), of=project,
            title=_("Split %(project)s") % {"project": project},
            submit=_("Split"), done=_("The project is split."),
            note=_(
                "Register the parts first. The project leaves the register; enter which enterprises"
                " take part in which part."
            ),
        )  # fmt: skip

    @action(description=gettext_lazy("Suspected duplicates"), url_path="duplicates",
            permissions=["listing"])  # type: ignore[untyped-decorator]  # the theme has no types  # fmt: skip
    def duplicates(self, request: HttpRequest) -> HttpResponse:
        """List the pairs that may be one project, with the reasons."""
        number = min(id_of(request.GET.get("p")) or 1, _MOST_PAGES)
        on = day_of(now())
        pairs, in_all = alike(on, most=PER_PAGE, skipped=(number - 1) * PER_PAGE)
        if not pairs and number > 1:  # beyond the last page
            number, (pairs, in_all) = 1, alike(on, most=PER_PAGE)
        context = {
            **self.admin_site.each_context(request), "title": _("Suspected duplicates"),
            "pairs": pairs, "in_all": in_all,
            "page": Paginator(range(in_all), PER_PAGE).get_page(number),
            "may_merge": request.user.has_perm(MAY_REMOVE),
            "may_distinguish": request.user.has_perm(MAY_DISTINGUISH),
        }  # fmt: skip
        return TemplateResponse(request, "register/duplicates.html", context)

    def distinguish(self, request: HttpRequest, first: str, second: str) -> HttpResponse:
        """Record that two projects of the list are two."""
        if not request.user.has_perm(MAY_DISTINGUISH):
            raise PermissionDenied
        one, other = (typed_row_or_404(Project.objects.all(), each) for each in (first, second))
        return self.ask(
            request, ReasonForm(typed(request)),
            partial(distinguish_projects, first=one, second=other),
            title=_("%(first)s and %(second)s are two projects") % {"first": one, "second": other},
            submit=_("Not a duplicate"), done=_("They are proposed as duplicates no more."),
        )  # fmt: skip


def has_left(object_id: Any) -> bool:
    """Whether the project of this id has left the register; an unknown one has not."""
    return Project.objects.filter(pk=id_of(object_id) or 0, left_at__isnull=False).exists()
