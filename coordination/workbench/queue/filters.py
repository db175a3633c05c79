"""The tickets that a queue shows: by a table of filters, an order and a search text.

A filter is a value of the house's ``Filter``: its name in the address, its label, its choices and
the condition of a choice. Another room adds its own in its ``room.py``. Saved views, links from
the boards and exports all use these names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.groups.models import ServiceGroup
from coordination.groups.queries import group_of
from coordination.groups.queries_acting import unmanned_groups
from coordination.staff.models import SCOPED, Officer, Role
from coordination.tickets.clocks.lights import Light, lit
from coordination.tickets.flow import OPEN, Status
from coordination.tickets.kinds.registry import kind_choices
from coordination.tickets.models import Ticket
from coordination.tickets.queries import AWAITING_SIGNATURE, tickets_for
from coordination.tickets.queries_responsible import standing_in
from coordination.tickets.search.find import found_by
from coordination.tickets.standing import LAST_PASS
from coordination.tickets.urgency import Urgency
from coordination.tickets.waiting import NOTHING, reasons, viewpoint_of, waits
from projects.house.rooms import Filter, rooms
from projects.record.clock import now
from projects.record.text import one_line

type Choices = list[tuple[str, str | Promise]]
_IN_GROUPS: Final = (Role.LIAISON, Role.GROUP_LEAD)
_LONGEST: Final = 60
STANDING_IN: Final = "standing-in"  # of officers who cannot act, for whom he stands in
MINE: Final = "me"
UNMANNED: Final = "unmanned"  # groups for which the duty desk acts
LOW_SATISFACTION: Final = 2  # for the lead to check
PRESSING: Final = "pressing"  # of every urgency but the normal one


def _statuses(_officer: Officer) -> Choices:
    return [("open", _("Open")), *[(status.value, status.label) for status in Status]]


def _status(value: str, _officer: Officer) -> Q:
    return Q(status__in=sorted(OPEN)) if value == "open" else Q(status=value)


def _groups(officer: Officer) -> Choices:
    """The groups, for officers who see more than one; a group's own officers have theirs."""
    if officer.role in _IN_GROUPS:
        own = group_of(officer, now())
        return [(str(own.pk), own.name)] if own is not None else []
    groups = ServiceGroup.objects.all()  # one out of service may still have tickets
    first: Choices = [("none", _("No group")), (UNMANNED, _("Nobody in the group can act"))]
    return [*first, *[(str(group.pk), group.name) for group in groups]]


def _group(value: str, _officer: Officer) -> Q:
    if value == UNMANNED:
        return Q(group__in=unmanned_groups(now()))
    return Q(group=None) if value == "none" else Q(group=int(value))


def _handlers(officer: Officer) -> Choices:
    """Also officers who left or are inactive: they may still have tickets, and views name them.

    And whoever else handles an open ticket, as the duty desk does where nobody else can.
    """
    if officer.role in SCOPED:
        return [("none", _("No handler")), *_handling(officer)]
    group = group_of(officer, now()) if officer.role in _IN_GROUPS else None
    working = Ticket.objects.filter(status__in=sorted(OPEN), handler=OuterRef("pk"))
    if group:
        belong, working = Q(memberships__group=group), working.filter(group=group)
    else:
        belong = Q(role__in=_IN_GROUPS)
    # Two questions in one: joined by "or", the database would read every open ticket.
    elsewhere = Officer.objects.exclude(belong).filter(Exists(working))
    others = Officer.objects.filter(belong).union(elsewhere)
    own: Choices = [("me", _("Mine")), (STANDING_IN, _("Standing in"))]
    first = own if officer.role in _IN_GROUPS else []
    named = [(str(other.pk), str(other)) for other in others.order_by("username")]
    return [*first, ("none", _("No handler")), *named]


def _handling(officer: Officer) -> Choices:
    """Who handles tickets that he sees."""
    found = Officer.objects.filter(pk__in=tickets_for(officer).order_by().values("handler"))
    return [(str(each.pk), str(each)) for each in found.order_by("username")]


def _handler(value: str, officer: Officer) -> Q:
    if value == "me":
        return Q(handler=officer)
    if value == STANDING_IN:
        return standing_in(officer, now())
    return Q(handler=None) if value == "none" else Q(handler=int(value))


def _passed(_officer: Officer) -> Choices:
    return [("1", _("Passed on")), ("3", _("Third transfer: the duty desk rules"))]


def _passed_so(value: str, _officer: Officer) -> Q:
    return Q(pass_count__gt=0) if value == "1" else Q(pass_count=LAST_PASS, status__in=sorted(OPEN))


