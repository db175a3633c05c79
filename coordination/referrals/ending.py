"""How a referral ends, on rows that the ticket's step has locked."""

from datetime import datetime
from typing import Any, Final

from coordination.parties.models import LinkEnd
from coordination.referrals.links import end_links
from coordination.referrals.models import Referral
from coordination.tickets.models import Ticket

# Asked whenever a ticket ends, and seldom finds any.
_WAITING: Final = """
    SELECT * FROM referrals_referral
    WHERE ticket_id = %s AND answered_at IS NULL AND recalled_at IS NULL ORDER BY id
"""


def call_back(referral: Referral, at: datetime) -> None:
    """Nothing is asked any more, and its link opens nothing."""
    end_links(referral, LinkEnd.REVOKED, at)
    referral.recalled_at = at
    referral.save(update_fields=["recalled_at"])


def call_all_back(ticket: Ticket, at: datetime) -> dict[str, Any]:
    """What a ticket's end does to its referrals; gives what the ending event says of it."""
    waiting = list(Referral.objects.raw(_WAITING, [ticket.pk]))
    for each in waiting:
        call_back(each, at)
    return {"recalled": [each.pk for each in waiting]} if waiting else {}
