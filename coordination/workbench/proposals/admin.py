"""The page of proposals for unserved projects, accepted one by one or many at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest

from coordination.groups.models import ServiceGroup
from coordination.staff.admin_forms import officer_of
from coordination.staff.models import Officer, Role
from coordination.workbench.proposals.accept import Choice, Outcome, accept_each
from coordination.workbench.proposals.queries import Outlook, Staff, outlook
from coordination.workbench.proposals.sentence import sentence
from coordination.workbench.proposals.spread import Candidate, Proposal
from projects.record.clock import now
from projects.record.refusals import Missing
from projects.register.models import Project

PER_PAGE: Final = 50
_NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_CHOSEN: Final = re.compile(r"([0-9]{1,18}):([0-9]{1,18}):([0-9]{1,18})?", re.ASCII)


@dataclass(frozen=True)
class Option:
    """An officer who can be chosen; ``value`` names group, liaison and any proposed deputy."""

    value: str
    officer: Officer
    projects: int
    tickets: int


@dataclass(frozen=True)
class Row:
    """One project on the page."""

    project: Project
    waiting: int
    proposed: str = ""  # the value of the proposed option
    group: ServiceGroup | None = None
    liaison: Officer | None = None
    deputy: Officer | None = None
    why: str = ""


def may_accept(request: HttpRequest) -> bool:
    """Whether he may: the duty desk and the director."""
    return officer_of(request).role in {Role.DUTY_DESK, Role.DIRECTOR}


def proposals_shown(number: str | None) -> dict[str, Any]:
    """One page of proposals, with the selectable officers by group."""
    found = outlook(now())
    page: Page[Project] = Paginator(found.projects, PER_PAGE).get_page(number)
    return {
        "rows": page,
        "proposals": [_row(each, found) for each in page],
        "choices": _choices(found.staff),
        "waiting": len(found.proposals),
    }


def _row(project: Project, found: Outlook) -> Row:
    proposal, staff = found.proposals.get(project.pk), found.staff
    if proposal is None:
        return Row(project, found.waiting[project.pk])
    deputy = staff.officers[proposal.deputy] if proposal.deputy is not None else None
    return Row(
        project, found.waiting[project.pk], _value(proposal), staff.groups[proposal.group],
        staff.officers[proposal.liaison], deputy, sentence(proposal.why),
    )  # fmt: skip


def _value(proposal: Proposal) -> str:
    return f"{proposal.group}:{proposal.liaison}:{proposal.deputy or ''}"


def _choices(staff: Staff) -> list[tuple[ServiceGroup, list[Option]]]:
    """All officers on duty, by group; also the leads, who are never proposed."""
    return [
        (group, [_option(each, staff) for each in staff.candidates if each.group == pk])
        for pk, group in staff.groups.items()
    ]


def _option(candidate: Candidate, staff: Staff) -> Option:
    tickets = sum(candidate.tickets.values())
    value = f"{candidate.group}:{candidate.officer}:"
    return Option(value, staff.officers[candidate.officer], candidate.projects, tickets)


def accepted(request: HttpRequest) -> list[Outcome]:
    """Accept the chosen ones: that of the pressed button, or all that are ticked."""
    only = request.POST.get("only")
    picks = [only] if only is not None else request.POST.getlist("pick")[:PER_PAGE]
    choices = [_choice(pick, request.POST) for pick in dict.fromkeys(picks)]
    try:
        return accept_each(choices=choices, by=officer_of(request))
    except Missing as refusal:
        raise Http404 from refusal


def _choice(pick: str, given: Mapping[str, str]) -> Choice:
    chosen = _CHOSEN.fullmatch(given.get(f"liaison-{pick}", ""))
    if chosen is None or _NUMBER.fullmatch(pick) is None:
        raise Http404
    group, liaison, deputy = chosen.groups()
    return Choice(int(pick), int(group), int(liaison), int(deputy) if deputy else None)
