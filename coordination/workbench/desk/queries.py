"""What waits for an officer, and the state of the service."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from coordination.groups.models import ServiceGroup
from coordination.groups.queries import group_of
from coordination.groups.queries_coverage import Coverage, coverage
from coordination.staff.models import Officer, Role
from coordination.tickets.clocks.lights import Light, due_of, light_of
from coordination.tickets.clocks.queries import count_provisional, unknown_year
from coordination.tickets.flow import OPEN, Status
from coordination.tickets.models import Ticket
from coordination.tickets.queries import (
    counts_by_status,
    group_queue,
    my_queue,
    stand_in_queue,
    tickets_for,
    waiting_for_a_group,
    waiting_for_the_desk,
)
from coordination.tickets.queries_responsible import stands_in
from coordination.workbench.proposals.queries import proposals_waiting
from projects.record.clock import now

SHOWN = 20  # the most tickets of a queue on the desk; the list has all
_CENTRE = frozenset({Role.DUTY_DESK, Role.DIRECTOR, Role.AUDITOR})
_SERVING = frozenset({Role.LIAISON, Role.GROUP_LEAD})


@dataclass(frozen=True)
class Row:
    """A ticket, and the state of its clock."""

    ticket: Ticket
    due: datetime | None
    light: Light | None


@dataclass(frozen=True)
class Queue:
    """The oldest tickets that wait; ``more`` if there are others."""

    rows: list[Row]
    more: bool

    @property
    def tickets(self) -> list[Ticket]:
        """The tickets, without their clocks."""
        return [row.ticket for row in self.rows]


@dataclass(frozen=True)
class Desk:
    """One officer's desk; a queue that his role does not see is None."""

    group: ServiceGroup | None
    mine: Queue | None
    stood_in: Queue | None
    in_group: Queue | None
    unserved: Queue | None
    unmanned: Queue | None  # of groups in which nobody can act
    open_anywhere: Queue | None
    coverage: Coverage
    proposals: int | None
    counts: list[tuple[str, str, int]]
    unknown_year: int | None  # the year whose working days the centre must enter
    provisional: int  # the tickets whose deadline is provisional until then


def _oldest(rows: QuerySet[Ticket]) -> Queue:
    found = list(rows.select_related("project", "group", "handler")[: SHOWN + 1])
    at = now()
    shown = [Row(each, due_of(each), light_of(each, at)) for each in found[:SHOWN]]
    return Queue(shown, more=len(found) > SHOWN)


def desk_of(officer: Officer) -> Desk:
    """The officer's desk, by his role, in a constant number of queries."""
    counts = counts_by_status(officer)
    serves, in_centre = officer.role in _SERVING, officer.role in _CENTRE
    at = now()
    return Desk(
        group=group_of(officer, at) if serves else None,
        mine=_oldest(my_queue(officer)) if serves else None,
        stood_in=_stood_in(officer) if serves else None,
        in_group=_oldest(group_queue(officer)) if serves else None,
        unserved=_oldest(waiting_for_a_group()) if in_centre else None,
        unmanned=_unmanned() if in_centre else None,
        open_anywhere=_open(officer) if in_centre else None,
        coverage=coverage(at),
        proposals=proposals_waiting(at) if in_centre else None,
        counts=[
            (status.value, str(status.label), counts[status]) for status in Status if status in OPEN
        ],
        unknown_year=unknown_year(at) if in_centre else None,
        provisional=count_provisional() if in_centre else 0,
    )


def _stood_in(officer: Officer) -> Queue | None:
    """The queue of officers for whom he stands in now."""
    return _oldest(stand_in_queue(officer)) if stands_in(officer, now()) else None


def _unmanned() -> Queue | None:
    """None where there is nothing, as there should be."""
    found = _oldest(waiting_for_the_desk())
    return found if found.rows else None


def _open(officer: Officer) -> Queue:
    return _oldest(tickets_for(officer).filter(status__in=OPEN).order_by("pk"))
