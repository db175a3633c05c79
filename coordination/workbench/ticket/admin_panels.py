"""The panels of a ticket's page, which the rooms add (see ``room.py``)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from coordination.staff.models import Officer
from coordination.tickets.models import Ticket
from projects.house.rooms import panels_of

PAGE: Final = "tickets.ticket"


@dataclass(frozen=True)
class Composed:
    """A panel of one page, with its content."""

    name: str
    place: str
    template: str
    context: Mapping[str, Any]


def compose(ticket: Ticket, officer: Officer) -> list[Composed]:
    """The panels of this ticket's page, for this officer, in their order."""
    found = ((panel, panel.context(ticket, officer)) for panel in panels_of(PAGE))
    return [
        Composed(panel.name, panel.place, panel.template, context)
        for panel, context in found
        if context is not None
    ]
