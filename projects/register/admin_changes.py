"""The page that explains the number of projects: from a day's to that of another moment."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from projects.record.admin_forms import AsksVerbs, VerbForm
from projects.record.clock import now
from projects.record.days import YEARS
from projects.register.models import Batch, Project
from projects.register.queries import register_at
from projects.register.queries_changes import END, ROWS, START, Line, explained, in_year
from projects.worktime.calendar import at_time, day_of

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


class Changes(AsksVerbs):
    """A mixin of the projects' admin: the page of what changed their number."""

    def has_reading_permission(self, request: HttpRequest) -> bool:
        """Whether the officer may see projects."""
        return bool(request.user.has_perm("register.view_project"))

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
            "opts": self.opts, "form": form, "shown": shown, "most": _MOST,
        }  # fmt: skip
        return TemplateResponse(request, "register/changes.html", context)


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
