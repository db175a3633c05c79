"""The pages that set a project's plan, its months' ends and its status, and that issue plans."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from projects.investment.admin_list import require
from projects.investment.choices import MONTHS, Entry, LightRule, TimeProgress
from projects.investment.guard import mismatches, plain
from projects.investment.issue import acknowledge_plan, issue_plans
from projects.investment.models import MonthEnd
from projects.investment.month_end import revise_month_end
from projects.investment.plan import PlanSet, field_of, plan_version, set_plan
from projects.investment.progress_of_time import QUARTERS, Plan, months_of, months_open
from projects.investment.queries import plans_at, rule_at, standing_at
from projects.investment.queries_issues import (
    CHANGED,
    NOT_ISSUED,
    digest_of,
    issued_of,
    issues_at,
    mark_of,
)
from projects.investment.status import set_rule, set_statistical_status
from projects.investment.words import month_words, quarter_words
from projects.record.admin_forms import VerbForm, typed
from projects.record.clock import now
from projects.record.numbers import AmountFormField
from projects.register.models import Project

_SPANS: Final = (("quarter", len(QUARTERS)), ("month", MONTHS))


def project_of(project_id: int) -> Project:
    """The project of this id. Raises Http404."""
    found = Project.objects.filter(pk=project_id).first()
    if found is None:
        raise Http404
    return found


def _back_to(project: Project, panel: str = "#panel-investment") -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:register_project_change", args=[project.pk]) + panel)


class PlanForm(VerbForm):
    """A field for each quarter and month, in 亿元."""

    reason = forms.CharField(label=gettext_lazy("reason"), max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for span, many in _SPANS:
            for number in range(1, many + 1):
                label = quarter_words(number) if span == "quarter" else month_words(number)
                self.fields[field_of(span, number)] = AmountFormField(
                    label=label, required=False, max_digits=12, decimal_places=4
                )


def _set(
    *, project: Project, year: int, reason: str, version: int, by: Any, **amounts: Decimal | None
) -> PlanSet:
    """Call the verb with what the form has."""
    spans = {
        span: {number: amounts[field_of(span, number)] for number in range(1, many + 1)}
        for span, many in _SPANS
    }
    return set_plan(
        project=project, year=year, quarters=spans["quarter"], months=spans["month"],
        reason=reason, version=version, by=by,
    )  # fmt: skip


def plan_page(request: HttpRequest, project_id: int) -> HttpResponse:
    """Set the quarters and months of the running year; what does not add up is said beside it."""
    require(request, "investment.add_planrevision")
    project, at = project_of(project_id), now()
    year = timezone.localdate(at).year
    targets = plans_at(at, year, [project.pk])[project.pk]
    plan = Plan(project.annual_investment, targets.quarters, targets.months)
    initial: dict[str, Any] = {
        field_of("quarter", number): plain(amount) for number, amount in plan.quarters.items()
    }
    initial |= {field_of("month", number): plain(each) for number, each in plan.months.items()}
    initial["version"] = plan_version(project, year)
    form = PlanForm(typed(request), initial=initial)
    done = form.attempt(partial(_set, project=project, year=year), by=request.user)
    if done:
        return _set_and_warned(request, project, done[0])
    warned = (
        {each.field: str(each.message) for each in mismatches(plan)} if not form.is_bound else {}
    )
    rows = [
        [_box(form, name, warned) for name in
         (field_of("quarter", number), *(field_of("month", each) for each in months_of(number)))]
        for number in QUARTERS
    ]  # fmt: skip
    context = {
        **admin.site.each_context(request), "form": form, "rows": rows, "project": project,
        "title": _("Plan of %(year)s: %(project)s") % {"year": year, "project": project},
        "annual": plain(plan.annual), "is_set": bool(initial["version"]),
    }  # fmt: skip
    return TemplateResponse(request, "investment/plan_form.html", context)


def _box(form: PlanForm, name: str, warned: dict[str, str]) -> dict[str, Any]:
    return {"field": form[name], "warning": warned.get(name, "")}


def _set_and_warned(request: HttpRequest, project: Project, done: PlanSet) -> HttpResponse:
    """To the project; or, where the plan does not add up, back to the form, which says where."""
    messages.success(request, _("The plan is recorded."))
    if not done.warnings:
        return _back_to(project)
    for each in done.warnings:
        messages.warning(request, str(each.message))
    return HttpResponseRedirect(reverse("investment_plan", args=[project.pk]))


class IssueForm(VerbForm):
    """The mark of what was shown."""

    mark = forms.CharField(max_length=64, required=False)


def issue_page(request: HttpRequest) -> HttpResponse:
    """Issue the plans of all projects of the year's list that are not issued as they are."""
    require(request, "investment.add_planissue")
    at = now()
    standings = standing_at(at)
    year = timezone.localdate(at).year
    issues = issues_at(at, year, [each.project_id for each in standings])
    found = [(each, issued_of(each.plan, issues.get(each.project_id), at)) for each in standings]
    waiting = [
        (each, issued) for each, issued in found
        if issued.stage in (NOT_ISSUED, CHANGED) and each.plan.quarters
    ]  # fmt: skip
    form = IssueForm(typed(request))
    projects = [each.register.project for each, _issued in waiting]
    done = form.attempt(partial(issue_plans, projects=projects, year=year), by=request.user)
    if done:
        made = len(done[0])
        said = ngettext("%(number)s plan is issued.", "%(number)s plans are issued.", made)
        messages.success(request, said % {"number": made})
        return HttpResponseRedirect(reverse("investment"))
    without = sum(not each.plan.quarters for each in standings)
    context = {
        **admin.site.each_context(request), "title": _("Issue plans"), "waiting": waiting,
        "without": without, "form": form,
        "mark": mark_of((each.project_id, digest_of(each.plan)) for each, _issued in waiting),
    }  # fmt: skip
    return TemplateResponse(request, "investment/issue.html", context)


