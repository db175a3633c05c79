"""The assignments chosen for a handover, and where each would go, in a few queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from coordination.groups.models import Assignment, ServiceGroup
from coordination.groups.queries import group_of
from coordination.staff.models import Officer, Role
from coordination.tickets.flow import OPEN
from coordination.tickets.models import Ticket
from coordination.workbench.departures.queries import Move, moved
from coordination.workbench.handovers.shares import Given, Share, shares_of
from coordination.workbench.proposals.queries import Staff, staff_at
from projects.record.refusals import Text

MOST: Final = 200  # projects on one page
CHANGED: Final = _("This assignment changed meanwhile; nothing was done with this project.")
NOT_OWN: Final = _("A group lead assigns only within his own group.")
_SAME: Final = _("They already answer for this project.")


@dataclass(frozen=True)
class Row:
    """An assignment that was chosen; ``refusal`` says why it cannot be handed over, if so."""

    assignment: Assignment
    refusal: Text = ""


@dataclass(frozen=True)
class Planned:
    """A project with its new officers, and the number of open tickets that go along."""

    assignment: Assignment
    group: ServiceGroup
    liaison: Officer
    deputy: Officer | None
    tickets: int

    @property
    def value(self) -> str:
        """What the confirmation sends back: group, liaison, and deputy if there is one."""
        deputy = self.deputy.pk if self.deputy is not None else ""
        return f"{self.group.pk}:{self.liaison.pk}:{deputy}"


@dataclass
class Plan:
    """What would be done, what is refused, and what each receiving officer has then."""

    planned: list[Planned] = field(default_factory=list)
    refused: list[Row] = field(default_factory=list)
    shares: list[tuple[Officer, Share]] = field(default_factory=list)

    @property
    def tickets(self) -> int:
        """The number of open tickets that change hands."""
        return sum(each.tickets for each in self.planned)


def serving_as_liaison(officer: int, at: datetime) -> list[int]:
    """The ids of the assignments in force that name him as liaison, by project code.

    At most ``MOST`` and one, by which the caller sees that there are more.
    """
    rows = Assignment.objects.filter(liaison=officer, during__contains=at, during__upper_inf=True)
    return list(rows.order_by("project__code", "pk").values_list("pk", flat=True)[: MOST + 1])


def chosen_rows(ids: Iterable[int], by: Officer, at: datetime) -> list[Row]:
    """The assignments with these ids, by project code, each with why it is refused, if it is."""
    found = Assignment.objects.filter(pk__in=list(ids)).order_by("project__code", "pk")
    own = group_of(by, at) if by.role == Role.GROUP_LEAD else None
    is_lead = by.role == Role.GROUP_LEAD
    rows = []
    for each in found.select_related("project__district", "group", "liaison", "deputy"):
        refusal: Text = ""
        if each.during.upper is not None:
            refusal = CHANGED
        elif is_lead and each.group != own:
            refusal = NOT_OWN
        rows.append(Row(each, refusal))
    return rows


def plan_to_one(rows: Sequence[Row], one: Officer, at: datetime) -> Plan:
    """All to one officer, except those for which he answers already."""
    staff = staff_at(at)
    receiving = {each.officer: each.group for each in staff.candidates if each.officer == one.pk}
    group = receiving.get(one.pk)
    marked = [
        Row(row.assignment, row.refusal or (_SAME if _is_same(row, one, group) else ""))
        for row in rows
    ]
    return _plan(marked, set(receiving), staff, at)


def _is_same(row: Row, one: Officer, group: int | None) -> bool:
    return (row.assignment.liaison_id, row.assignment.group_id) == (one.pk, group)


def plan_to_group(rows: Sequence[Row], group: ServiceGroup, at: datetime) -> Plan:
    """Spread by workload over those of the group who can act (ADR 24).

    The present liaisons of the chosen projects get none.
    """
    staff = staff_at(at)
    leaving = {row.assignment.liaison_id for row in rows if not row.refusal}
    receiving = {each.officer for each in staff.candidates if each.group == group.pk} - leaving
    return _plan(rows, receiving, staff, at)


def _plan(rows: Sequence[Row], receiving: set[int], staff: Staff, at: datetime) -> Plan:
    candidates = staff.candidates
    moves = moved(
        [row.assignment for row in rows if not row.refusal],
        [each for each in candidates if each.officer in receiving], candidates, at,
    )  # fmt: skip
    handlers = _handlers(moves)
    projects = {each.officer: each.projects for each in candidates}
    tickets = _open_tickets({each.liaison for each in moves})
    given = [
        Given(each.assignment.liaison_id, each.liaison, tuple(handlers[each.assignment.pk]))
        for each in moves
    ]
    before = {pk: (projects[pk], tickets.get(pk, 0)) for pk in projects}
    return Plan(
        planned=[_planned(each, len(handlers[each.assignment.pk]), staff) for each in moves],
        refused=[row for row in rows if row.refusal],
        shares=[(staff.officers[each.officer], each) for each in shares_of(given, before)],
    )


def _planned(move: Move, tickets: int, staff: Staff) -> Planned:
    deputy = staff.officers[move.deputy] if move.deputy is not None else None
    return Planned(
        move.assignment, staff.groups[move.group], staff.officers[move.liaison], deputy, tickets
    )


def _handlers(moves: Sequence[Move]) -> defaultdict[int, list[int | None]]:
    """The handler of each open ticket that goes along, by the id of the assignment."""
    of = {(each.assignment.project_id, each.assignment.group_id): each for each in moves}
    found: defaultdict[int, list[int | None]] = defaultdict(list)
    rows = Ticket.objects.filter(project__in=[pk for pk, _group in of], status__in=sorted(OPEN))
    for project, group, handler in rows.order_by("pk").values_list("project", "group", "handler"):
        if (project, group) in of:
            found[of[project, group].assignment.pk].append(handler)
    return found


def _open_tickets(officers: set[int]) -> dict[int, int]:
    """The number of open tickets that each handles."""
    rows = Ticket.objects.filter(handler__in=officers, status__in=sorted(OPEN)).order_by()
    return dict(rows.values_list("handler").annotate(number=Count("pk")))
