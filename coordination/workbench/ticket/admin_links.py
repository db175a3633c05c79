"""The panel of the tickets that a ticket is linked to."""

from typing import Any

from coordination.tickets.flow import FLOW, Verb
from coordination.tickets.models import Relation, Ticket
from coordination.tickets.queries_links import Linked, links_of
from coordination.tickets.reader import TicketReader


def links_panel(ticket: Ticket, reader: TicketReader) -> dict[str, Any] | None:
    """The panel; a ticket that he may not see is shown by its number, without a link."""
    found = links_of(ticket, reader.officer)
    if not found:
        return None
    may = bool(reader.capacities & FLOW[Verb.UNLINK].who)
    return {"rows": [(each, may and _is_removable(each)) for each in found]}


def _is_removable(linked: Linked) -> bool:
    """Whether it can be removed: that of a duplicate or of a ticket opened for it can not."""
    return linked.is_open_to and linked.relation == Relation.RELATED
