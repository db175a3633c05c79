"""Erasing the names and phones of those who answered for departments."""

from datetime import datetime

from django.db.models import Q

from coordination.referrals.models import Referral
from coordination.tickets.models import Ticket


def erase_answerers(ticket: Ticket, before: datetime) -> int:
    """Erase names and phones up to ``before``; return the number of referrals.

    Questions and answers are texts of events, which tickets erases.
    """
    rows = Referral.objects.filter(ticket=ticket, answered_at__lte=before)
    with_person = rows.filter(Q(answerer_name__gt="") | Q(answerer_phone__gt=""))
    return with_person.update(answerer_name="", answerer_phone="")
