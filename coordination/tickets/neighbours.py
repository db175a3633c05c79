"""What else is open around a ticket: of its project, and of its enterprise elsewhere."""

from dataclasses import dataclass
from typing import Final

from coordination.groups.models import Officer
from coordination.tickets.flow import OPEN
from coordination.tickets.models import Ticket
from coordination.tickets.queries import tickets_for

SHOWN: Final = 5


@dataclass(frozen=True)
class Neighbours:
    """The newest of them; one more than is shown tells that there are others."""

    of_project: list[Ticket]
    of_enterprise: list[Ticket]


def neighbours_of(ticket: Ticket, by: Officer) -> Neighbours:
    """Of those that he may know of."""
    others = tickets_for(by).filter(status__in=sorted(OPEN)).exclude(pk=ticket.pk).order_by("-pk")
    project = others.filter(project=ticket.project_id)
    enterprise = others.filter(enterprise=ticket.enterprise_id).exclude(project=ticket.project_id)
    return Neighbours(
        of_project=list(project.select_related("handler")[:SHOWN]),
        of_enterprise=list(enterprise.select_related("project")[:SHOWN]),
    )


def neighbours_panel(ticket: Ticket, officer: Officer) -> dict[str, Neighbours]:
    """The panel."""
    return {"neighbours": neighbours_of(ticket, officer)}
