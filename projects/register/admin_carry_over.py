"""The page on which a year's list is carried over to the next: proposed, looked at, confirmed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action

from projects.record.admin_forms import AsksVerbs
from projects.record.clock import now
from projects.record.days import YEARS
from projects.record.finding import id_of
from projects.record.refusals import Invalid, Refusal, Stale
from projects.record.text import compact
from projects.register.carry_over import MAY_CARRY_OVER, carry_over
from projects.register.carry_over_plan import (
    DONE,
    LEAVES,
    PER_PAGE,
    Proposal,
    Step,
    all_proposed,
    counts_of,
    mark_of,
    next_batches,
    page_of,
)
from projects.register.exits import MAY_REMOVE
from projects.register.models import Batch, Phase, Project
from projects.register.queries_scopes import limit_of
from projects.worktime.calendar import day_of

_LABELS: Final[Mapping[str, str | Promise]] = {
    "": gettext_lazy("All that are left"), **{each.value: each.label for each in Phase},
    DONE: gettext_lazy("Carried over"), LEAVES: gettext_lazy("Leaves as completed"),
}  # fmt: skip
_VIEWS: Final = ("", *(each.value for each in Phase), DONE)


@dataclass(frozen=True)
class Shown:
    """A row of the page, or of what will be done."""

    project: Project
    why: Any = ""
    choices: Sequence[tuple[str, Any]] = ()
    step: Step | None = None
    to: str = ""  # in words


class CarriesOver(AsksVerbs):
    """A mixin of the projects' admin: the next year's list."""

    def has_carrying_permission(self, request: HttpRequest) -> bool:
        """Whether the officer may revise projects and let them leave, and sees all of them."""
        may = all(map(request.user.has_perm, (MAY_CARRY_OVER, MAY_REMOVE)))
        return may and limit_of(request.user, now()) is None

    @action(description=gettext_lazy("The next year's list"), url_path="carry-over",
            permissions=["carrying"])  # type: ignore[untyped-decorator]  # the theme has no types  # fmt: skip
    def carry_over(self, request: HttpRequest) -> HttpResponse:
        """Propose what becomes of each project of the year; show what was chosen; do it."""
        year, today = _year(request), day_of(now())
        batches = next_batches(year)
        context = {
            **self.admin_site.each_context(request), "title": _("The next year's list"),
            "year": year, "next": year + 1, "is_over": today.year > year, "batches": batches,
        }  # fmt: skip
        if request.method == "POST" and batches:
            return self._sent(request, year, batches, context)
        return self._page(request, year, batches, context)

    def _page(
        self, request: HttpRequest, year: int, batches: Sequence[Batch], context: dict[str, Any]
    ) -> HttpResponse:
        view = request.GET.get("view", "")
        view = view if view in _VIEWS else ""
        found = page_of(year, view, after=_code(request, "after"), before=_code(request, "before"))
        counts = counts_of(year)
        left = sum(number for name, number in counts.items() if name != DONE)
        tabs = [(each, _LABELS[each], counts.get(each, left)) for each in _VIEWS]
        context |= {
            "tabs": tabs, "view": view, "page": found, "left": counts.get(view, left),
            "rows": [_shown(each, batches) for each in found.rows],
            "years": sorted({year, *Batch.objects.values_list("year", flat=True)}, reverse=True),
        }  # fmt: skip
        return TemplateResponse(request, "register/carry_over.html", context)

    def _sent(
        self, request: HttpRequest, year: int, batches: Sequence[Batch], context: dict[str, Any]
    ) -> HttpResponse:
        """Show what would be done; or do it, if that is confirmed and still so."""
        view = request.POST.get("view", "")
        is_all = "all" in request.POST
        steps = _all(year, view, batches) if is_all else _chosen(request.POST, batches)
        mark, refused = mark_of(steps), list[str]()
        if "confirmed" in request.POST:
            try:
                if mark != request.POST.get("mark", ""):
                    raise Stale
                number = carry_over(year=year, steps=steps, by=request.user)  # type: ignore[arg-type]  # signed in, as the view asks
            except Refusal as refusal:
                refused = _reasons(refusal, steps)
            else:
                done = ngettext(
                    "%(number)d project is carried over.", "%(number)d projects are carried over.",
                    number,
                ) % {"number": number}  # fmt: skip
                messages.success(request, done)
                asked = urlencode({"year": str(year), "view": str(view)})
                address = reverse("admin:register_project_carry_over")
                return HttpResponseRedirect(f"{address}?{asked}")
        projects = Project.objects.select_related("batch").in_bulk([s.project for s in steps])
        context |= {
            "view": view, "is_all": is_all, "mark": mark, "refused": refused, "steps": steps,
            "moves": _moves(steps, projects), "most": PER_PAGE,
            "rows": [
                Shown(projects[each.project], step=each, to=str(_LABELS[each.to]))
                for each in steps[:PER_PAGE] if each.project in projects
            ],
        }  # fmt: skip
        return TemplateResponse(request, "register/carry_over_look.html", context)


def _year(request: HttpRequest) -> int:
    """The year that is asked for, else the one that ends: in December the running one."""
    given = request.POST if request.method == "POST" else request.GET
    asked, today = id_of(given.get("year")), day_of(now())
    if asked is not None and asked in YEARS and asked + 1 in YEARS:
        return asked
    return today.year - (today.month != 12)  # noqa: PLR2004 - December


def _code(request: HttpRequest, name: str) -> str:
    """A project's code in the address, as codes are stored."""
    return compact(request.GET.get(name, ""))


def _shown(proposal: Proposal, batches: Sequence[Batch]) -> Shown:
    step = proposal.step(batches[0]) if proposal.to and batches else None
    choices = [(each, _LABELS[each]) for each in proposal.choices]
    return Shown(proposal.project, proposal.why, choices, step, proposal.to)


def _all(year: int, view: str, batches: Sequence[Batch]) -> list[Step]:
    if view == DONE:
        return []
    phase = view if view in Phase.values else ""
    return [each.step(batches[0]) for each in all_proposed(year, phase)]


def _chosen(given: Any, batches: Sequence[Batch]) -> list[Step]:
    """The ticked projects of the page, as the officer chose for each."""
    known = {str(each.pk): each for each in batches}
    found = []
    for pick in dict.fromkeys(given.getlist("pick")[:PER_PAGE]):
        project, version = id_of(pick), id_of(given.get(f"version-{pick}"))
        batch, to = known.get(given.get(f"batch-{pick}", "")), given.get(f"to-{pick}", "")
        if project is not None and version is not None and to in _LABELS:
            found.append(Step(project, version, batch or batches[0], to))
    return found


def _moves(
    steps: Sequence[Step], projects: Mapping[int, Project]
) -> list[tuple[Any, Any, int]]:  # fmt: skip
    """How many go from which phase to which."""
    pairs = Counter(
        (projects[each.project].phase, each.to) for each in steps if each.project in projects
    )
    return [(_LABELS[before], _LABELS[after], number) for (before, after), number in pairs.items()]


def _reasons(refusal: Refusal, steps: Sequence[Step]) -> list[str]:
    """What is wrong, each with the project's code and name."""
    if not isinstance(refusal, Invalid):
        return [str(refusal.message)]
    named = Project.objects.in_bulk([each.project for each in steps])
    return [
        f"{named[steps[int(each.path[0])].project].code} "
        f"{named[steps[int(each.path[0])].project]}: {each.message}"
        for each in refusal.errors
    ]
