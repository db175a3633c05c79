"""The input of proposals from the database, and the current proposals."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from coordination.groups.models import Assignment, Membership, ServiceGroup
from coordination.groups.queries import away, unserved
from coordination.staff.models import Officer, Role
from coordination.tickets.flow import OPEN, RUNNING
from coordination.tickets.models import Ticket
from coordination.workbench.proposals.spread import Candidate, Gap, Proposal, spread
from projects.register.models import Project

_SERVING = (Role.LIAISON, Role.GROUP_LEAD)


@dataclass(frozen=True)
class Staff:
    """The officers on duty (active, in a group in service, not on leave) and their workload."""

    candidates: list[Candidate]
    officers: dict[int, Officer]
    groups: dict[int, ServiceGroup]


@dataclass(frozen=True)
class Outlook:
    """The unserved projects, ordered by code, each with its proposal if there is one."""

    projects: list[Project]
    waiting: Counter[int]  # open tickets by project
    proposals: dict[int, Proposal]
    staff: Staff


def outlook(at: datetime) -> Outlook:
    """All unserved projects with proposals, in a constant number of queries."""
    projects = list(unserved(at).select_related("district").order_by("code", "pk"))
    if not projects:
        return Outlook([], Counter(), {}, Staff([], {}, {}))
    staff, tickets = staff_at(at), _waiting(projects)
    gaps = [
        Gap(each.pk, each.code, each.district_id, tuple(sorted(tickets[each.pk])))
        for each in projects
    ]
    found = spread(gaps, staff.candidates, serving_by_district(at))
    return Outlook(
        projects,
        Counter({pk: len(each) for pk, each in tickets.items()}),
        {each.project: each for each in found},
        staff,
    )


def proposals_waiting(at: datetime) -> int:
    """How many proposals wait for the desk."""
    return len(outlook(at).proposals)


def staff_at(at: datetime) -> Staff:
    """The officers who can be proposed at that moment."""
    absent = away(at).values("officer")
    rows = list(
        Membership.objects.filter(
            during__contains=at, group__is_active=True, officer__is_active=True,
            officer__role__in=_SERVING,
        ).exclude(officer__in=absent).select_related("officer", "group")
        .order_by("group__ordinal", "officer__username")
    )  # fmt: skip
    districts, deputising, tickets = _answering(at), _deputising(at), _handling()
    return Staff(
        candidates=[
            Candidate(
                row.officer_id, row.group_id, row.officer.role == Role.LIAISON,
                districts[row.officer_id], deputising.get(row.officer_id, 0),
                tickets[row.officer_id],
            )
            for row in rows
        ],
        officers={row.officer_id: row.officer for row in rows},
        groups={row.group_id: row.group for row in rows},
    )  # fmt: skip


def _answering(at: datetime) -> defaultdict[int, Counter[int]]:
    """The number of projects of each district that each officer answers for."""
    found: defaultdict[int, Counter[int]] = defaultdict(Counter)
    rows = Assignment.objects.filter(during__contains=at).values_list(
        "liaison", "project__district"
    )
    for liaison, district, number in rows.annotate(number=Count("pk")):
        found[liaison][district] = number
    return found


def serving_by_district(at: datetime) -> Counter[tuple[int, int]]:
    """The number of projects of each district that each group has."""
    rows = Assignment.objects.filter(during__contains=at).values_list("group", "project__district")
    counts = rows.annotate(number=Count("pk"))
    return Counter({(group, district): number for group, district, number in counts})


def _deputising(at: datetime) -> dict[int, int]:
    rows = Assignment.objects.filter(during__contains=at, deputy__isnull=False)
    return dict(rows.values_list("deputy").annotate(number=Count("pk")))


def _handling() -> defaultdict[int, Counter[str]]:
    """How many tickets with a clock each officer has, by their urgency."""
    found: defaultdict[int, Counter[str]] = defaultdict(Counter)
    rows = Ticket.objects.filter(handler__isnull=False, status__in=sorted(RUNNING)).order_by()
    for handler, urgency, number in rows.values_list("handler", "urgency").annotate(
        number=Count("pk")
    ):
        found[handler][urgency] = number
    return found


def _waiting(projects: list[Project]) -> defaultdict[int, list[str]]:
    """The urgency of each open ticket that would be assigned with its project."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = Ticket.objects.filter(group=None, status__in=sorted(OPEN), project__in=projects)
    for project, urgency in rows.order_by().values_list("project", "urgency"):
        found[project].append(urgency)
    return found
