"""Which enterprise did an event, by the name of that time."""

from collections.abc import Iterable

from coordination.tickets.models import TicketEvent
from projects.register.names import Called, Names


def names_of(events: Iterable[TicketEvent]) -> Names:
    """The names of the enterprises that did these events, read together."""
    keys = (event.api_key for event in events)
    return Names(key.enterprise for key in keys if key is not None)


def enterprise_of(event: TicketEvent, names: Names | None = None) -> Called | None:
    """The enterprise as it was called then; None where somebody else did it."""
    if event.api_key is None:
        return None
    known = names or names_of([event])
    return known.at(event.api_key.enterprise, event.recorded_at)
