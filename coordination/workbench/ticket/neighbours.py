"""Other open tickets of a ticket's project, and of its enterprise in other projects."""

from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from coordination.tickets.flow import OPEN
from coordination.tickets.models import Ticket
from coordination.tickets.reader import TicketReader

SHOWN: Final = 5
LOOKED_THROUGH: Final = 50  # tickets of each status read, for the enterprise's other projects


@dataclass(frozen=True)
class Neighbours:
    """The newest of these; one more than is shown, to know whether there are others."""

    of_project: list[Ticket]
    of_enterprise: list[Ticket]


def neighbours_of(ticket: Ticket, known: QuerySet[Ticket]) -> Neighbours:
    """Those of them that are ``known`` to the reader."""
    others = known.exclude(pk=ticket.pk)
    project = _newest(others.filter(project=ticket.project_id), SHOWN, "-pk")
    near = others.filter(enterprise=ticket.enterprise_id)
    enterprise = _newest(near, LOOKED_THROUGH, "-filed_at", "-pk")
    elsewhere = enterprise.exclude(project=ticket.project_id)
    return Neighbours(
        of_project=list(project.select_related("handler")[:SHOWN]),
        of_enterprise=list(elsewhere.select_related("project")[:SHOWN]),
    )


def _newest(rows: QuerySet[Ticket], number: int, *order: str) -> QuerySet[Ticket]:
    """The newest open ones: a limited number of each status, in the order of the index.

    Sorting all open tickets would be slow in a project with many.
    """
    first, *rest = [
        rows.filter(status=status).order_by(*order).values_list("pk")[:number]
        for status in sorted(OPEN)
    ]
    ids = [pk for (pk,) in first.union(*rest, all=True)]
    return Ticket.objects.filter(pk__in=ids).order_by("-pk")


def neighbours_panel(ticket: Ticket, reader: TicketReader) -> dict[str, Neighbours]:
    """The panel."""
    return {"neighbours": neighbours_of(ticket, reader.known)}
