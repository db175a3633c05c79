"""A question that stays unanswered lapses: the ticket goes on without the answer."""

from collections.abc import Iterator
from typing import Final

from coordination.tickets.clocks import keep
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.step import step
from projects.flow.actors import SYSTEM, System
from projects.record.clock import now
from projects.record.refusals import NotAllowed

_AT_ONCE: Final = 500


def lapse(*, ticket: Ticket, version: int | None = None, by: System) -> Ticket:
    """补充逾期: back to the state it was asked from; the clock runs on from when the term ended.

    By the system alone, once the term for an answer is over; raises NotAllowed before. It counts
    as one warning, so the ticket shows yellow. An answer is still taken after it (``supplement``).
    """
    with step(Verb.LAPSE, ticket=ticket, version=version, by=by) as this:
        this.payload = {"asked_count": this.ticket.asked_count, **keep.resume(this.ticket, this.at)}
        this.ticket.warned_count += 1
        this.ticket.asked_from, this.ticket.question_lapsed = "", True
    return this.ticket


def lapse_questions() -> int:
    """Let every question lapse that is due; gives how many did.

    Each in a transaction of its own. Safe to run twice at once: of two, the later finds it done.
    """
    return sum(_lapsed(ticket) for ticket in _overdue())


def _overdue() -> Iterator[Ticket]:
    after = 0
    while True:
        rows = Ticket.objects.filter(answer_due__lte=now(), pk__gt=after).order_by("pk")[:_AT_ONCE]
        yield from rows
        if not rows:
            return
        after = rows[len(rows) - 1].pk


def _lapsed(ticket: Ticket) -> bool:
    try:
        lapse(ticket=ticket, by=SYSTEM)
    except NotAllowed:  # answered, or lapsed, in between
        return False
    return True
