"""Explaining why a ticket is overdue."""

from coordination.escalation.flow import EscalationVerb
from coordination.staff.models import Officer
from coordination.tickets.models import Ticket
from coordination.tickets.step import require_text, step


def explain(*, ticket: Ticket, reason: str, version: int | None = None, by: Officer) -> Ticket:
    """说明原因: why it is overdue. This puts off its being named in the bulletin (L3).

    By the handler or the lead, while it is overdue. The deadline stands; the explanation counts
    for this deadline alone.
    """
    text = require_text(reason=reason)
    with step(EscalationVerb.EXPLAIN, ticket=ticket, version=version, by=by) as this:
        this.internal = True
        this.payload = {"run": this.ticket.clock_run}
        this.text = dict(text)
    return this.ticket
