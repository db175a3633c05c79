"""The clock at the head of a ticket's page: how late it is, by when it was due, and why then."""

from dataclasses import dataclass

from coordination.tickets.clocks.account import Account, account_of
from coordination.tickets.models import Ticket
from projects.record.clock import now


@dataclass(frozen=True)
class Clock:
    """The clock's account; provisional where a year's days off are not entered."""

    account: Account
    is_provisional: bool


def clock_of(ticket: Ticket) -> Clock | None:
    """The ticket's clock; None where there is none to tell of."""
    account = account_of(ticket, now())
    if account is None:
        return None
    return Clock(account, ticket.due_is_provisional or ticket.answer_is_provisional)
