"""The tickets that a ticket is linked to, beside it on its page."""

from typing import Any

from coordination.groups.models import Officer
from coordination.tickets.links.queries import links_of
from coordination.tickets.models import Ticket


def links_panel(ticket: Ticket, officer: Officer) -> dict[str, Any] | None:
    """The panel; a ticket that he may not see has a number and no link."""
    found = links_of(ticket, officer)
    return {"links": found} if found else None
