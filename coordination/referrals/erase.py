"""Who answered for a department is erased with the ticket's other personal data."""

from datetime import datetime

from django.db.models import Q

from coordination.referrals.models import Referral
from coordination.tickets.models import Ticket


def erase_answerers(ticket: Ticket, before: datetime) -> int:
    """Names and phones; what was asked and answered goes with the events' texts."""
    rows = Referral.objects.filter(ticket=ticket, answered_at__lte=before)
    named = rows.filter(Q(answerer_name__gt="") | Q(answerer_phone__gt=""))
    return named.update(answerer_name="", answerer_phone="")
