"""What changed the number of projects between two moments, and a project's timeline."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from projects.house.timelines import timeline_page
from projects.record.admin_forms import AsksVerbs, VerbForm
from projects.record.clock import now
from projects.record.days import YEARS
from projects.record.finding import typed_row_or_404
from projects.register.models import Batch, Project
from projects.register.queries import register_at
from projects.register.queries_changes import END, ROWS, START, Line, explained, in_year
from projects.register.queries_scopes import limit_of, projects_seen_by
from projects.worktime.calendar import at_time, day_of

PER_PAGE: Final = 50  # entries of a timeline
_MOST: Final = 200  # projects named below a row


class PeriodForm(VerbForm):
    """From the beginning of a day to the end of another, of a year's list or the register."""

    since = forms.DateField(label=gettext_lazy("from day"))
    until = forms.DateField(label=gettext_lazy("up to and with day"))
    of = forms.ChoiceField(label=gettext_lazy("list"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        years = Batch.objects.order_by("-year").values_list("year", flat=True).distinct()
        choices = [("", _("Every project of the register"))]
        choices += [(str(each), _("The list of %(year)s") % {"year": each}) for each in years]
        field = self.fields["of"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> Any:
        """Refuse a period that ends before it begins, and a year that no calendar has."""
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and not (since <= until and {since.year, until.year} <= set(YEARS)):
            self.add_error("until", _("The end must be after the start."))
        return given


@dataclass(frozen=True)
class Shown:
    """A row of the page, with the projects behind it."""

    name: str
    label: Any
    sign: int
    line: Line
    projects: list[Project]

    @property
    def is_cut(self) -> bool:
        """Whether it has more projects than are named."""
        return len(self.projects) < len(self.line.projects)


class Changes(AsksVerbs):
    """A mixin of the projects' admin: what changed their number, and one project's timeline."""

    def has_reading_permission(self, request: HttpRequest) -> bool:
        """Whether the officer may see every project: the numbers are those of all."""
        may_see = request.user.has_perm("register.view_project")
        return bool(may_see) and limit_of(request.user, now()) is None

    @action(description=gettext_lazy("How the number changed"), url_path="changes",
            permissions=["reading"])  # type: ignore[untyped-decorator]  # the theme has no types  # fmt: skip
    def changes(self, request: HttpRequest) -> HttpResponse:
        """Show the rows between two moments; each number with its projects."""
        at = now()
        today = day_of(at)
        given = {"since": date(today.year, 1, 1), "until": today, "of": str(today.year)}
        asked = {name: request.GET.get(name, given[name]) for name in given}
        form = PeriodForm(asked)
        shown = _shown(**form.cleaned_data, at=at) if form.is_valid() else []
        context = {
            **self.admin_site.each_context(request), "title": _("How the number changed"),
            "form": form, "shown": shown, "most": _MOST,
        }  # fmt: skip
        return TemplateResponse(request, "register/changes.html", context)

    def timeline(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what happened to a project, page by page into the past."""
        if not request.user.has_perm("register.view_project"):
            raise PermissionDenied
        project = typed_row_or_404(projects_seen_by(request.user, now()), object_id)
        found = timeline_page(
            "register.project", project, request.user, after=request.GET.get("after", ""),
            most=PER_PAGE,
        )  # fmt: skip
        context = {
            **self.admin_site.each_context(request), "project": project,
            "title": _("Timeline of %(project)s") % {"project": project}, "page": found,
        }  # fmt: skip
        return TemplateResponse(request, "register/timeline_page.html", context)


def _shown(*, since: date, until: date, of: str, at: datetime) -> list[Shown]:
    start = at_time(since, time.min)
    end = min(at_time(until, time.max), at)
    listing = in_year(int(of)) if of else register_at
    lines = explained(min(start, end), end, listing)
    moved = (line for name, line in lines.items() if name not in {START, END})
    wanted = {pk for line in moved for pk in line.projects[:_MOST]}
    named = Project.objects.in_bulk(list(wanted))
    return [
        Shown(
            name, label, sign, lines[name],
            sorted((named[pk] for pk in lines[name].projects if pk in named), key=_code)
            if name not in {START, END} else [],
        )
        for name, (sign, label) in ROWS.items()
    ]  # fmt: skip


def _code(project: Project) -> str:
    return project.code
