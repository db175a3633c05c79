"""The first page of whoever sees his own projects alone: a district reporter, or a leader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Case, Count, Max, Q, QuerySet, When
from django.utils import timezone

from coordination.groups.queries_scopes import districts_of
from coordination.staff.models import SCOPED, Officer, Role
from coordination.tickets.clocks.lights import Light, due_of, lit
from coordination.tickets.models import Ticket
from coordination.tickets.queries import tickets_for
from coordination.tickets.waiting import IS_OPEN
from coordination.workbench.desk.unreported import last_due_day, unreported_of
from projects.progress.models import DailyReport
from projects.register.models import District, Phase, Project
from projects.register.queries_scopes import projects_seen_by
from projects.worktime.sentence import say_lateness

SHOWN: Final = 50  # the most projects of a list; the list of projects has all
_TICKETS: Final = 10


@dataclass(frozen=True)
class Counts:
    """How many of his projects there are, are planned to be at work by today, and are.

    ``unreported`` are without the last report that is due.
    """

    projects: int
    planned: int
    at_work: int
    unreported: int

    @property
    def waiting(self) -> int:
        """Planned, and not at work."""
        return self.planned - self.at_work


@dataclass(frozen=True)
class Line:
    """A project of the list: its last report, its tickets, and whether it is late with its work."""

    project: Project
    is_late: bool
    reported: date | None
    open: int
    red: int


@dataclass(frozen=True)
class Scoped:
    """What he finds; of a reporter the list has what is not reported for ``today``.

    ``day`` is the last one whose report is due.
    """

    is_leader: bool
    districts: Sequence[District]
    counts: Counts
    lines: Sequence[Line]
    total: int  # of the projects of the list
    today: date
    day: date
    overdue: Sequence[tuple[Ticket, str]]
    overdue_total: int


def scoped_of(officer: Officer, at: datetime) -> Scoped | None:
    """His first page; None for the other roles. A constant number of queries."""
    if officer.role not in SCOPED:
        return None
    is_leader, today = officer.role == Role.LEADER, timezone.localdate(at)
    seen = projects_seen_by(officer, at).filter(left_at=None)
    listed = _late_first(seen, today) if is_leader else _unreported_on(seen, today)
    late = tickets_for(officer).filter(IS_OPEN, lit(Light.RED, at))
    pressing = late.select_related("project", "handler").order_by("clock_due", "pk")[:_TICKETS]
    return Scoped(
        is_leader=is_leader,
        districts=districts_of(officer, at),
        counts=_counts(seen, unreported_of(officer, at).count(), today),
        lines=_lines(list(listed.select_related("district")[:SHOWN]), officer, at),
        total=listed.count(),
        today=today,
        day=last_due_day(at),
        overdue=[(each, _lateness(each, at)) for each in pressing],
        overdue_total=late.count(),
    )


def _planned(today: date) -> Q:
    """Planned to be at work by today, as ``planned_at`` counts it."""
    return Q(planned_resumption__lte=today) & ~Q(phase=Phase.PRELIMINARY)


def _late_first(rows: QuerySet[Project], today: date) -> QuerySet[Project]:
    """First what is planned and not at work, last what is planned for later."""
    place = Case(
        When(_planned(today) & Q(resumed_on=None), then=0), When(resumed_on=None, then=2), default=1
    )
    return rows.order_by(place, "code")


def _unreported_on(rows: QuerySet[Project], day: date) -> QuerySet[Project]:
    reported = DailyReport.objects.filter(day=day).values("project")
    return rows.filter(_planned(day)).exclude(pk__in=reported).order_by("code")


def _counts(seen: QuerySet[Project], unreported: int, today: date) -> Counts:
    planned = seen.filter(_planned(today))
    found = planned.order_by().aggregate(planned=Count("pk"), at_work=Count("resumed_on"))
    return Counts(projects=seen.count(), unreported=unreported, **found)


def _lines(projects: Sequence[Project], officer: Officer, at: datetime) -> list[Line]:
    pks = [each.pk for each in projects]
    reports = DailyReport.objects.filter(project__in=pks).order_by().values_list("project")
    reported = dict(reports.annotate(day=Max("day")))
    tickets = tickets_for(officer).filter(IS_OPEN, project__in=pks).order_by()
    numbers: Any = tickets.values_list("project").annotate(
        open=Count("pk"), red=Count("pk", filter=lit(Light.RED, at))
    )
    found = {pk: (total, red) for pk, total, red in numbers}
    return [
        Line(
            each, _is_late(each, timezone.localdate(at)), reported.get(each.pk),
            *found.get(each.pk, (0, 0)),
        )
        for each in projects
    ]  # fmt: skip


def _is_late(project: Project, today: date) -> bool:
    on, is_preliminary = project.planned_resumption, project.phase == Phase.PRELIMINARY
    return project.resumed_on is None and on is not None and on <= today and not is_preliminary


def _lateness(ticket: Ticket, at: datetime) -> str:
    due = due_of(ticket)
    return say_lateness(due, at) if due is not None else ""
