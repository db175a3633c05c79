"""Where the projects and open tickets of an officer or a group would go, in a few queries."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from coordination.groups.models import Assignment, Membership, ServiceGroup
from coordination.groups.queries import projects_answered_by
from coordination.groups.queries_acting import SERVING_ROLES, serving_each
from coordination.staff.models import Officer
from coordination.tickets.flow import OPEN
from coordination.tickets.models import Ticket
from coordination.workbench.proposals.queries import serving_by_district, staff_at
from coordination.workbench.proposals.spread import Candidate, Gap, deputy_of, spread
from projects.record.canonical import digest


class To(TextChoices):
    """Who gets the projects and tickets."""

    SPREAD = "spread", _("Spread them by workload")
    ONE = "one", _("All to the one chosen")
    LEAVE = "leave", _("Leave them; they show as broken")


@dataclass(frozen=True)
class Move:
    """A project and its new officers; with the same liaison only the deputy is replaced."""

    assignment: Assignment
    group: int
    liaison: int
    deputy: int | None

    @property
    def takes_tickets(self) -> bool:
        """Whether the project's open tickets go with it."""
        return (self.group, self.liaison) != (
            self.assignment.group_id, self.assignment.liaison_id,
        )  # fmt: skip


@dataclass(frozen=True)
class Given:
    """A ticket that goes by itself, with its new group and handler."""

    ticket: Ticket
    group: int | None
    handler: int | None


@dataclass
class Plan:
    """What would be done; ``stay_projects`` and ``stay_tickets`` are left as they are.

    ``entered`` is what decides it: the officer or group, and what was chosen.
    """

    moves: list[Move] = field(default_factory=list)
    along: list[Ticket] = field(default_factory=list)  # tickets that go with their projects
    given: list[Given] = field(default_factory=list)
    stay_projects: int = 0
    stay_tickets: int = 0
    entered: tuple[str | int | None, ...] = ()

    @property
    def mark(self) -> str:
        """A digest by which a plan that was shown is compared with the one about to be done."""
        moves = [(each.assignment.pk, each.group, each.liaison, each.deputy) for each in self.moves]
        given = [(each.ticket.pk, each.group, each.handler) for each in self.given]
        along = [each.pk for each in self.along]
        stay = [self.stay_projects, self.stay_tickets]
        return digest([self.entered, moves, along, given, stay])

    @property
    def tickets(self) -> int:
        """How many tickets change hands."""
        return len(self.along) + len(self.given)

    def shares(self) -> list[tuple[Officer | None, int, int]]:
        """Who gets how many projects and tickets; None is nobody: the duty desk acts."""
        liaison = {each.assignment.project_id: each.liaison for each in self.moves}
        projects = Counter[int | None](each.liaison for each in self.moves if each.takes_tickets)
        tickets = Counter[int | None](liaison[each.project_id] for each in self.along)
        tickets.update(each.handler for each in self.given)
        known = Officer.objects.in_bulk([pk for pk in {*projects, *tickets} if pk is not None])
        rows = [
            (known[pk] if pk is not None else None, projects[pk], tickets[pk])
            for pk in {*projects, *tickets}
        ]
        return sorted(rows, key=lambda row: (row[0] is None, str(row[0])))


def work_of(officer: Officer, at: datetime) -> tuple[list[Assignment], list[Ticket]]:
    """The assignments that name him, and the open tickets that he handles, by id."""
    named = projects_answered_by(officer, at).select_related("project").order_by("project_id")
    tickets = Ticket.objects.filter(handler=officer, status__in=sorted(OPEN)).order_by("pk")
    return list(named), list(tickets)


def work_of_group(group: ServiceGroup, at: datetime) -> tuple[list[Assignment], list[Ticket]]:
    """The assignments of the group, and its open tickets, by id."""
    named = Assignment.objects.filter(group=group, during__contains=at)
    tickets = Ticket.objects.filter(group=group, status__in=sorted(OPEN)).order_by("pk")
    return list(named.select_related("project").order_by("project_id")), list(tickets)


def plan_officer(officer: Officer, *, to: str, one: Officer | None, at: datetime) -> Plan:
    """His projects go to others of the same group, or to one officer in that officer's group.

    Of the projects whose deputy he is, only the deputy is replaced, where there is another.
    """
    named, tickets = work_of(officer, at)
    if to == To.LEAVE:
        return Plan(stay_projects=len(named), stay_tickets=len(tickets))
    candidates = [each for each in staff_at(at).candidates if each.officer != officer.pk]
    own, moves = _deputies(named, officer, candidates, at)
    if to == To.ONE:
        receiving = [each for each in candidates if one is not None and each.officer == one.pk]
        moves += moved(own, receiving, candidates, at)
    else:
        receiving = candidates
        for group in sorted({each.group_id for each in own}):
            rows = [each for each in own if each.group_id == group]
            moves += moved(
                rows, [each for each in candidates if each.group == group], candidates, at
            )
    return _completed(moves, len(named), _Left(tickets, receiving, to), at)


