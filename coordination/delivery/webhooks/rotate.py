"""Rotating a webhook's secret; the old one keeps signing for a while."""

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from coordination.delivery.models import WebhookEndpoint
from coordination.delivery.signing import good_at, new_secret
from coordination.delivery.webhooks.endpoints import kept_of, locked_webhook
from projects.access.models import ApiKey
from projects.record.clock import change
from projects.record.refusals import Checker, NotAllowed

USUAL_OVERLAP: Final = 24  # hours
LONGEST_OVERLAP: Final = 168
MOST_SECRETS: Final = 3  # valid at the same time


def rotate_secret(
    *, endpoint: WebhookEndpoint, overlap_hours: int = USUAL_OVERLAP, by: ApiKey
) -> tuple[WebhookEndpoint, str]:
    """Return the endpoint and its new secret, which is never shown again.

    Until the overlap ends each message carries a signature of each; with 0 hours every earlier
    secret ends at once. Raises Missing, Invalid, NotAllowed if three are valid already or the
    stored ones cannot be decrypted.
    """
    check = Checker()
    check.require(
        0 <= overlap_hours <= LONGEST_OVERLAP,
        "overlap_hours", _("Give 0 to 168 hours."), "out-of-range",
    )  # fmt: skip
    with change() as at:
        row = locked_webhook(endpoint, None, by)
        check.finish()
        kept = kept_of(row)
        good = set(good_at(kept["secrets"], at))
        earlier = [each for each in kept["secrets"] if each["secret"] in good]
        if overlap_hours and len(earlier) >= MOST_SECRETS:
            raise NotAllowed(
                _("Three secrets sign already: wait, or give an overlap of 0 hours."),
                reason="too-many",
            )
        until = (at + timedelta(hours=overlap_hours)).isoformat()
        ending = [{**each, "until": each["until"] or until} for each in earlier]
        secret = new_secret()
        row.kept = {
            **kept,
            "secrets": [{"secret": secret, "until": None}, *(ending if overlap_hours else [])],
        }
        row.version += 1
        row.save(update_fields=["kept", "version"])
        return row, secret
