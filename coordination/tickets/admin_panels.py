"""What a ticket's page is composed of: one line each.

To add a panel, write ``templates/coordination/ticket/<name>.html``, which reads what it shows
from ``panel``, and a function ``(ticket, officer)`` that gives it, in the room that it speaks
of; then add its line here. A room above this one adds its own in ``coordination/admin.py``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from coordination.groups.models import Officer
from coordination.tickets.admin_facts import facts, parties
from coordination.tickets.admin_lines import lines
from coordination.tickets.admin_links import links_panel
from coordination.tickets.admin_timeline import timeline_panel
from coordination.tickets.assistance.admin_panel import assistance_panel
from coordination.tickets.attachments.admin import attachments_panel
from coordination.tickets.clocks.admin_panel import clock_panel
from coordination.tickets.escalation.admin_ladder import ladder_panel
from coordination.tickets.models import Ticket
from coordination.tickets.neighbours import neighbours_panel
from coordination.tickets.privacy.admin_panel import privacy_panel
from coordination.tickets.referrals.admin_panel import referrals_panel

type Shown = Mapping[str, Any]


@dataclass(frozen=True)
class Panel:
    """One part of the page, in the wide or the narrow column.

    ``context`` gives what the template calls ``panel``; None where there is nothing to show.
    """

    name: str
    context: Callable[[Ticket, Officer], Shown | None]
    place: Literal["main", "side"] = "main"

    @property
    def template(self) -> str:
        """Where its words are."""
        return f"coordination/ticket/{self.name}.html"


@dataclass(frozen=True)
class Composed:
    """A panel of one page, with what it shows."""

    name: str
    place: str
    template: str
    context: Shown


PANELS: Final[tuple[Panel, ...]] = (
    Panel("clock", clock_panel, "side"),
    Panel("facts", facts, "side"),
    Panel("parties", parties, "side"),
    Panel("assistance", assistance_panel, "side"),
    Panel("ladder", ladder_panel, "side"),
    Panel("neighbours", neighbours_panel, "side"),
    Panel("privacy", privacy_panel, "side"),
    Panel("links", links_panel, "side"),
    Panel("lines", lines),
    Panel("referrals", referrals_panel),
    Panel("attachments", attachments_panel),
    Panel("timeline", timeline_panel),
)


def compose(panels: Iterable[Panel], ticket: Ticket, officer: Officer) -> list[Composed]:
    """The panels of this ticket's page, for this officer, in their order."""
    found = ((panel, panel.context(ticket, officer)) for panel in panels)
    return [
        Composed(panel.name, panel.place, panel.template, context)
        for panel, context in found
        if context is not None
    ]
