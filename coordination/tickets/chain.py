"""The chain of a ticket's events."""

from typing import Final

from coordination.staff.models import Officer
from coordination.tickets.models import EventText, Ticket, TicketEvent
from coordination.tickets.standing import ACTORS
from coordination.tickets.telling import told_of
from projects.access.models import ApiKey
from projects.flow.actors import System
from projects.flow.chain import Chain

Person = Officer | ApiKey
Actor = Person | System

CHAIN: Final = Chain[Ticket, TicketEvent, Actor](
    event=TicketEvent, words=EventText, actors=ACTORS, rows_along=told_of
)
append_each = CHAIN.append_each
