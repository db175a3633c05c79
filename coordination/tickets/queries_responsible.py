"""Who answers for a ticket now: its handler, or who stands in while he cannot act.

The order is: liaison, deputy, group lead, another member of the group (the one with the fewest
open tickets, then the lowest id), the duty desk.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q

from coordination.groups.models import Assignment, ServiceGroup
from coordination.groups.queries import group_of
from coordination.groups.queries_acting import (
    ActingGroup,
    ActingOfficer,
    Serving,
    acting_group_of,
    acting_in,
    serving_each,
)
from coordination.staff.models import Officer, Role
from coordination.tickets.flow import OPEN
from coordination.tickets.models import Ticket


def loads_of(officers: Iterable[int]) -> Counter[int]:
    """How many open tickets each of the officers handles."""
    rows = Ticket.objects.filter(handler__in=list(officers), status__in=sorted(OPEN)).order_by()
    return Counter(dict(rows.values_list("handler").annotate(number=Count("pk"))))


def least_loaded(able: Iterable[ActingOfficer], loads: Counter[int]) -> int | None:
    """The officer with the fewest open tickets, then the lowest id; None of nobody."""
    return min((each.officer for each in able), key=lambda pk: (loads[pk], pk), default=None)


def _first_of(acting: ActingGroup) -> int | None:
    """Who answers for what the group has of a project: None where nobody of it can."""
    if acting.first is not None or not acting.officers:
        return acting.first
    return least_loaded(acting.officers, loads_of(acting.ids))


def nobody_acts(ticket: Ticket, at: datetime) -> bool:
    """Whether nobody of the ticket's group can act, or no group has it."""
    return ticket.group_id is None or not acting_in([ticket.group_id], at)


def answers_for(ticket: Ticket, at: datetime) -> int | None:
    """The handler while he can act, else who stands in for him.

    None where the duty desk has to: nobody of the group can act, or no group has it. Of a ticket
    that nobody handles yet, the one to whom it would go now.
    """
    if ticket.group_id is None:
        return None
    acting = acting_group_of(group=ticket.group_id, project=ticket.project_id, at=at)
    return answering_of(ticket, acting)


def answering_of(ticket: Ticket, acting: ActingGroup) -> int | None:
    """The same of those who can act in its group."""
    return ticket.handler_id if ticket.handler_id in acting.ids else _first_of(acting)


def serving_now(projects: Iterable[int], at: datetime) -> dict[int, Serving]:
    """Who serves each project now, by its id, to the last member of its group.

    ``officer`` is None where the duty desk has to. One query; three where of some group neither
    liaison, deputy nor lead can act.
    """
    found = serving_each(projects, at)
    missing = {each.assignment.group_id for each in found.values() if each.officer is None}
    if not missing:
        return found
    able = acting_in(missing, at)
    loads = loads_of(each.officer for each in able)
    others = Officer.objects.in_bulk([each.officer for each in able])
    for project, each in found.items():
        if each.officer is None:
            own = [officer for officer in able if officer.group == each.assignment.group_id]
            chosen = least_loaded(own, loads)
            found[project] = replace(each, officer=others.get(chosen or 0))
    return found


def answering_instead(tickets: Sequence[Ticket], at: datetime) -> dict[int, Officer | None]:
    """Of the open tickets whose handler cannot act, by id: who answers for each instead.

    None where the duty desk does. A constant number of queries: one where every handler can act.
    """
    handled = [each for each in tickets if each.handler_id is not None and each.status in OPEN]
    able = _able_for(handled, at)
    left = [each for each in handled if not _handler_acts(each, able)]
    return _chosen_for_each(left, able, at) if left else {}


def answering_each(tickets: Sequence[Ticket], at: datetime) -> dict[int, Officer | None]:
    """Who answers for each ticket, by id, as ``answers_for`` says it; the handlers are read.

    None where the duty desk does. A constant number of queries.
    """
    able = _able_for(tickets, at)
    left = [each for each in tickets if not _handler_acts(each, able)]
    own = {each.pk: each.handler for each in tickets}
    return own | (_chosen_for_each(left, able, at) if left else {})