def _code(month: tuple[int, int]) -> str:
    return f"{month[0]}-{month[1]:02d}"


def _month_of(code: str) -> tuple[int, int]:
    year, month = code.split("-")
    return int(year), int(month)


class MonthForm(VerbForm):
    month = forms.TypedChoiceField(label=gettext_lazy("month"), coerce=_month_of)
    amount = AmountFormField(label=gettext_lazy("investment of the month (万元)"))
    paid = AmountFormField(label=gettext_lazy("paid in the month (万元)"), required=False)
    evidence = forms.CharField(
        label=gettext_lazy("visible progress"), required=False, widget=forms.Textarea
    )
    reason = forms.CharField(
        label=gettext_lazy("reason, if it is stated again"), max_length=200, required=False
    )

    def __init__(
        self, *args: Any, months: Sequence[tuple[int, int]], this_year: int, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        choices = [
            (_code(each), month_words(each[1]) if each[0] == this_year else _code(each))
            for each in months
        ]
        self.fields["month"].choices = choices  # type: ignore[attr-defined]  # of a choice field


def ask(
    request: HttpRequest,
    form: VerbForm,
    verb: Callable[..., Any],
    project: Project | None,
    *,
    title: str,
    done: str | Promise,
    note: str | Promise = "",
) -> HttpResponse:
    """Show the form; once it is valid, call the verb and go back with ``done``."""
    if form.attempt(verb, by=request.user):
        messages.success(request, str(done))
        return _back_to(project) if project else HttpResponseRedirect(reverse("investment"))
    context = {
        **admin.site.each_context(request), "title": title, "form": form, "submit": _("Record"),
        "note": note, "object": project,
    }  # fmt: skip
    return TemplateResponse(request, "record/verb_form.html", context)


def _state(*, month: tuple[int, int], **given: Any) -> MonthEnd:
    """Call the verb with what the form has."""
    return revise_month_end(year=month[0], month=month[1], **given)


def month_page(request: HttpRequest, project_id: int) -> HttpResponse:
    """State what a month that is over came to; until 31 March also one of the year before."""
    require(request, "investment.add_monthend")
    project, day = project_of(project_id), timezone.localdate(now())
    months = months_open(day)
    form = MonthForm(
        typed(request), months=months, this_year=day.year,
        initial={"month": _code(months[-1])},
    )  # fmt: skip
    return ask(
        request, form, partial(_state, project=project), project,
        title=_("Month of %(project)s") % {"project": project},
        done=_("The month is recorded."),
        note=_("It holds over the month's daily reports; the difference stays in sight."),
    )  # fmt: skip


class StatusForm(VerbForm):
    status = forms.ChoiceField(label=gettext_lazy("statistical status"), choices=Entry.choices)
    since = forms.DateField(label=gettext_lazy("from day"))
    document = forms.CharField(label=gettext_lazy("document number"), max_length=60, required=False)


def status_page(request: HttpRequest, project_id: int) -> HttpResponse:
    """Record whether the project is entered in the statistics office's base."""
    require(request, "investment.add_statisticalstatus")
    project = project_of(project_id)
    form = StatusForm(typed(request), initial={"since": timezone.localdate(now())})
    return ask(
        request, form, partial(set_statistical_status, project=project), project,
        title=_("Statistical status of %(project)s") % {"project": project},
        done=_("The statistical status is recorded."),
    )  # fmt: skip


class AcknowledgeForm(VerbForm):
    """Nothing is asked."""

    asked: ClassVar[frozenset[str]] = frozenset()


def acknowledge_page(request: HttpRequest, project_id: int) -> HttpResponse:
    """Acknowledge the plan that was issued last on the owner's behalf."""
    require(request, "investment.add_planacknowledgement")
    project = project_of(project_id)
    year = timezone.localdate(now()).year
    return ask(
        request, AcknowledgeForm(typed(request)),
        partial(acknowledge_plan, project=project, year=year), project,
        title=_("Acknowledge the plan of %(project)s") % {"project": project},
        done=_("The plan is acknowledged."),
        note=_("On the owner's behalf, who has confirmed that it has received the plan."),
    )  # fmt: skip


class RuleForm(VerbForm):
    time_progress = forms.ChoiceField(
        label=gettext_lazy("time progress"), choices=TimeProgress.choices
    )
    lights = forms.ChoiceField(label=gettext_lazy("lights"), choices=LightRule.choices)
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=200)


def rule_page(request: HttpRequest) -> HttpResponse:
    """Choose how time progress and lights are reckoned."""
    require(request, "investment.add_indicatorrule")
    rule = rule_at(now())
    initial = {"time_progress": rule.time_progress, "lights": rule.lights}
    return ask(
        request, RuleForm(typed(request), initial=initial), set_rule, None,
        title=_("Rule of time progress and lights"), done=_("The rule is recorded."),
        note=_("It holds from now on. Issues that are built keep the rule of their cut-off."),
    )  # fmt: skip
