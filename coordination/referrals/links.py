"""The one-time links by which departments answer. All change under the ticket's lock."""

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from coordination.parties import one_time_links
from coordination.parties.models import LinkEnd
from coordination.referrals.models import Referral, ReferralLink
from coordination.staff.models import Officer
from projects.record.refusals import Text

LINK_LIFETIME: Final = timedelta(days=30)  # after the answer is due, or after it was made

_MESSAGES: Final[dict[str, Text]] = {
    LinkEnd.USED: _("The answer has been received. Thank you; this link is done with."),
    LinkEnd.REVOKED: _("This matter is no longer asked of you. Thank you."),
}


def order_key(referral: Referral) -> str:
    """The order key of the mails about one referral."""
    return f"referral:{referral.pk}"


def make_link(referral: Referral, at: datetime, by: Officer | None) -> tuple[ReferralLink, str]:
    """Make a new link in place of the open one; return it and its address."""
    return one_time_links.make_link(
        referral.links, route="referral", order_key=order_key(referral),
        expires_at=max(at, referral.due_at) + LINK_LIFETIME, at=at, by=by,
    )  # fmt: skip


def end_links(referral: Referral, because: LinkEnd, at: datetime) -> None:
    """End the referral's open link and give up its pending mail."""
    one_time_links.end_links(referral.links, because, order_key=order_key(referral), at=at)


def find_link(token: str) -> ReferralLink:
    """The link with this token, open or not, with its referral. Raises Missing."""
    links = ReferralLink.objects.select_related(
        "referral__ticket__project", "referral__ticket__group", "referral__department",
        "referral__event__text", "referral__asked_by",
    )  # fmt: skip
    return one_time_links.find_link(links, token)


def require_open(link: ReferralLink, at: datetime) -> None:
    """Raise Gone where the link was ended or has expired."""
    one_time_links.require_open(link, at, _MESSAGES)
