"""What an officer finds on his first page: what waits for him today, and his own numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from django.core.exceptions import EmptyResultSet
from django.db.models import Count, Q

from coordination.groups.models import Assignment, ServiceGroup
from coordination.groups.queries_coverage import Coverage, coverage
from coordination.staff.models import Officer, Role
from coordination.tickets.clocks.lights import Light, due_of, light_of, lit
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.queries import tickets_for
from coordination.tickets.waiting import (
    IS_OPEN,
    Viewpoint,
    reasons,
    viewpoint_of,
    waiting_for,
    waiting_through,
)
from projects.house.rooms import rooms
from projects.house.waiting import Waiting
from projects.record.clock import now
from projects.record.masks import mask_numbers
from projects.record.reading import rows

SHOWN: Final = 20  # the most tickets of a section; the queue has all
_CENTRE: Final = frozenset({Role.DUTY_DESK, Role.DIRECTOR, Role.AUDITOR})
_SHOWN_WITH: Final = ("project__district", "enterprise", "group", "handler", "extension_asked_by")


@dataclass(frozen=True)
class Row:
    """A ticket that waits, the state of its clock, and the verb most likely next.

    ``asked`` is what was said with what he has to decide, its numbers of persons masked.
    """

    ticket: Ticket
    due: datetime | None
    light: Light | None
    verb: str
    asked: str


@dataclass(frozen=True)
class Section:
    """One reason: the most pressing of its tickets, and the number of all."""

    waiting: Waiting
    rows: Sequence[Row]
    total: int


@dataclass(frozen=True)
class Found:
    """Something other than tickets that waits for him."""

    code: str
    label: str
    number: int
    words: str
    address: str
    act: str


@dataclass(frozen=True)
class Numbers:
    """Of the open tickets that he handles, his group has, or all have: how many, by their light."""

    open: int
    red: int
    yellow: int
    green: int
    projects: int | None  # that he, or his group, serves


@dataclass(frozen=True)
class Desk:
    """One officer's first page."""

    officer: Officer
    group: ServiceGroup | None
    sections: Sequence[Section]
    matters: Sequence[Found]
    others: Sequence[tuple[Waiting, int]]  # what waits for others, where there is any
    numbers: Numbers
    coverage: Coverage | None

    @property
    def total(self) -> int:
        """How many things wait for him."""
        return sum(each.total for each in self.sections) + len(self.matters)


def desk_of(officer: Officer) -> Desk:
    """The officer's first page, by his role, in a constant number of queries."""
    at = now()
    view = viewpoint_of(officer, at)
    return Desk(
        officer=officer,
        group=view.group,
        sections=list(_sections(view)),
        matters=list(_matters(officer, at)),
        others=_others(view),
        numbers=_numbers(view),
        coverage=coverage(at) if officer.role in _CENTRE else None,
    )


_PLACES: Final = """
    SELECT reason, place, pk, number FROM (
        SELECT reason, pk, count(*) OVER (PARTITION BY reason) AS number,
            row_number() OVER (PARTITION BY reason ORDER BY clock_due NULLS LAST, pk) AS place
        FROM ({waiting}) AS waiting
    ) AS placed WHERE place <= %s
"""


def _places(view: Viewpoint) -> list[tuple[str, int, int, int]]:
    """Of each reason the most pressing: its code, the place, the ticket, and how many wait.

    By ids and deadlines alone, so that PostgreSQL sorts narrow rows however many wait. The reasons
    are named once: they are long, and Django would write them again for each of these columns.
    """
    waiting = waiting_for(view).order_by().values("pk", "reason", "clock_due")
    try:
        statement, given = waiting.query.sql_with_params()
    except EmptyResultSet:
        return []
    return rows(_PLACES.format(waiting=statement), [*given, SHOWN])


def _sections(view: Viewpoint) -> Iterable[Section]:
    """Each reason with its most pressing tickets."""
    by_code = {each.code: (number, each) for number, each in enumerate(reasons())}
    found = sorted(_places(view), key=lambda row: (by_code[row[0]][0], row[1]))
    tickets = Ticket.objects.select_related(*_SHOWN_WITH).in_bulk([pk for _, _, pk, _ in found])
    asked = _asked(list(tickets.values()))
    for code, group in groupby(found, key=lambda row: row[0]):
        waiting, places = by_code[code][1], list(group)
        shown = [tickets[pk] for _, _, pk, _ in places]
        yield Section(
            waiting,
            [
                Row(
                    each, due_of(each), light_of(each, view.at), waiting.act(each),
                    asked.get((each.pk, waiting.asked_by), ""),
                )
                for each in shown
            ],
            places[0][3],
        )  # fmt: skip


def _asked(tickets: Sequence[Ticket]) -> dict[tuple[int, str], str]:
    """The words of the last event of each verb by which a decision was asked for; one query."""
    verbs = {each.asked_by for each in reasons() if each.asked_by}
    events = TicketEvent.objects.filter(ticket__in=[each.pk for each in tickets], verb__in=verbs)
    texts = events.order_by("ticket_id", "verb", "-seq").distinct("ticket_id", "verb")
    return {
        (event.ticket_id, event.verb): mask_numbers(first_words(event))
        for event in texts.select_related("text")
    }


def first_words(event: TicketEvent) -> str:
    """What was said with an event, in one text; empty once it is erased."""
    body = event.text.body if hasattr(event, "text") else {}
    return next((str(value) for value in body.values() if isinstance(value, str)), "")


def _matters(officer: Officer, at: datetime) -> Iterable[Found]:
    matters = (each for room in rooms() for each in room.matters)
    for each in sorted(matters, key=lambda matter: matter.order):
        found = each.find(officer, at)
        if found is not None:
            number, words = found
            yield Found(each.code, str(each.label), number, words, each.address, str(each.act))


def _others(view: Viewpoint) -> list[tuple[Waiting, int]]:
    conditions = waiting_through(view)
    asked = {
        code.replace("-", "_"): Count("pk", filter=condition)
        for code, condition in conditions.items()
    }
    counts = tickets_for(view.officer).filter(IS_OPEN).order_by().aggregate(**asked)
    found = ((each, counts.get(each.code.replace("-", "_"), 0)) for each in reasons())
    return [(each, number) for each, number in found if number]


def _numbers(view: Viewpoint) -> Numbers:
    known = tickets_for(view.officer).filter(IS_OPEN)
    served = None
    if view.group is not None:
        own = Assignment.objects.filter(group=view.group, during__contains=view.at)
        if view.officer.role == Role.LIAISON:
            known = known.filter(handler=view.officer)
            own = own.filter(Q(liaison=view.officer))
        served = own.count()
    lights = {light.value: Count("pk", filter=lit(light, view.at)) for light in Light}
    counts = known.order_by().aggregate(open=Count("pk"), **lights)
    return Numbers(**counts, projects=served)
