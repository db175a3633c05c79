"""Which tickets somebody may know of, and what happened to one."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db.models import Count, Q, QuerySet

from coordination.groups.models import ServiceGroup
from coordination.groups.queries import group_of
from coordination.groups.queries_acting import unmanned_groups
from coordination.staff.models import SCOPED, Officer, Role
from coordination.tickets.flow import OPEN, Status
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.queries_assistance import assisted_by
from coordination.tickets.queries_responsible import standing_in
from coordination.tickets.standing import allowed_verbs
from projects.access.models import ApiKey
from projects.flow.actors import System
from projects.record.clock import now
from projects.register.queries_scopes import seen_among

__all__ = [
    "AWAITING_SIGNATURE", "allowed_verbs", "awaiting_countersignature", "counts_by_status",
    "group_queue", "my_queue", "stand_in_queue", "tickets_for", "timeline", "waiting_for_a_group",
    "waiting_for_the_desk",
]  # fmt: skip

_SEES_ALL = frozenset({Role.DUTY_DESK, Role.DIRECTOR, Role.AUDITOR})
# Whose turn it is: what the desk can do something about.
_WAITING_ON_US = (Status.SUBMITTED, Status.IN_PROGRESS)
# Signed for once, so that the centre has to; served by a partial index.
AWAITING_SIGNATURE: Final = Q(status=Status.RESOLVED, signed_off_by__isnull=False)


def tickets_for(by: Officer | ApiKey | System) -> QuerySet[Ticket]:
    """Every ticket that somebody may know of; each list, search and page starts here.

    An enterprise knows those it filed; a liaison and a group lead those of their group, and
    those open ones that they assist with; a leader in charge those of his projects; the duty desk,
    the director and the auditor all.
    """
    if isinstance(by, System):
        return Ticket.objects.all()
    if isinstance(by, ApiKey):
        return Ticket.objects.filter(enterprise_id=by.enterprise_id)
    if sees_all(by):
        return Ticket.objects.all()
    if by.role in SCOPED:
        return tickets_in_scope(by, now())
    return tickets_in(group_of(by, now()), assisted_by(by))


def sees_all(officer: Officer) -> bool:
    """Whether he knows of every ticket."""
    return officer.role in _SEES_ALL or officer.is_superuser


def tickets_in_scope(officer: Officer, at: datetime) -> QuerySet[Ticket]:
    """Those of the projects that a leader answers for; a district reporter sees none."""
    if officer.role != Role.LEADER:
        return Ticket.objects.none()
    return seen_among(Ticket.objects.all(), officer, at)


def tickets_in(group: ServiceGroup | None, helping: Collection[int]) -> QuerySet[Ticket]:
    """Those of his group, and those with which he assists."""
    if not helping:
        return Ticket.objects.filter(group=group) if group else Ticket.objects.none()
    own = Q(group=group) if group else Q()
    return Ticket.objects.filter(own | Q(pk__in=helping))


def my_queue(officer: Officer) -> QuerySet[Ticket]:
    """What waits for this officer, oldest first."""
    return tickets_for(officer).filter(handler=officer, status__in=_WAITING_ON_US).order_by("pk")


def stand_in_queue(officer: Officer) -> QuerySet[Ticket]:
    """What waits for whom this officer stands in (代管), oldest first."""
    rows = tickets_for(officer).filter(standing_in(officer, now()), status__in=_WAITING_ON_US)
    return rows.order_by("pk")


def group_queue(officer: Officer) -> QuerySet[Ticket]:
    """What waits in the officer's group, whoever handles it, oldest first."""
    group = group_of(officer, now())
    rows = Ticket.objects.filter(group=group, status__in=OPEN) if group else Ticket.objects.none()
    return rows.order_by("pk")


def waiting_for_a_group() -> QuerySet[Ticket]:
    """Filed for projects that nobody serves; the duty desk finds who takes them."""
    return Ticket.objects.filter(group=None, status__in=OPEN).order_by("pk")


def waiting_for_the_desk() -> QuerySet[Ticket]:
    """Of groups in which nobody can act; the duty desk acts for them."""
    rows = Ticket.objects.filter(group__in=unmanned_groups(now()), status__in=OPEN)
    return rows.order_by("pk")


def awaiting_countersignature() -> QuerySet[Ticket]:
    """Once overdue, resolved and signed for: the centre's signature closes them."""
    return Ticket.objects.filter(AWAITING_SIGNATURE).order_by("pk")


def counts_by_status(by: Officer) -> Counter[str]:
    """How many open tickets are in each state, of those that he may know of."""
    rows = tickets_for(by).filter(status__in=OPEN).order_by().values_list("status")
    return Counter(dict(rows.annotate(number=Count("pk"))))


def timeline(ticket: Ticket, by: Officer | ApiKey) -> QuerySet[TicketEvent]:
    """What happened, in order; internal comments are left out for the enterprise."""
    events = ticket.events.all()
    if isinstance(by, ApiKey):
        events = events.filter(is_internal=False)
    return events.select_related("text", "officer", "api_key__enterprise").order_by("seq")
