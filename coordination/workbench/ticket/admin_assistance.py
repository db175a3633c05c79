"""The panel of assisting officers, with the button that removes one."""

from typing import Any

from coordination.tickets.flow import FLOW, Capacity, Verb
from coordination.tickets.models import Ticket
from coordination.tickets.queries_assistance import assistances
from coordination.tickets.reader import TicketReader


def assistance_panel(ticket: Ticket, reader: TicketReader) -> dict[str, Any] | None:
    """The assisting officers, and since when; no panel if there are none."""
    rows = list(assistances(ticket))
    if not rows:
        return None
    officer, capacities = reader.officer, reader.capacities
    may_now = ticket.status in FLOW[Verb.RELEASE].sources
    any_of_them = bool(capacities & {Capacity.HANDLER, Capacity.GROUP_LEAD})
    return {
        "rows": [(row, may_now and (any_of_them or row.officer_id == officer.pk)) for row in rows]
    }
