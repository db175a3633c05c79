"""The tickets that stand on a project which is to leave the register."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from coordination.tickets.flow import OPEN
from coordination.tickets.models import Ticket


def open_tickets_on(projects: Iterable[int]) -> dict[int, list[str]]:
    """Of each project with open tickets, one reason that names their numbers."""
    rows = Ticket.objects.filter(project__in=list(projects), status__in=sorted(OPEN))
    found: defaultdict[int, list[str]] = defaultdict(list)
    for project, number in rows.order_by("number").values_list("project", "number"):
        found[project].append(number)
    return {
        project: [_("Tickets are open on it: %(numbers)s.") % {"numbers": "、".join(numbers)}]
        for project, numbers in found.items()
    }


def tickets_on(projects: Iterable[int], since: datetime | None) -> dict[int, list[str]]:
    """Of each project with tickets, of whatever state, filed from that moment on, one reason."""
    return {project: reasons for (project, _by), reasons in tickets_of(projects, since).items()}


def tickets_of(projects: Iterable[int], since: datetime | None) -> dict[tuple[int, int], list[str]]:
    """The same of each project and enterprise that filed them."""
    rows = Ticket.objects.filter(project__in=list(projects)).order_by()
    rows = rows if since is None else rows.filter(filed_at__gte=since)
    return {
        (project, enterprise): [_("Tickets were filed on it.")]
        for project, enterprise in rows.values_list("project", "enterprise").distinct()
    }
