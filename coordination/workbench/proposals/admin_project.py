"""The desk's panel on a project's page: its assignment and open tickets."""

from typing import Any

from coordination.groups.queries import assignment_of
from coordination.groups.queries_coverage import broken_reason
from coordination.staff.models import Officer
from coordination.tickets.queries import tickets_for
from coordination.tickets.queries_responsible import serving_now
from coordination.workbench.admin_things import open_tickets
from projects.record.clock import now
from projects.register.models import Project


def service(project: Project, officer: Officer) -> dict[str, Any]:
    """The current assignment, and the newest open tickets that the officer may see."""
    at = now()
    assignment = assignment_of(project, at)
    serving = serving_now([project.pk], at).get(project.pk)
    tickets = tickets_for(officer).filter(project=project)
    sees_tickets = officer.has_perm("tickets.view_ticket")
    return {
        "assignment": assignment,
        "answering": serving.officer if serving else None,
        "broken": broken_reason(project.pk, at) if assignment else "",
        "may_assign": officer.has_perm("groups.add_assignment"),
        "may_look": officer.has_perm("groups.view_assignment"),
        "of_project": True,
        **(open_tickets(tickets, f"status=open&q={project.code}") if sees_tickets else {}),
    }
