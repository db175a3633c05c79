"""Workload by officer for a group lead, and by group for the centre."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, F, Min, Q, QuerySet

from coordination.groups.models import Assignment, ServiceGroup
from coordination.groups.queries import away, group_of, members_of, unserved
from coordination.referrals.queries import (
    DepartmentBacklog,
    overdue_by_department,
    overdue_referrals,
)
from coordination.staff.models import Officer, Role
from coordination.tickets.clocks.lights import Light, lit
from coordination.tickets.flow import OPEN, Status
from coordination.tickets.models import Ticket
from coordination.tickets.queries import (
    awaiting_countersignature,
    tickets_for,
    waiting_for_a_group,
)
from coordination.tickets.queries_history import resolved_since
from coordination.tickets.standing import LAST_PASS
from coordination.tickets.urgency import Urgency
from coordination.workbench.proposals.queries import proposals_waiting
from projects.house.amounts import rate
from projects.record.clock import now

SHOWN: Final = 10
LATELY: Final = 30  # days
COLUMNS: Final = (Status.SUBMITTED, Status.IN_PROGRESS, Status.NEED_INFO, Status.RESOLVED)
CENTRE: Final = frozenset({Role.DUTY_DESK, Role.DIRECTOR, Role.AUDITOR})


@dataclass
class Load:
    """The tickets of one officer or group; ``query`` is the queue that shows them.

    ``is_out``: the officer is not of the group, or the group is out of service, and has work all
    the same.
    """

    name: str
    query: str
    projects: int = 0
    is_away: bool = False
    by_status: dict[str, int] = field(default_factory=dict)
    pressing: int = 0
    red: int = 0
    yellow: int = 0
    oldest: datetime | None = None
    on_time: tuple[int, int] = (0, 0)  # of the recently resolved: in time, and all
    is_out: bool = False

    @property
    def cells(self) -> list[tuple[str, int]]:
        """The count of each state, with the filter that shows it."""
        return [(status.value, self.by_status.get(status.value, 0)) for status in COLUMNS]

    @property
    def on_time_rate(self) -> str | None:
        """按时率: resolved by the deadline ÷ resolved, one place; None where none was."""
        return rate(*self.on_time)

    @property
    def total(self) -> int:
        """The number of open tickets."""
        return sum(self.by_status.values())


@dataclass(frozen=True)
class Waiting:
    """What waits for the duty desk: the number, and the oldest."""

    total: int
    oldest: list[Ticket]


@dataclass(frozen=True)
class Board:
    """One officer's board; parts that his role does not see are None or empty."""

    group: ServiceGroup | None
    officers: list[Load]
    groups: list[Load]
    choices: list[ServiceGroup]  # those groups
    unserved: int | None
    proposals: int | None
    third_transfers: Waiting | None
    without_group: Waiting | None
    to_countersign: Waiting | None
    late_departments: list[DepartmentBacklog]
    late_answers: int | None  # tickets waiting for a group


def board_of(officer: Officer, chosen: ServiceGroup | None) -> Board:
    """The lead's own group; for the centre every group, and the officers of a chosen one."""
    in_centre = officer.role in CENTRE
    group = chosen if in_centre else group_of(officer, now())
    groups = _of_groups(officer) if in_centre else []
    third = Ticket.objects.filter(pass_count=LAST_PASS, status__in=sorted(OPEN))
    return Board(
        group=group,
        officers=_of_officers(officer, group) if group else [],
        groups=[load for _group, load in groups],
        choices=[each for each, _load in groups],
        unserved=unserved(now()).count() if in_centre else None,
        proposals=proposals_waiting(now()) if in_centre else None,
        third_transfers=_waiting(third) if in_centre else None,
        without_group=_waiting(waiting_for_a_group()) if in_centre else None,
        to_countersign=_waiting(awaiting_countersignature()) if in_centre else None,
        late_departments=overdue_by_department(now()) if in_centre else [],
        late_answers=_with_late_answers() if in_centre else None,
    )


def _with_late_answers() -> int:
    return overdue_referrals(now()).values("ticket").distinct().count()


