"""The panel of escalation steps: for which deadline each was given, and when."""

from typing import Any

from coordination.escalation.queries import steps_of
from coordination.staff.models import Officer
from coordination.tickets.models import Ticket


def ladder_panel(ticket: Ticket, _officer: Officer) -> dict[str, Any] | None:
    """The panel; None where no step was given."""
    steps = list(steps_of(ticket))
    return {"steps": steps} if steps else None
