"""Which projects somebody of the staff may know of.

Nobody is limited unless a function in :data:`LIMITERS` does it; the room groups adds the districts
of a reporter and the projects of a leader. Every list, page, suggestion and verb of the staff that
reads projects, or what belongs to one, asks here.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.db.models import Model, Q, QuerySet

from projects.register.models import Enterprise, Project, ProjectParticipant

# Each gives the condition that limits somebody at that moment; None where it does not limit him.
LIMITERS: Final[list[Callable[[Any, datetime], Q | None]]] = []


def limit_of(reader: Any, at: datetime) -> QuerySet[Project] | None:
    """The only projects of which he may know at that moment; None where he is not limited."""
    found = [limit for each in LIMITERS if (limit := each(reader, at)) is not None]
    return Project.objects.filter(*found) if found else None


def projects_seen_by(reader: Any, at: datetime) -> QuerySet[Project]:
    """Every project of which he may know at that moment."""
    limit = limit_of(reader, at)
    return Project.objects.all() if limit is None else limit


def seen_among[Row: Model](
    rows: QuerySet[Row], reader: Any, at: datetime, *, by: str = "project"
) -> QuerySet[Row]:
    """Of these rows those whose project he may know of; ``by`` names it, ``pk`` of projects."""
    limit = limit_of(reader, at)
    return rows if limit is None else rows.filter(**{f"{by}__in": limit.order_by().values("pk")})


def enterprises_seen_by(reader: Any, at: datetime) -> QuerySet[Enterprise] | None:
    """The enterprises that take or took part in a project that he may know of; None where any."""
    limit = limit_of(reader, at)
    if limit is None:
        return None
    part = ProjectParticipant.objects.filter(project__in=limit.order_by().values("pk"))
    return Enterprise.objects.filter(pk__in=part.values("enterprise"))
