"""The panel of a ticket's page on personal data: what is masked, who saw it, when it is erased."""

from typing import Any, Final

from coordination.privacy.models import Purge, Reveal
from coordination.privacy.queries import KEPT_FOR, is_held
from coordination.tickets import personal
from coordination.tickets.flow import ENDED
from coordination.tickets.models import Ticket
from coordination.tickets.reader import TicketReader

SHOWN: Final = 8  # looks, the latest; the list of looks has all


def privacy_panel(ticket: Ticket, reader: TicketReader) -> dict[str, Any]:
    """Always shown, also where nobody has seen any."""
    officer, clear = reader.officer, reader.clear
    ended = ticket.ended_at if ticket.status in ENDED else None
    return {
        "masked": [choice for choice in personal.group_choices() if choice[0] not in clear],
        "may_reveal": officer.has_perm("privacy.add_reveal"),
        "may_hold": officer.has_perm("privacy.add_legalhold"),
        "is_held": is_held(ticket),
        "purge": Purge.objects.filter(ticket=ticket).first(),
        "due": ended + KEPT_FOR if ended else None,
        "looks": Reveal.objects.filter(ticket=ticket).select_related("officer")[:SHOWN],
    }
