"""The side column of a ticket's page: its parties, handler and status."""

from typing import Any

from django.utils.translation import gettext as _

from coordination.tickets.flow import OPEN, Capacity
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.queries_authors import enterprise_of
from coordination.tickets.queries_responsible import answering_instead
from projects.record.clock import now
from projects.register.names import Called, Names, called


def facts(ticket: Ticket, _reader: object) -> dict[str, Any]:
    """The panel of group, handler, dates and signature."""
    instead = answering_instead([ticket], now())
    return {
        "signed": ticket.signed_off_by if ticket.signed_off_by_id else None,
        "instead": (instead[ticket.pk] or Capacity.DUTY_DESK.label) if instead else None,
        "unsigned": OPEN,
    }


def author_of(event: TicketEvent, names: Names | None = None) -> str:
    """Who did it; an enterprise by its name of that time."""
    if event.officer is not None:
        return str(event.officer)
    return str(enterprise_of(event, names) or _("The system"))


def parties(ticket: Ticket, _reader: object) -> dict[str, Any]:
    """The panel of enterprise and project.

    The enterprise is called as it was when it filed, and as it is now where that is different.
    """
    then = called(ticket.enterprise, ticket.filed_at)
    today = Called(ticket.enterprise.name, ticket.enterprise.uscc)
    return {"enterprise": then, "now": today if today != then else None}
