"""销号 and its undoing."""

from coordination.groups.models import Officer
from coordination.tickets.clocks import keep
from coordination.tickets.flow import Verb
from coordination.tickets.lines.settle import unsettle
from coordination.tickets.links.link import part_from_original
from coordination.tickets.models import Ticket
from coordination.tickets.step import require_text, step


def write_off(*, ticket: Ticket, follow_up: str, version: int | None = None, by: Officer) -> Ticket:
    """销号 after the follow-up (回访); by the lead or the centre, never by who resolved it."""
    text = require_text(follow_up=follow_up)
    with step(Verb.WRITE_OFF, ticket=ticket, version=version, by=by) as this:
        this.payload = {"resolved_by": this.ticket.resolved_by_id}
        this.text = dict(text)
    return this.ticket


def reopen(*, ticket: Ticket, reason: str, version: int | None = None, by: Officer) -> Ticket:
    """重启 within 30 days of its end, with a handling term of its own; by the group lead."""
    text = require_text(reason=reason)
    with step(Verb.REOPEN, ticket=ticket, version=version, by=by) as this:
        this.ticket.satisfaction = None
        this.payload = keep.start_anew(this.ticket, this.at)
        this.text = dict(text)
        unsettle(this)
        part_from_original(this, by)
    return this.ticket
