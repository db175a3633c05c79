"""Recalling referrals, on a ticket whose row is locked."""

from datetime import datetime
from typing import Any, Final

from coordination.parties.models import LinkEnd
from coordination.referrals.links import end_links
from coordination.referrals.models import Referral
from coordination.tickets.models import Ticket

# Raw SQL, since it runs whenever a ticket ends.
_OPEN: Final = """
    SELECT * FROM referrals_referral
    WHERE ticket_id = %s AND answered_at IS NULL AND recalled_at IS NULL ORDER BY id
"""


def recall_referral(referral: Referral, at: datetime) -> None:
    """Mark the referral as recalled and end its link."""
    end_links(referral, LinkEnd.REVOKED, at)
    referral.recalled_at = at
    referral.save(update_fields=["recalled_at"])


def recall_open_referrals(ticket: Ticket, at: datetime) -> dict[str, Any]:
    """Recall all open referrals of an ending ticket; return their ids for the event's payload."""
    referrals = list(Referral.objects.raw(_OPEN, [ticket.pk]))
    for referral in referrals:
        recall_referral(referral, at)
    return {"recalled": [referral.pk for referral in referrals]} if referrals else {}
