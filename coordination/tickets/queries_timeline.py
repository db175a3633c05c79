"""When tickets were filed on a project and when they ended, for its timeline."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.tickets.models import Ticket
from coordination.tickets.queries import tickets_for
from projects.house.timeline import Entry
from projects.register.models import Project


def filed(project: Project, reader: Any, until: datetime | None, most: int) -> Iterator[Entry]:
    """Each ticket that the officer may know of, from when it was filed."""
    yield from _entries("filed_at", project, reader, until, most)


def ended(project: Project, reader: Any, until: datetime | None, most: int) -> Iterator[Entry]:
    """Each that has ended, when it did, and how."""
    yield from _entries("ended_at", project, reader, until, most)


def _entries(
    column: str, project: Project, reader: Any, until: datetime | None, most: int
) -> Iterator[Entry]:
    if not reader.has_perm("tickets.view_ticket"):
        return
    rows = tickets_for(reader).filter(project=project, **{f"{column}__isnull": False})
    if until is not None:
        rows = rows.filter(**{f"{column}__lte": until})
    for ticket in rows.select_related("enterprise").order_by(f"-{column}", "-pk")[:most]:
        at = getattr(ticket, column)
        link = reverse("admin:tickets_ticket_change", args=[ticket.pk])
        if column == "filed_at":
            what = _("Ticket %(number)s filed") % {"number": ticket.number}
            yield Entry(at, what, ticket.title, by=str(ticket.enterprise), link=link)
        else:
            what = _("Ticket %(number)s ended") % {"number": ticket.number}
            yield Entry(at, what, _status(ticket), link=link)


def _status(ticket: Ticket) -> str:
    return f"{ticket.get_status_display()} · {ticket.title}"
