"""The page on which the State Council's notice is pasted: read, shown, then entered."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin

from coordination.staff.admin_forms import VerbForm, officer_of, typed
from coordination.staff.models import Officer
from coordination.workbench.year.enter import enter_year, may_enter
from coordination.workbench.year.queries import YearPlan, plan_year
from projects.record.refusals import Stale

_CONFIRM = "confirmed"
_SHOWN = "shown"  # the mark of the plan that was shown


class NoticeForm(VerbForm):
    """The notice's text, and its document number where the text lacks it."""

    text = forms.CharField(
        label=gettext_lazy("text of the notice"), required=False,
        widget=forms.Textarea({"rows": 14}),
        help_text=gettext_lazy(
            "Paste the whole notice of the State Council's General Office, title and items."
        ),
    )  # fmt: skip
    source = forms.CharField(
        label=gettext_lazy("document number"), required=False,
        help_text=gettext_lazy("Only if it is not in the text."),
    )  # fmt: skip
    asked = frozenset({"text"})


def notice_page(page: "ModelAdmin[Any]", request: HttpRequest) -> HttpResponse:
    """The first POST shows what would be entered, the second enters it.

    It is shown again if something changed meanwhile.
    """
    by = officer_of(request)
    if not may_enter(by):
        raise PermissionDenied
    form, plan = NoticeForm(typed(request)), None
    if _CONFIRM in request.POST:
        outcome = _entered(form, request.POST.get(_SHOWN, ""), by)
        if isinstance(outcome, YearPlan):
            messages.success(request, _said(outcome))
            month = f"{outcome.notice.year}-01"
            return HttpResponseRedirect(f"{reverse('admin:working_calendar')}?month={month}")
        if outcome is not None:
            plan = _planned(form)
            form.add_error(None, str(outcome.message))
    elif request.method == "POST":
        plan = _planned(form)
    context = {
        **page.admin_site.each_context(request),
        "title": _("Enter a year from the notice"), "opts": page.opts, "form": form, "plan": plan,
        **(_tables(plan) if plan is not None else {}),
    }  # fmt: skip
    return TemplateResponse(request, "workbench/year/form.html", context)


def _entered(form: NoticeForm, shown: str, by: Officer) -> YearPlan | Stale | None:
    """What was done, or Stale; None where it is refused, and the form says why."""

    def confirmed(**values: Any) -> YearPlan | Stale:
        try:
            return enter_year(shown=shown, by=by, **values)
        except Stale as refusal:
            return refusal

    found = form.attempt(confirmed)
    return found[0] if found is not None else None


def _planned(form: NoticeForm) -> YearPlan | None:
    found = form.attempt(plan_year)
    return found[0] if found is not None else None


def _tables(plan: YearPlan) -> dict[str, Any]:
    notice = plan.notice
    return {
        "holidays": [
            (each, each.off[0], each.off[-1], len(each.off)) for each in notice.holidays
        ],
        "days": notice.deviations(), "removed": plan.removed(),
        "worked": notice.working_days(),
    }  # fmt: skip


def _said(plan: YearPlan) -> str:
    return _("%(year)d is entered: %(days)d working days.") % {
        "year": plan.notice.year, "days": plan.notice.working_days(),
    }  # fmt: skip
