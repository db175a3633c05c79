"""The desk's panel on a project's page: its assignment and open tickets."""

from typing import Any, Final

from coordination.groups.queries import answering, assignment_of
from coordination.staff.models import Officer
from coordination.tickets.flow import OPEN
from coordination.tickets.queries import tickets_for
from projects.record.clock import now
from projects.register.models import Project

SHOWN: Final = 10


def service(project: Project, officer: Officer) -> dict[str, Any]:
    """The current assignment, and the newest open tickets that the officer may see."""
    at = now()
    assignment = assignment_of(project, at)
    tickets = tickets_for(officer).filter(project=project, status__in=sorted(OPEN))
    return {
        "assignment": assignment,
        "answering": answering(assignment, at) if assignment else None,
        "tickets": list(tickets.select_related("handler").order_by("-pk")[:SHOWN]),
        "may_assign": officer.has_perm("groups.add_assignment"),
    }