def _waiting(rows: QuerySet[Ticket]) -> Waiting:
    oldest = rows.select_related("project", "group").order_by("pk")[:SHOWN]
    return Waiting(rows.count(), list(oldest))


def _of_officers(by: Officer, group: ServiceGroup) -> list[Load]:
    """Every member, and every other officer who still has a ticket or a project of the group."""
    rows = tickets_for(by).filter(group=group)
    at = now()
    served = dict(
        Assignment.objects.filter(group=group, during__contains=at)
        .values_list("liaison")
        .annotate(number=Count("pk"))
    )
    members = {member.pk: member for member in members_of(group, at)}
    counted = _counted(rows, "handler")
    working = {pk for pk in {*counted, *served} if pk and pk not in members}
    others = {other.pk: other for other in Officer.objects.filter(pk__in=working)}
    kept = _on_time(rows, "resolved_by")
    absent = set(away(at).values_list("officer_id", flat=True))
    loads = [
        Load(
            str(member),
            f"group={group.pk}&handler={pk}",
            served.get(pk, 0),
            pk in absent,
            *counted[pk],
            kept.get(pk, (0, 0)),
            is_out=pk in others,
        )
        for pk, member in sorted((members | others).items(), key=lambda each: str(each[1]))
    ]
    if None in counted:
        loads.append(Load("", f"group={group.pk}&handler=none", 0, False, *counted[None]))
    return loads


def _on_time(rows: QuerySet[Ticket], whose: str) -> dict[int | None, tuple[int, int]]:
    """Of the tickets resolved in the last thirty days: the number in time, and of all."""
    since = now() - timedelta(days=LATELY)
    lately = rows.filter(pk__in=resolved_since(since), resolved_at__gte=since)
    counts = (
        lately.filter(due_at__isnull=False)
        .order_by()
        .values_list(whose)
        .annotate(kept=Count("pk", filter=Q(resolved_at__lte=F("due_at"))), number=Count("pk"))
    )
    return {pk: (kept, number) for pk, kept, number in counts}


def _of_groups(by: Officer) -> list[tuple[ServiceGroup, Load]]:
    """The groups in service, and those out of service that still have open tickets or projects."""
    served = dict(
        Assignment.objects.filter(during__contains=now())
        .values_list("group")
        .annotate(number=Count("pk"))
    )
    counted = _counted(tickets_for(by), "group")
    kept = _on_time(tickets_for(by), "group")
    working = [pk for pk in {*counted, *served} if pk is not None]
    groups = ServiceGroup.objects.filter(Q(is_active=True) | Q(pk__in=working))
    return [
        (
            group,
            Load(
                group.name,
                f"group={group.pk}",
                served.get(group.pk, 0),
                False,
                *counted[group.pk],
                kept.get(group.pk, (0, 0)),
                is_out=not group.is_active,
            ),
        )
        for group in groups
    ]


type _Counts = tuple[dict[str, int], int, int, int, datetime | None]


def _counted(rows: QuerySet[Ticket], whose: str) -> defaultdict[int | None, _Counts]:
    """Open tickets by officer or group: by status, urgent, red, yellow, and the oldest."""
    at = now()
    found: defaultdict[int | None, _Counts] = defaultdict(lambda: ({}, 0, 0, 0, None))
    counts = (
        rows.filter(status__in=sorted(OPEN))
        .order_by()
        .values_list(whose, "status")
        .annotate(
            number=Count("pk"),
            pressing=Count("pk", filter=~Q(urgency=Urgency.NORMAL)),
            red=Count("pk", filter=lit(Light.RED, at)),
            yellow=Count("pk", filter=lit(Light.YELLOW, at)),
            oldest=Min("filed_at"),
        )
    )
    for pk, status, number, pressing, red, yellow, oldest in counts:
        by_status, pressed, reds, yellows, before = found[pk]
        found[pk] = (
            by_status | {status: number},
            pressed + pressing,
            reds + red,
            yellows + yellow,
            min(oldest, before or oldest),
        )
    return found
