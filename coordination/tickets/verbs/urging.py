"""催办 (urging) and 督办 (supervision). Neither moves a deadline."""

from coordination.staff.models import Officer
from coordination.tickets.chain import Actor
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.step import given_text, require_text, step


def urge(*, ticket: Ticket, note: str = "", version: int | None = None, by: Actor) -> Ticket:
    """催办 by the enterprise, the duty desk or the director; once a day for one ticket.

    Only while it is our turn: not while the enterprise itself is asked, nor once it is resolved
    (then it says redo).
    """
    text = given_text(note=note)
    with step(Verb.URGE, ticket=ticket, version=version, by=by) as this:
        this.ticket.urge_count += 1
        this.ticket.urged_at = this.at
        this.payload = {"urge_count": this.ticket.urge_count}
        this.text = dict(text)
    return this.ticket


def supervise(
    *, ticket: Ticket, instruction: str, version: int | None = None, by: Officer
) -> Ticket:
    """督办 by the duty desk or the director, with what they require of the group."""
    text = require_text(instruction=instruction)
    with step(Verb.SUPERVISE, ticket=ticket, version=version, by=by) as this:
        this.ticket.supervise_count += 1
        this.payload = {"supervise_count": this.ticket.supervise_count}
        this.text = dict(text)
        this.internal = True
    return this.ticket
