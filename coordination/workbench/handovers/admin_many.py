"""The page on which many projects are handed over: chosen, shown, then done with results by row."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin

from coordination.groups.models import ServiceGroup
from coordination.groups.queries import group_of
from coordination.staff.admin_forms import VerbForm, officer_of, typed
from coordination.staff.models import Officer, Role
from coordination.workbench.departures.queries import To
from coordination.workbench.handovers.admin_officers import OfficerChoiceField, serving_officers
from coordination.workbench.handovers.give import Choice, hand_over_each, plan_many
from coordination.workbench.handovers.queries import (
    MOST,
    Plan,
    Row,
    chosen_rows,
    serving_as_liaison,
)
from coordination.workbench.proposals.accept import Outcome
from projects.record.admin_forms import say_done
from projects.record.clock import now
from projects.record.finding import id_of
from projects.record.refusals import Missing

_CHOSEN: Final = re.compile(r"([0-9]{1,18}):([0-9]{1,18}):([0-9]{1,18})?", re.ASCII)
_TEMPLATES: Final = "workbench/handovers"


class ManyForm(VerbForm):
    """To whom the projects go, and why."""

    to = forms.ChoiceField(
        label=gettext_lazy("projects and open tickets"),
        choices=[(each.value, each.label) for each in (To.SPREAD, To.ONE)],
    )
    group = forms.ModelChoiceField(
        ServiceGroup.objects.filter(is_active=True), required=False,
        label=gettext_lazy("the group that gets all"),
        help_text=gettext_lazy("If they are spread: over its members who can act."),
    )  # fmt: skip
    one = OfficerChoiceField(
        Officer.objects.none(), required=False, label=gettext_lazy("the one who gets all"),
        help_text=gettext_lazy("If all go to one officer."),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=200, required=False)
    asked = frozenset({"reason"})

    def __init__(self, *args: Any, by: Officer, **options: Any) -> None:
        super().__init__(*args, **options)
        one: Any = self.fields["one"]
        group: Any = self.fields["group"]
        receiving: Any = serving_officers()
        one.queryset = receiving.filter(is_away=False)
        if by.role == Role.GROUP_LEAD:  # within his own group
            own = group_of(by, now())
            group.queryset = group.queryset.filter(pk=own.pk if own is not None else None)
            one.queryset = one.queryset.filter(group_id=own.pk if own is not None else None)


def many_address(**given: Iterable[int]) -> str:
    """The page's address: ``pick`` names assignments, ``officer`` one who serves as liaison."""
    rows = {name: list(values)[: MOST + 1] for name, values in given.items()}
    return f"{reverse('admin:workbench_hand_over_many')}?{urlencode(rows, doseq=True)}"


def many_page(page: "ModelAdmin[Any]", request: HttpRequest) -> HttpResponse:
    """Ask to whom the chosen projects go, show it, and do it when confirmed."""
    context = {**page.admin_site.each_context(request), "title": _("Hand over projects")}
    context["opts"] = page.opts
    if "confirmed" in request.POST:
        outcomes = _confirmed(request)
        say_done(request)
        context |= {
            "outcomes": outcomes, "done": len([each for each in outcomes if not each.refusal]),
        }  # fmt: skip
        return TemplateResponse(request, f"{_TEMPLATES}/outcomes.html", context)
    by = officer_of(request)
    offered = _offered(request)
    is_sent = request.method == "POST"
    ticked = set(_ids(request, "pick")) if is_sent else set(offered)
    rows = chosen_rows(offered[:MOST], by, now())
    form = ManyForm(typed(request), by=by, initial=_initial(rows))
    plan = _planned(form, ticked, by) if is_sent and "again" not in request.POST else None
    context |= {
        "form": form, "rows": [(row, row.assignment.pk in ticked) for row in rows],
        "plan": plan, "most": MOST if len(offered) > MOST else None,
        "quiet": "again" in request.POST,
    }  # fmt: skip
    name = "preview" if plan is not None else "form"
    return TemplateResponse(request, f"{_TEMPLATES}/{name}.html", context)


def _offered(request: HttpRequest) -> list[int]:
    """The assignments on the page, ticked or not; one more than shown if there are more."""
    if request.method == "POST":
        return _ids(request, "offered")
    officer = id_of(request.GET.get("officer"))
    if officer is not None:
        return serving_as_liaison(officer, now())
    return _ids(request, "pick")


def _ids(request: HttpRequest, name: str) -> list[int]:
    """Ids from the address or the form. Raises Http404 for what is none."""
    given = request.POST if request.method == "POST" else request.GET
    found = [id_of(each) for each in given.getlist(name)[: MOST + 1]]
    if None in found:
        raise Http404
    return [each for each in dict.fromkeys(found) if each is not None]


def _initial(rows: Sequence[Row]) -> dict[str, Any]:
    """Spread over the group of the chosen projects, if it is one."""
    groups = {row.assignment.group_id for row in rows}
    return {"to": To.SPREAD, "group": groups.pop() if len(groups) == 1 else None}


def _planned(form: ManyForm, ticked: set[int], by: Officer) -> Plan | None:
    """What would be done now; None where it is refused, and the form says why."""
    found = form.attempt(plan_many, picks=sorted(ticked), by=by)
    return found[0] if found is not None else None


def _confirmed(request: HttpRequest) -> list[Outcome]:
    choices = [_choice(pick, request) for pick in _ids(request, "pick")]
    reason = request.POST.get("reason", "")[:200]
    try:
        return hand_over_each(choices=choices, reason=reason, by=officer_of(request))
    except Missing as refusal:
        raise Http404 from refusal


def _choice(pick: int, request: HttpRequest) -> Choice:
    chosen = _CHOSEN.fullmatch(request.POST.get(f"to-{pick}", ""))
    if chosen is None:
        raise Http404
    group, liaison, deputy = chosen.groups()
    return Choice(pick, int(group), int(liaison), int(deputy) if deputy else None)