def _waits(officer: Officer) -> Choices:
    """Empty for a role for which nothing waits."""
    view = viewpoint_of(officer, now())
    found: Choices = [
        (each.code, each.label) for each in reasons() if each.condition(view) != NOTHING
    ]
    return [(MINE, _("All that waits for me")), *found] if found else []


def _waiting(value: str, officer: Officer) -> Q:
    return waits("" if value == MINE else value, viewpoint_of(officer, now()))


def _lit(value: str, _officer: Officer) -> Q:
    return lit(value, now())


# The orders of a queue; by deadline, only tickets with one are shown.
NEWEST, OLDEST, DUE = "", "oldest", "due"
ORDERS: Final[dict[str, Promise]] = {
    NEWEST: _("Newest first"), OLDEST: _("Oldest first"), DUE: _("Soonest due first"),
}  # fmt: skip
_OWN: Final[tuple[Filter, ...]] = (
    Filter("status", _("status"), _statuses, _status),
    Filter("waiting", _("what waits"), _waits, _waiting),
    Filter(
        "light", _("light"), lambda _officer: [(each.value, each.label) for each in Light], _lit
    ),
    Filter("kind", _("kind"), lambda _officer: [*kind_choices()], lambda kind, _of: Q(kind=kind)),
    Filter(
        "urgency", _("urgency"),
        lambda _officer: [
            (PRESSING, _("Urgent or critical")),
            *[(each.value, each.label) for each in Urgency],
        ],
        lambda urgency, _of: (
            ~Q(urgency=Urgency.NORMAL) if urgency == PRESSING else Q(urgency=urgency)
        ),
    ),
    Filter("group", _("service group"), _groups, _group),
    Filter("handler", _("handler"), _handlers, _handler),
    Filter("passed", _("transfers"), _passed, _passed_so),
    Filter(
        "satisfaction", _("satisfaction"), lambda _officer: [("low", _("Low (1–2)"))],
        lambda _low, _of: Q(satisfaction__lte=LOW_SATISFACTION), order=200,
    ),
    Filter(
        "signature", _("signature"), lambda _officer: [("awaited", _("Awaiting countersignature"))],
        lambda _awaited, _of: AWAITING_SIGNATURE, order=200,
    ),
)  # fmt: skip


def filters() -> list[Filter]:
    """The queue's own filters, and those that other rooms add, in order."""
    added = (each for room in rooms() for each in room.queue_filters)
    return sorted((*_OWN, *added), key=lambda each: each.order)


@dataclass(frozen=True)
class Chosen:
    """One filter as offered to one officer."""

    name: str
    label: Promise
    choices: Sequence[tuple[str, str | Promise]]
    value: str
    is_quiet: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether the page offers it; a quiet one only while it is set."""
        return bool(self.choices) and (bool(self.value) or not self.is_quiet)


@dataclass(frozen=True)
class Queue:
    """The parsed request of an officer; filters and choices not offered to him are left out."""

    officer: Officer
    filters: list[Chosen]
    search: str
    order: str

    @property
    def query(self) -> str:
        """The query string of this request; empty for everything, newest first."""
        given = [(each.name, each.value) for each in self.filters if each.value]
        given += [("q", self.search)] if self.search else []
        given += [("order", self.order)] if self.order else []
        return urlencode(given)

    @property
    def narrowed(self) -> int:
        """The number of filters that are set."""
        return sum(1 for each in self.filters if each.value)

    def rows(self) -> QuerySet[Ticket] | None:
        """The tickets, unordered. None if the search text has neither letters nor digits."""
        found = tickets_for(self.officer)
        conditions = {each.name: each.condition for each in filters()}
        for chosen in self.filters:
            if chosen.value:
                found = found.filter(conditions[chosen.name](chosen.value, self.officer))
        if not self.search:
            return found
        condition = found_by(self.search)
        return found.filter(condition) if condition is not None else None


def parse_queue(given: Mapping[str, str], officer: Officer) -> Queue:
    """Parse an address. Choices that are not offered to the officer are left out."""
    return Queue(
        officer=officer,
        filters=[_chosen(each, given.get(each.name, ""), officer) for each in filters()],
        search=one_line(given.get("q", ""))[:_LONGEST],
        order=given["order"] if given.get("order") in ORDERS else NEWEST,
    )


def _chosen(each: Filter, value: str, officer: Officer) -> Chosen:
    if each.is_quiet and not value:
        return Chosen(each.name, each.label, (), "", is_quiet=True)
    choices = each.choices(officer)
    offered = value if value in {choice for choice, _label in choices} else ""
    return Chosen(each.name, each.label, choices, offered, each.is_quiet)
