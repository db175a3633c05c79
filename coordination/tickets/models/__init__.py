"""The tables of tickets, for Django and for whoever reads them."""

from coordination.tickets.kinds.registry import KINDS  # each kind names the table of its lines
from coordination.tickets.models.assistance import Assistance
from coordination.tickets.models.attachment import Attachment, AttachmentPart, State
from coordination.tickets.models.clock import Clocked
from coordination.tickets.models.line import LineRefusal, LineRevision
from coordination.tickets.models.link import Relation, TicketLink
from coordination.tickets.models.search import TicketSearch
from coordination.tickets.models.state_range import StateRange
from coordination.tickets.models.term import Term
from coordination.tickets.models.ticket import (
    EventText,
    Fulfilment,
    Ticket,
    TicketEvent,
)

__all__ = [
    "KINDS",
    "Assistance",
    "Attachment",
    "AttachmentPart",
    "Clocked",
    "EventText",
    "Fulfilment",
    "LineRefusal",
    "LineRevision",
    "Relation",
    "State",
    "StateRange",
    "Term",
    "Ticket",
    "TicketEvent",
    "TicketLink",
    "TicketSearch",
]
