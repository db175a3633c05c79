"""What people call tickets, and the rows that belong to one."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext

from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import (
    Fulfilment,
    LineRefusal,
    LineRevision,
    Ticket,
    TicketEvent,
    TicketLink,
)
from projects.house.rooms import Named
from projects.record.finding import typed_row
from projects.record.naming import through

type Say = Callable[[str], Named | None]


def _ticket(key: str) -> Named | None:
    row = typed_row(Ticket.objects.all(), key)
    return None if row is None else Named(row.number, row)


def _event(key: str) -> Named | None:
    """A step of a ticket, by the ticket's number and the verb, if the event is there."""
    ticket, _stroke, seq = key.partition("/")
    found = _ticket(ticket)
    if found is None:
        return None
    words = gettext("%(number)s, step %(seq)s") % {"number": found.words, "seq": seq}
    event = TicketEvent.objects.filter(ticket=found.row.pk, seq=seq).first()
    return Named(f"{words} {event.verb_label}" if event else words, found.row)


def _line(key: str) -> Named | None:
    ticket, _stroke, position = key.partition("/")
    found = _ticket(ticket)
    if found is None:
        return None
    words = gettext("%(number)s, line %(line)s") % {"number": found.words, "line": position}
    return Named(words, found.row)


NAMES: Final[Mapping[str, Say]] = {
    "tickets.ticket": _ticket, "tickets.ticketevent": _event, "tickets.attachment": _event,
    **{
        model._meta.label_lower: through(model, "ticket")
        for model in (Fulfilment, LineRefusal, LineRevision)
    },
    TicketLink._meta.label_lower: through(TicketLink, "source"),
    **{kind.model._meta.label_lower: _line for kind in KINDS.values()},
}  # fmt: skip
