"""The links by which departments answer: made, looked up, ended.

Whoever has one may answer for the department, so its token is as long as a key, its SHA-256 is
all that is kept, and making another ends the one before. All of a referral's rows change under
its ticket's lock.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coordination.delivery.outside import withdraw
from coordination.referrals.models import End, Referral, ReferralLink
from coordination.staff.models import Officer
from projects.access.keys import hash_secret
from projects.record.refusals import Gone, Missing, Text

_BYTES: Final = 32  # 256 bits: nobody guesses it, so one fast hash is enough
_LONGEST: Final = 100
LIVES: Final = timedelta(days=30)  # after the answer is due, or after it was made

_SAID: Final[dict[str, Text]] = {
    End.USED: _("The answer has been received. Thank you; this link is done with."),
    End.REPLACED: _("A newer link was sent to you. Please use that one."),
    End.RECALLED: _("This matter is no longer asked of you. Thank you."),
}
_EXPIRED: Final = _("This link has expired. Please ask the officer in charge for another.")


def order_key(referral: Referral) -> str:
    """Under which the letters of one referral are written."""
    return f"referral:{referral.pk}"


def make_link(referral: Referral, at: datetime, by: Officer | None) -> tuple[ReferralLink, str]:
    """A fresh link, and its whole address: the only time that the token is seen."""
    end_links(referral, End.REPLACED, at)
    token = secrets.token_urlsafe(_BYTES)
    link = ReferralLink.objects.create(
        referral=referral, digest=hash_secret(token), made_at=at, made_by=by,
        expires_at=max(at, referral.due_at) + LIVES,
    )  # fmt: skip
    return link, urljoin(settings.PUBLIC_URL, reverse("referral", args=[token]))


def end_links(referral: Referral, because: End, at: datetime) -> None:
    """No link of the referral opens anything; none that still waits is sent."""
    living = ReferralLink.objects.filter(referral=referral, ended_at=None)
    if living.update(ended_at=at, ended_because=because):
        withdraw(order_key(referral), at)


def find_link(token: str) -> ReferralLink:
    """The link of this token, alive or not. Raises Missing where there never was one."""
    digest = hash_secret(token[:_LONGEST])
    related = ("referral__ticket__project", "referral__ticket__group", "referral__department")
    row = ReferralLink.objects.select_related(*related, "referral__event__text").filter(
        digest=digest
    )
    found = row.first()
    if found is None or not hmac.compare_digest(found.digest, digest):
        raise Missing
    return found


def require_alive(link: ReferralLink, at: datetime) -> None:
    """Raise Gone, and say why in words that tell nothing of the matter."""
    if link.ended_at is not None:
        raise Gone(_SAID[link.ended_because])
    if link.expires_at <= at:
        raise Gone(_EXPIRED)
