"""The pages on which an officer or a group is taken out of service: typed, shown, then done."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin

from coordination.groups.models import ServiceGroup
from coordination.groups.queries import group_of
from coordination.groups.queries_acting import acting_in, acting_officers
from coordination.staff.admin_forms import VerbForm, officer_of, typed
from coordination.staff.models import ADMINISTRATORS, Officer, Role
from coordination.workbench.departures.queries import Plan, To
from coordination.workbench.departures.relieve import (
    Closing,
    Kind,
    Relief,
    close_group,
    plan_closing,
    plan_relief,
    relieve_officer,
)
from projects.record.clock import now
from projects.record.refusals import Stale

_CONFIRM = "confirmed"
_SHOWN = "shown"  # the mark of the plan that was shown
_POSTS = [(each.value, each.label) for each in Role if each not in ADMINISTRATORS]


def reason_field() -> forms.CharField:
    """Why somebody leaves service; the verb asks for it."""
    return forms.CharField(
        label=gettext_lazy("reason"), max_length=200, required=False,
        help_text=gettext_lazy(
            "Kept on the page of the officer or the group; enterprises do not see it."
        ),
    )  # fmt: skip


class ReliefForm(VerbForm):
    """What happens to an officer, and who gets his work."""

    kind = forms.ChoiceField(label=gettext_lazy("what happens"), choices=Kind.choices)
    group = forms.ModelChoiceField(
        ServiceGroup.objects.filter(is_active=True), label=gettext_lazy("new group"),
        required=False, help_text=gettext_lazy("If the officer moves."),
    )  # fmt: skip
    role = forms.ChoiceField(
        label=gettext_lazy("new role"), choices=[("", "—"), *_POSTS], required=False,
        help_text=gettext_lazy("If the officer gets another role."),
    )  # fmt: skip
    to = forms.ChoiceField(label=gettext_lazy("projects and open tickets"), choices=To.choices)
    one = forms.ModelChoiceField(
        Officer.objects.none(), label=gettext_lazy("the one who gets all"), required=False
    )
    reason = reason_field()
    asked = frozenset({"reason"})

    def __init__(self, *args: Any, officer: Officer, by: Officer, **options: Any) -> None:
        super().__init__(*args, **options)
        receiving: Any = self.fields["one"]
        receiving.queryset = acting_officers(now()).exclude(pk=officer.pk).order_by("username")
        if by.role == Role.GROUP_LEAD:
            self._narrow(Kind.LEAVE_GROUP, Kind.DEACTIVATE)
            self._keep_within(by)
        elif by.role == Role.SYSTEM_ADMIN:
            self._narrow(Kind.DEACTIVATE)
        elif not by.has_perm("staff.assign_post"):
            self._narrow(*(each for each in Kind if each != Kind.CHANGE_ROLE))

    def _narrow(self, *kinds: Kind) -> None:
        """Who gives no posts, and may move no officers either."""
        del self.fields["role"]
        if Kind.MOVE not in kinds:
            del self.fields["group"]
        choices = [(each.value, each.label) for each in kinds]
        self.fields["kind"] = forms.ChoiceField(label=gettext_lazy("what happens"), choices=choices)

    def _keep_within(self, by: Officer) -> None:
        """A lead gives the work to his own group."""
        receiving: Any = self.fields["one"]
        own = group_of(by, now())
        able = acting_in([own.pk], now()) if own is not None else []
        receiving.queryset = receiving.queryset.filter(pk__in=[each.officer for each in able])


class ClosingForm(VerbForm):
    """Which groups get a group's work."""

    to = forms.ChoiceField(label=gettext_lazy("projects and open tickets"), choices=To.choices)
    one = forms.ModelChoiceField(
        ServiceGroup.objects.none(), label=gettext_lazy("the group that gets all"), required=False
    )
    reason = reason_field()
    asked = frozenset({"reason"})

    def __init__(self, *args: Any, group: ServiceGroup, **options: Any) -> None:
        super().__init__(*args, **options)
        receiving: Any = self.fields["one"]
        receiving.queryset = ServiceGroup.objects.filter(is_active=True).exclude(pk=group.pk)


