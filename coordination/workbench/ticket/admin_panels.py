"""The panels of a ticket's page, which the rooms add (see ``room.py``)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from coordination.tickets.reader import TicketReader
from projects.house.rooms import panels_of

PAGE: Final = "tickets.ticket"


@dataclass(frozen=True)
class Composed:
    """A panel of one page, with its content."""

    name: str
    place: str
    template: str
    context: Mapping[str, Any]


def compose(reader: TicketReader) -> list[Composed]:
    """The panels of a ticket's page for its reader, in their order."""
    found = ((panel, panel.context(reader.ticket, reader)) for panel in panels_of(PAGE))
    return [
        Composed(panel.name, panel.place, panel.template, context)
        for panel, context in found
        if context is not None
    ]
