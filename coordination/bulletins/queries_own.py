"""What of a bulletin is an enterprise's own: its projects and tickets, as they were counted.

As recorded up to the cut-off, like the figures; of nobody but the enterprise that asks.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from coordination.bulletins.queries import (
    planned_at,
    register_at,
    reported_on_day_of,
    resumed_at,
    served_at,
)
from coordination.bulletins.week import Period
from coordination.tickets.flow import ENDED, OPEN
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.queries import tickets_for
from projects.access.models import ApiKey
from projects.register.queries import projects_of


@dataclass(frozen=True)
class OwnProject:
    """One project, as the week's figures counted it."""

    code: str
    name: str
    planned: bool
    resumed: bool
    served: bool
    reported: bool


def own_projects_in(period: Period, by: ApiKey) -> list[OwnProject]:
    """Those that the enterprise took part in on the day of the cut-off, by their codes."""
    own = projects_of(by.enterprise, on=period.day)

    def among(rows: QuerySet[Any]) -> set[int]:
        found: set[int] = set(rows.filter(project__in=own).values_list("project_id", flat=True))
        return found

    planned, resumed = among(planned_at(period.end)), among(resumed_at(period.end))
    served, reported = among(served_at(period.end)), among(reported_on_day_of(period.end))
    known = register_at(period.end).filter(project__in=own).order_by("project__code")
    return [
        OwnProject(code, name, pk in planned, pk in resumed, pk in served, pk in reported)
        for pk, code, name in known.values_list("project_id", "project__code", "name")
    ]


def _events() -> QuerySet[TicketEvent]:
    return TicketEvent.objects.filter(ticket=OuterRef("pk"))


def _stood_at(at: datetime) -> Subquery:
    events = _events().filter(recorded_at__lte=at)
    return Subquery(events.order_by("-seq").values("to_status")[:1])


def own_tickets_in(period: Period, by: ApiKey) -> QuerySet[Ticket]:
    """Those that were open when the week began, or that were filed, ended or reopened in it.

    Each with the state in which it stood before and after.
    """
    moved = _events().filter(
        Q(from_status="") | Q(from_status__in=ENDED) | Q(to_status__in=ENDED),
        recorded_at__gt=period.start, recorded_at__lte=period.end,
    )  # fmt: skip
    of_the_week = (
        tickets_for(by)
        .filter(Q(ended_at__isnull=True) | Q(ended_at__gt=period.start))
        .filter(filed_at__lte=period.end)
    )
    return (
        of_the_week.annotate(before=_stood_at(period.start), after=_stood_at(period.end))
        .filter(Q(before__in=OPEN) | Exists(moved))
        .select_related("project")
    )
