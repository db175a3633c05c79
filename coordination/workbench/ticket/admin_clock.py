"""The clock on a ticket's page: its light, and the explanation of its deadline."""

from typing import Any

from coordination.staff.models import Officer
from coordination.tickets.clocks.account import account_of
from coordination.tickets.models import Ticket
from coordination.workbench.ticket.admin_actions import LIGHT_COLOURS
from projects.record.clock import now


def clock_panel(ticket: Ticket, _officer: Officer) -> dict[str, Any] | None:
    """The panel; every colour is accompanied by a word."""
    account = account_of(ticket, now())
    if account is None:
        return None
    colour = "success" if account.in_time else "danger"
    if account.light is not None:
        colour = LIGHT_COLOURS[account.light]
    is_provisional = ticket.due_is_provisional or ticket.answer_is_provisional
    return {"account": account, "colour": colour, "is_provisional": is_provisional}
