"""Writing a ticket's search row, in the transaction that files it or changes its words."""

from collections.abc import Iterable, Sequence

from coordination.tickets.kinds.base import Line
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket, TicketSearch
from coordination.tickets.search.grams import tokens_of


def search_row(ticket: Ticket, lines: Sequence[Line]) -> TicketSearch:
    """The unsaved search row of a ticket that is being filed."""
    text, tokens = tokens_of(
        [ticket.title, ticket.external_id, *_words(ticket, lines)],
        number=ticket.number,
        project_id=ticket.project_id,
        enterprise_id=ticket.enterprise_id,
    )
    return TicketSearch(ticket_id=ticket.pk, text=text, tokens=tokens)


def _words(ticket: Ticket, lines: Sequence[Line]) -> Iterable[str]:
    names = KINDS[ticket.kind].searchable
    return (str(getattr(line, name)) for line in lines for name in names)


def make_findable_again(ticket: Ticket) -> None:
    """Write the search row again from the ticket and its lines as they are now.

    Part of the caller's transaction; whoever erases a title or a plate calls it.
    """
    search_row(ticket, KINDS[ticket.kind].read_lines(ticket.pk)).save()
