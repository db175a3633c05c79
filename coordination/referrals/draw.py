"""Making a link that an officer gives to a department that cannot be mailed."""

from django.utils.translation import gettext_lazy as _

from coordination.referrals.flow import ReferralVerb
from coordination.referrals.links import make_link
from coordination.referrals.models import Referral
from coordination.referrals.queries import open_referrals
from coordination.staff.models import Officer
from coordination.tickets.flow import FLOW
from coordination.tickets.queries import tickets_for
from coordination.tickets.standing import standing
from projects.record.clock import change
from projects.record.finding import get_or_missing
from projects.record.refusals import NotAllowed


def draw_link(*, referral: int, by: Officer) -> tuple[Referral, str]:
    """Make a new link, which replaces the open one; return the referral and the link's address.

    By the handler or the group lead, while the referral is open. The link's row names the officer.
    Raises Missing, NotAllowed.
    """
    with change() as at:
        ticket_id = Referral.objects.filter(pk=referral).values("ticket")
        rows = tickets_for(by).select_for_update(of=("self",)).select_related("project")
        ticket = get_or_missing(rows, pk__in=ticket_id)
        if not standing(ticket, by) & FLOW[ReferralVerb.CHASE].who:
            raise NotAllowed(_("Only who handles the ticket, or leads its group, may do this."))
        row = open_referrals(ticket).select_related("department").filter(pk=referral).first()
        if row is None:
            raise NotAllowed(_("This referral does not wait for an answer."))
        _link, address = make_link(row, at, by)
        return row, address