def relief_page(page: "ModelAdmin[Any]", request: HttpRequest, officer: Officer) -> HttpResponse:
    """Ask what happens to the officer, show who would get what, and do it when confirmed."""
    by = officer_of(request)
    initial = {"kind": request.GET.get("kind", Kind.LEAVE_GROUP), "to": To.SPREAD}
    form = ReliefForm(typed(request), officer=officer, by=by, initial=initial)
    title = _("Take %(officer)s out of service or transfer") % {"officer": officer}

    def read(**values: Any) -> Relief:
        return Relief(officer=officer, **values)

    def planned(by: Officer, **values: Any) -> Plan:
        return plan_relief(relief=read(**values), by=by)

    def done(by: Officer, shown: str, **values: Any) -> Plan:
        return relieve_officer(relief=read(**values), shown=shown, by=by)

    return _page(page, request, form, title=title, row=officer, planned=planned, done=done)


def closing_page(
    page: "ModelAdmin[Any]", request: HttpRequest, group: ServiceGroup
) -> HttpResponse:
    """Ask which groups get the group's work, show it, and do it when confirmed."""
    form = ClosingForm(typed(request), group=group, initial={"to": To.SPREAD})
    title = _("Take %(group)s out of service") % {"group": group}

    def planned(by: Officer, **values: Any) -> Plan:
        return plan_closing(closing=Closing(group=group, **values), by=by)

    def done(by: Officer, shown: str, **values: Any) -> Plan:
        return close_group(closing=Closing(group=group, **values), shown=shown, by=by)

    return _page(page, request, form, title=title, row=group, planned=planned, done=done)


def _page(
    page: "ModelAdmin[Any]",
    request: HttpRequest,
    form: VerbForm,
    *,
    title: str,
    row: Any,
    planned: Callable[..., Plan],
    done: Callable[..., Plan],
) -> HttpResponse:
    """The first POST shows the plan, the second does it; the plan is shown again if it changed."""
    by, is_confirmed = officer_of(request), _CONFIRM in request.POST
    outcome: tuple[Plan | Stale] | None = None
    plan: Plan | None = None

    def confirmed(**values: Any) -> Plan | Stale:
        try:
            return done(shown=request.POST.get(_SHOWN, ""), **values)
        except Stale as refusal:
            return refusal

    if is_confirmed:
        outcome = form.attempt(confirmed, by=by)
    match outcome:
        case (Plan() as did,):
            messages.success(request, _said(did))
            address = f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist"
            return HttpResponseRedirect(reverse(address))
        case (Stale() as changed,):
            plan = _shown(form, planned, by)
            form.add_error(None, str(changed.message))
        case _ if request.method == "POST" and not is_confirmed:
            plan = _shown(form, planned, by)
    context = {
        **page.admin_site.each_context(request),
        "title": title, "opts": page.opts, "form": form, "object": row, "plan": plan,
        "shares": plan.shares() if plan is not None else [],
    }  # fmt: skip
    return TemplateResponse(request, "workbench/departures/form.html", context)


def _shown(form: VerbForm, planned: Callable[..., Plan], by: Officer) -> Plan | None:
    """What would be done now; None where it is refused, and the form says why."""
    found = form.attempt(planned, by=by)
    return found[0] if found is not None else None


def _said(plan: Plan) -> str:
    """How many projects and tickets went to others, and how many deputies were replaced."""
    given = sum(each.takes_tickets for each in plan.moves)
    deputies = len(plan.moves) - given
    projects = ngettext(
        "%(number)d project was given to others", "%(number)d projects were given to others", given
    ) % {"number": given}
    replaced = ngettext(
        "%(number)d deputy was replaced", "%(number)d deputies were replaced", deputies
    ) % {"number": deputies}
    tickets = ngettext(
        "%(number)d ticket changed hands", "%(number)d tickets changed hands", plan.tickets
    ) % {"number": plan.tickets}
    return _("Done: %(projects)s, %(deputies)s, %(tickets)s.") % {
        "projects": projects, "deputies": replaced, "tickets": tickets,
    }  # fmt: skip