def _deputies(
    named: Sequence[Assignment], officer: Officer, candidates: Sequence[Candidate], at: datetime
) -> tuple[list[Assignment], list[Move]]:
    """The projects that need another liaison, and those that need another deputy alone.

    Where he was the deputy of a liaison who cannot come back to it, it needs a liaison.
    """
    members = set(
        Membership.objects.filter(
            during__contains=at, officer__is_active=True, officer__role__in=SERVING_ROLES
        ).values_list("officer_id", "group_id")
    )
    acting = {each.officer for each in candidates}
    own, moves = [], []
    for row in named:
        deputy = deputy_of(row.group_id, row.liaison_id, candidates)
        is_left = row.liaison_id == officer.pk or (row.liaison_id, row.group_id) not in members
        if is_left or (deputy is None and row.liaison_id not in acting):
            own.append(row)
        else:
            moves.append(Move(row, row.group_id, row.liaison_id, deputy))
    return own, moves


def plan_group(group: ServiceGroup, *, to: str, one: ServiceGroup | None, at: datetime) -> Plan:
    """Its projects go to the liaisons of the other groups, or of one other group."""
    named, tickets = work_of_group(group, at)
    if to == To.LEAVE:
        return Plan(stay_projects=len(named), stay_tickets=len(tickets))
    candidates = [each for each in staff_at(at).candidates if each.group != group.pk]
    receiving = [each for each in candidates if to != To.ONE or (one and each.group == one.pk)]
    moves = moved(named, receiving, candidates, at)
    return _completed(moves, len(named), _Left(tickets, receiving, to), at)


def moved(
    rows: Sequence[Assignment],
    receiving: Sequence[Candidate],
    candidates: Sequence[Candidate],
    at: datetime,
) -> list[Move]:
    """Each project to one of the receiving officers, by least load (ADR 24).

    ``candidates`` are all who can act, of whom a deputy is found. In the order of ``rows``; empty
    if nobody is receiving.
    """
    if receiving and not any(each.is_liaison for each in receiving):
        receiving = [replace(each, is_liaison=True) for each in receiving]  # only leads are there
    urgencies = _urgencies(rows)
    gaps = [
        Gap(
            each.project_id, each.project.code, each.project.district_id,
            tuple(sorted(urgencies.get((each.project_id, each.group_id), []))),
        )
        for each in rows
    ]  # fmt: skip
    found = {each.project: each for each in spread(gaps, receiving, serving_by_district(at))}
    return [
        _kept_deputy(each, found[each.project_id].group, found[each.project_id].liaison, candidates)
        for each in rows
        if each.project_id in found
    ]


def _urgencies(rows: Iterable[Assignment]) -> dict[tuple[int, int], list[str]]:
    """Of the open tickets that go with each project of its group."""
    found: dict[tuple[int, int], list[str]] = {}
    projects = [each.project_id for each in rows]
    tickets = Ticket.objects.filter(project__in=projects, status__in=sorted(OPEN)).order_by()
    for project, group, urgency in tickets.values_list("project", "group", "urgency"):
        found.setdefault((project, group), []).append(urgency)
    return found


def _kept_deputy(
    row: Assignment, group: int, liaison: int, candidates: Sequence[Candidate]
) -> Move:
    """With the deputy of before, if he is of that group and can act; else with another."""
    own = {each.officer for each in candidates if each.group == group} - {liaison}
    deputy = row.deputy_id if row.deputy_id in own else deputy_of(group, liaison, candidates)
    return Move(row, group, liaison, deputy)


@dataclass(frozen=True)
class _Left:
    """Tickets that do not all go with a project, and who may get them."""

    tickets: Sequence[Ticket]
    receiving: Sequence[Candidate]
    to: str


def _completed(moves: list[Move], projects: int, left: _Left, at: datetime) -> Plan:
    """With the tickets that go along, and those that go by themselves."""
    pairs = Q(pk__in=[])
    for each in (move.assignment for move in moves if move.takes_tickets):
        pairs |= Q(project=each.project_id, group=each.group_id)
    along = list(Ticket.objects.filter(pairs, status__in=sorted(OPEN)).order_by("pk"))
    there = {each.pk for each in along}
    others = [each for each in left.tickets if each.pk not in there]
    return Plan(
        moves=sorted(moves, key=lambda each: each.assignment.project_id),
        along=along,
        given=_given(_Left(others, left.receiving, left.to), at),
        stay_projects=projects - len(moves),
    )


def _given(left: _Left, at: datetime) -> list[Given]:
    """Tickets of projects that stay where they are.

    Spread, to whoever serves the project in the ticket's group; else to the least loaded of that
    group. Where nobody of it is left, to whoever serves the project, else to the least loaded of
    all; to nobody where nobody can act.
    """
    loads = Counter({each.officer: each.load for each in left.receiving})
    groups = {each.officer: each.group for each in left.receiving}
    serving = serving_each({each.project_id for each in left.tickets}, at)
    given = []
    for ticket in left.tickets:
        by_project = serving.get(ticket.project_id)
        answers = by_project.officer.pk if by_project and by_project.officer else None
        own = [each.officer for each in left.receiving if each.group == ticket.group_id]
        is_back = not own or (by_project and by_project.assignment.group_id == ticket.group_id)
        if left.to == To.SPREAD and answers in groups and is_back:
            chosen: int | None = answers
        else:
            chosen = min(own or groups, key=lambda pk: (loads[pk], pk), default=None)
        if chosen is not None:
            loads[chosen] += 1
        given.append(Given(ticket, groups.get(chosen or 0, ticket.group_id), chosen))
    return given
