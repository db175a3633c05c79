"""An enterprise's own projects and tickets in a bulletin, as they were counted.

As recorded up to the cut-off, like the figures; only those of the requesting enterprise.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from coordination.tickets.flow import OPEN
from coordination.tickets.models import Ticket
from coordination.tickets.queries import tickets_for
from coordination.tickets.queries_history import CAME_OR_ENDED, changed_in, status_at
from projects.access.models import ApiKey
from projects.house.blocks import Mark, Period
from projects.register.queries import projects_of, register_at


def own_projects_in(period: Period, marks: Iterable[Mark], by: ApiKey) -> list[dict[str, Any]]:
    """The projects in which the enterprise took part on the cut-off day, ordered by code.

    Each with its name at the cut-off, and whether it is among the projects of each mark.
    """
    own = projects_of(by.enterprise, on=period.day)
    marked = {
        mark.name: set(
            mark.rows(period.end).filter(project__in=own).values_list("project_id", flat=True)
        )
        for mark in marks
    }
    known = register_at(period.end).filter(project__in=own).order_by("project__code")
    return [
        {"code": code, "name": name, **{each: pk in found for each, found in marked.items()}}
        for pk, code, name in known.values_list("project_id", "project__code", "name")
    ]


def own_tickets_in(period: Period, by: ApiKey) -> QuerySet[Ticket]:
    """Tickets open at the begin of the week, or filed, ended or reopened in it.

    Each with its status at the begin and at the end.
    """
    moved = changed_in(period.start, period.end).filter(CAME_OR_ENDED, ticket=OuterRef("pk"))
    of_the_week = (
        tickets_for(by)
        .filter(Q(ended_at__isnull=True) | Q(ended_at__gt=period.start))
        .filter(filed_at__lte=period.end)
    )
    return (
        of_the_week.annotate(before=status_at(period.start), after=status_at(period.end))
        .filter(Q(before__in=OPEN) | Exists(moved))
        .select_related("project")
    )
