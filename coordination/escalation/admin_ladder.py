"""The ladder on a ticket's page: which steps were given for which deadline, and when."""

from typing import Any

from coordination.escalation.queries import steps_of
from coordination.staff.models import Officer
from coordination.tickets.models import Ticket


def ladder_panel(ticket: Ticket, _officer: Officer) -> dict[str, Any] | None:
    """The panel; none where the ticket was never near its deadline."""
    steps = list(steps_of(ticket))
    return {"steps": steps} if steps else None