def _handler_acts(ticket: Ticket, able: Iterable[ActingOfficer]) -> bool:
    return (ticket.group_id, ticket.handler_id) in {(each.group, each.officer) for each in able}


def _able_for(tickets: Iterable[Ticket], at: datetime) -> list[ActingOfficer]:
    return acting_in({each.group_id for each in tickets if each.group_id is not None}, at)


def _chosen_for_each(
    tickets: Sequence[Ticket], able: Sequence[ActingOfficer], at: datetime
) -> dict[int, Officer | None]:
    serving = serving_each({each.project_id for each in tickets}, at)
    loads = loads_of(each.officer for each in able)
    chosen = {each.pk: _chosen(each, serving.get(each.project_id), able, loads) for each in tickets}
    officers = Officer.objects.in_bulk([pk for pk in chosen.values() if pk is not None])
    return {ticket: officers.get(officer or 0) for ticket, officer in chosen.items()}


def _chosen(
    ticket: Ticket, serving: Serving | None, able: Iterable[ActingOfficer], loads: Counter[int]
) -> int | None:
    own = [each for each in able if each.group == ticket.group_id]
    if serving is not None and serving.assignment.group_id == ticket.group_id and serving.officer:
        return serving.officer.pk
    leads = (each.officer for each in own if each.role == Role.GROUP_LEAD)
    return next(leads, None) or least_loaded(own, loads)


def standing_in(officer: Officer, at: datetime) -> Q:
    """The tickets of his group whose handler cannot act, and for which he stands in."""
    group = group_of(officer, at)
    able = acting_in([group.pk], at) if group is not None else []
    return standing_in_among(officer, group, able, at)


def standing_in_among(
    officer: Officer, group: ServiceGroup | None, able: Sequence[ActingOfficer], at: datetime
) -> Q:
    """The same of those who can act in his group."""
    ids = [each.officer for each in able]
    if officer.pk not in ids:
        return Q(pk__in=[])
    left = Q(group=group, handler__isnull=False) & ~Q(handler__in=ids)
    return left & _falls_to(officer, able, ids, at)


def _falls_to(
    officer: Officer, able: Sequence[ActingOfficer], ids: Sequence[int], at: datetime
) -> Q:
    """Rows with a project and a group for which he is the first of the order who can act."""
    named = Assignment.objects.filter(
        project=OuterRef("project"), group=OuterRef("group"), during__contains=at
    )
    own = Q(Exists(named.filter(liaison=officer)))
    own |= Q(Exists(named.filter(deputy=officer).exclude(liaison__in=ids)))
    if _last_of(able) == officer.pk:
        own |= ~Q(Exists(named.filter(Q(liaison__in=ids) | Q(deputy__in=ids))))
    return own


def _last_of(able: Sequence[ActingOfficer]) -> int | None:
    """Who stands in where neither liaison nor deputy can act; leads come first."""
    if able and able[0].role == Role.GROUP_LEAD:
        return able[0].officer
    return least_loaded(able, loads_of(each.officer for each in able))


def stands_in(officer: Officer, at: datetime) -> bool:
    """Whether he stands in for anybody now: of a project, or of a ticket."""
    group = group_of(officer, at)
    able = acting_in([group.pk], at) if group is not None else []
    ids = [each.officer for each in able]
    if officer.pk not in ids:
        return False
    is_last = _last_of(able) == officer.pk
    named = Q(deputy=officer)
    if is_last:
        named |= ~Q(deputy__in=ids, deputy__isnull=False)
    projects = Assignment.objects.filter(group=group, during__contains=at).exclude(liaison__in=ids)
    if projects.filter(named).exists():
        return True
    if not is_last:
        return False
    left = Ticket.objects.filter(group=group, handler__isnull=False, status__in=sorted(OPEN))
    return left.exclude(handler__in=ids).filter(_falls_to(officer, able, ids, at)).exists()
