"""Comments: public ones that the enterprise reads, internal ones that it does not."""

from coordination.tickets.chain import Person
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.step import require_text, step
from projects.access.models import ApiKey


def comment(
    *, ticket: Ticket, text: str, internal: bool = False, version: int | None = None, by: Person
) -> Ticket:
    """Say something on the ticket, in any state. An enterprise's comment is always public."""
    add_comment(ticket=ticket, text=text, internal=internal, version=version, by=by)
    ticket.refresh_from_db()
    return ticket


def add_comment(
    *, ticket: Ticket, text: str, internal: bool = False, version: int | None = None, by: Person
) -> TicketEvent:
    """The same, and gives the event."""
    words = require_text(text=text)
    with step(Verb.COMMENT, ticket=ticket, version=version, by=by) as this:
        this.internal = internal and not isinstance(by, ApiKey)
        this.text = dict(words)
    return this.done()
