"""The panel of what was given to hurry a ticket: the ladder's steps, urgings and supervision."""

from dataclasses import dataclass
from typing import Any

from coordination.escalation.letters import is_supervision, letter_events
from coordination.escalation.models import Escalation
from coordination.escalation.queries import steps_of
from coordination.tickets.models import Ticket, TicketEvent


@dataclass(frozen=True)
class Entry:
    """A step of the ladder, or what somebody did by himself; ``letter`` where one is printed."""

    event: TicketEvent
    step: Escalation | None
    letter: bool
    supervises: bool


def ladder_panel(ticket: Ticket, _reader: object) -> dict[str, Any] | None:
    """The panel; None where nothing was given."""
    steps = {step.pk: step for step in steps_of(ticket).select_related("event")}
    letters = {event.pk: event for event in letter_events(ticket)}
    events = letters | {pk: step.event for pk, step in steps.items()}
    entries = [
        Entry(event, steps.get(pk), pk in letters, is_supervision(event))
        for pk, event in sorted(events.items(), key=lambda each: each[1].seq, reverse=True)
    ]
    return {"entries": entries} if entries else None
