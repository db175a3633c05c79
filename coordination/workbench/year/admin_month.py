"""A month of the working calendar. Who keeps the calendar clicks days in it, and enters them.

The clicked days stand in the address until they are entered: so they are carried from month to
month, are there after a new sign-in, and can be clicked without a script.
"""

from datetime import date
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin

from coordination.staff.admin_forms import VerbForm, officer_of, typed
from coordination.staff.models import Officer
from coordination.tickets.clocks.queries import rules, unknown_year
from coordination.workbench.year.clicked import DaysPlan, plan_days, with_marks
from coordination.workbench.year.enter import enter_days, may_enter
from coordination.workbench.year.marks import Marks, differing, read_marks, toggled, write_marks
from coordination.workbench.year.queries import LONGEST_LINE
from projects.record.clock import now
from projects.record.refusals import FieldError, Invalid, Stale
from projects.worktime.calendar import Calendar, day_of
from projects.worktime.models import CalendarOverride
from projects.worktime.month import month_said, months_beside, weeks_of, worked_in

_REASON: Final = "reason_"


class DaysForm(VerbForm):
    """A reason for each run of days; and whether this is the whole year, by which notice."""

    def __init__(self, plan: DaysPlan, year: int | None, data: Any = None) -> None:
        super().__init__(data)
        self.plan, self.year = plan, year
        for run in plan.runs:
            said = f"{_('Reason')} {date_format(run.first)}"
            self.fields[f"{_REASON}{run.first.isoformat()}"] = forms.CharField(
                required=False, initial=run.reason,
                widget=forms.TextInput({"maxlength": LONGEST_LINE, "aria-label": said}),
            )  # fmt: skip
        if year is not None:
            self.fields["year"] = forms.BooleanField(
                required=False, label=_("These are all days off of %(year)d") % {"year": year},
                help_text=_("Then every other day is worked from Monday to Friday, and provisional"
                            " deadlines are reckoned again."),
            )  # fmt: skip
            self.fields["source"] = forms.CharField(
                required=False, label=_("document number"),
                help_text=_("Only where all days off of the year are entered."),
            )  # fmt: skip

    @property
    def runs(self) -> list[tuple[Any, forms.BoundField]]:
        """Each run with its field."""
        return [(run, self[f"{_REASON}{run.first.isoformat()}"]) for run in self.plan.runs]

    @property
    def whole(self) -> forms.BoundField:
        """Whether these are all days off of the year."""
        return self["year"]

    @property
    def by_notice(self) -> forms.BoundField:
        """The document number of the year's notice."""
        return self["source"]

    def enter(self, shown: str, by: Officer) -> DaysPlan | None:
        """Do it; None where it is refused, and the form says why."""
        found = self.attempt(self._enter, shown=shown, by=by)
        return found[0] if found is not None else None

    def _enter(self, *, shown: str, by: Officer, **values: Any) -> DaysPlan:
        reasons = {
            date.fromisoformat(name.removeprefix(_REASON)): str(value)
            for name, value in values.items()
            if name.startswith(_REASON)
        }
        try:
            return enter_days(
                marks=self.plan.changes, reasons=reasons, shown=shown, by=by,
                year=self.year if values.get("year") else None, source=values.get("source", ""),
            )  # fmt: skip
        except Invalid as refusal:
            raise Invalid(
                FieldError(("_".join(map(str, each.path)),), each.message, each.code)
                for each in refusal.errors
            ) from refusal


def month_page(page: "ModelAdmin[Any]", request: HttpRequest) -> HttpResponse:
    """Show the month; with ``look`` what the clicked days would change; a POST enters them."""
    if not page.has_view_permission(request):
        raise PermissionDenied
    by = officer_of(request)
    may = may_enter(by)
    if request.method == "POST" and not may:
        raise PermissionDenied
    given = request.POST if request.method == "POST" else request.GET
    at = now()
    month = month_said(given.get("month", ""), day_of(at))
    context = {
        **page.admin_site.each_context(request), "title": _("Working calendar"),
        "opts": page.opts, "today": day_of(at), "unknown_year": unknown_year(at),
        "may_add": page.has_add_permission(request), "may_enter": may, "month": month,
        "refused": "",
    }  # fmt: skip
    try:
        calendar = rules().calendar
    except Invalid as refusal:  # without service hours no deadline can be computed
        return _answer(request, {**context, **_beside(month, {}),
                                 "refused": refusal.errors[0].message})  # fmt: skip
    marks = _marks(given, calendar) if may else {}
    if request.method == "POST":
        outcome = _entered(request, month, marks, calendar, by)
        if isinstance(outcome, HttpResponse):
            return outcome
        context |= outcome
    elif marks and "look" in given:
        plan = plan_days(marks)
        context |= _shown(plan, DaysForm(plan, _year(month, calendar)), month)
    return _answer(request, {
        **context, **_beside(month, marks), **_days(month, calendar, marks, may_enter=may),
    })  # fmt: skip


def _answer(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(request, "workbench/clocks/month.html", context)


def _marks(given: Any, calendar: Calendar) -> dict[date, bool]:
    """The clicked days that are not so already, and the one that was clicked just now."""
    marks = differing(read_marks(given.get("marks", "")), calendar)
    for clicked in read_marks(f"{given.get('toggle', '')}w"):
        return toggled(marks, clicked, calendar)
    return marks


def _year(month: date, calendar: Calendar) -> int | None:
    """The year that is shown, where it can be entered."""
    return None if calendar.is_known(month.year) else month.year


def _entered(
    request: HttpRequest, month: date, marks: Marks, calendar: Calendar, by: Officer
) -> HttpResponse | dict[str, Any]:
    plan = plan_days(marks)
    form = DaysForm(plan, _year(month, calendar), typed(request))
    try:
        done = form.enter(request.POST.get("shown", ""), by)
    except Stale as refusal:
        form.add_error(None, str(refusal.message))
        return _shown(plan, form, month)
    if done is None:
        return _shown(plan, form, month)
    number = len(done.changes)
    said = ngettext("%(number)d day is entered.", "%(number)d days are entered.", number)
    messages.success(request, said % {"number": number})
    return HttpResponseRedirect(_address(month, {}))


def _shown(plan: DaysPlan, form: DaysForm, month: date) -> dict[str, Any]:
    return {"plan": plan, "form": form, "of_year": plan.working_days(month.year)}


def _address(month: date, marks: Marks) -> str:
    query = {"month": f"{month:%Y-%m}"}
    if marks:
        query["marks"] = write_marks(marks)
    return f"{reverse('admin:working_calendar')}?{urlencode(query)}"


def _beside(month: date, marks: Marks) -> dict[str, Any]:
    before, after = months_beside(month)
    return {
        "before": before, "after": after,
        "to_before": _address(before, marks) if before else "",
        "to_after": _address(after, marks) if after else "",
    }  # fmt: skip


def _days(month: date, calendar: Calendar, marks: Marks, *, may_enter: bool) -> dict[str, Any]:
    weeks = weeks_of(month, with_marks(calendar, marks), marks.keys())
    entered = CalendarOverride.objects.filter(day__range=(weeks[0][0].day, weeks[-1][-1].day))
    reasons = dict(entered.values_list("day", "reason"))
    shown = [[(each, reasons.get(each.day, "")) for each in week] for week in weeks]
    return {
        "weeks": shown, "worked": worked_in(weeks, as_counted=may_enter),
        "marks": write_marks(marks), "changed": len(marks),
    }  # fmt: skip
