"""An officer who reads tickets, and one ticket: what a page asks about both, each read once.

A page is made of many parts that ask the same. They are given a reader, which lives for one page:
whatever changes something reads again for itself, under its lock.
"""

from collections.abc import Callable, Collection, Sequence
from functools import cached_property

from django.db.models import QuerySet

from coordination.groups.models import ServiceGroup
from coordination.groups.queries import group_of
from coordination.groups.queries_acting import ActingGroup, acting_group_of, acting_in
from coordination.staff.models import SCOPED, Officer
from coordination.tickets import personal
from coordination.tickets.flow import Capacity
from coordination.tickets.kinds.base import Line
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from coordination.tickets.queries import sees_all, tickets_in, tickets_in_scope
from coordination.tickets.queries_assistance import assisted_by
from coordination.tickets.queries_responsible import answering_of
from coordination.tickets.standing import standing_in_group
from coordination.tickets.waiting import IN_GROUPS, Viewpoint, viewpoint_in
from projects.record.clock import now


class Reader:
    """The officer, from now on for one page."""

    def __init__(self, officer: Officer) -> None:
        self.officer = officer
        self.at = now()

    @cached_property
    def group(self) -> ServiceGroup | None:
        """The group in which he serves."""
        return group_of(self.officer, self.at)

    @cached_property
    def helping(self) -> list[int]:
        """The open tickets with which he assists."""
        return assisted_by(self.officer)

    @cached_property
    def tickets(self) -> QuerySet[Ticket]:
        """Those that he may know of, as ``tickets_for`` gives them."""
        if sees_all(self.officer):
            return Ticket.objects.all()
        if self.officer.role in SCOPED:
            return tickets_in_scope(self.officer, self.at)
        return tickets_in(self.group, self.helping)


class TicketReader:
    """The reader of one ticket."""

    def __init__(self, ticket: Ticket, reader: Reader) -> None:
        self.ticket, self.reader = ticket, reader

    @classmethod
    def of(cls, ticket: Ticket, officer: Officer) -> "TicketReader":
        """The officer as the ticket's reader, where nothing was read of him yet."""
        return cls(ticket, Reader(officer))

    @property
    def officer(self) -> Officer:
        return self.reader.officer

    @property
    def known(self) -> QuerySet[Ticket]:
        """The tickets that he may know of."""
        return self.reader.tickets

    @cached_property
    def lines(self) -> Sequence[Line]:
        """The ticket's lines in order."""
        return KINDS[self.ticket.kind].read_lines(self.ticket.pk)

    @cached_property
    def capacities(self) -> frozenset[Capacity]:
        """Those in which he may act on the ticket, as ``standing`` gives them."""
        return standing_in_group(
            self.ticket,
            self.officer,
            group=lambda: self.reader.group,
            helps=lambda: self.ticket.pk in self.reader.helping,
        )

    @cached_property
    def acting(self) -> ActingGroup:
        """Who can act in the ticket's group; nobody where no group has it."""
        if self.ticket.group_id is None:
            return ActingGroup([])
        return acting_group_of(
            group=self.ticket.group_id, project=self.ticket.project_id, at=self.reader.at
        )

    @cached_property
    def answers(self) -> int | None:
        """Who answers for the ticket, as ``answers_for`` gives him."""
        return answering_of(self.ticket, self.acting)

    @cached_property
    def viewpoint(self) -> Viewpoint:
        """What tickets wait for him, as ``viewpoint_of`` gives it."""
        group = self.reader.group if self.officer.role in IN_GROUPS else None
        if group is None:
            able = []
        elif group.pk == self.ticket.group_id:
            able = self.acting.officers
        else:
            able = acting_in([group.pk], self.reader.at)
        return viewpoint_in(group, self.officer, self.reader.at, able)

    @cached_property
    def clear(self) -> Collection[str]:
        """The groups of the ticket's personal data that he sees unmasked."""
        return personal.revealed_to(self.ticket, self.officer)

    @property
    def words(self) -> Callable[[str], str]:
        """How its words are shown to him."""
        return personal.words_as(self.clear)
