"""An enterprise's webhook, by Standard Webhooks: signed JSON; any 2xx means delivered."""

import json
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext_noop

from coordination.delivery.client import Unreachable, post
from coordination.delivery.senders.base import Parcel, Result, result_of
from coordination.delivery.signing import good_at, headers
from projects.record.clock import machine_now
from projects.record.sealing import unseal

ERASED: Final = gettext_noop("what it said is no longer kept")
_ARRIVED: Final = range(200, 300)


def written(body: dict[str, Any]) -> bytes:
    """The bytes that are signed and sent; always the same, because members keep their order."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def send_webhook(parcel: Parcel, kept: dict[str, Any]) -> Result:
    """Send it. Only the answer's status is stored: its body might repeat what we sent."""
    if not parcel.body:
        return Result(is_success=False, detail=ERASED)
    body = written(json.loads(unseal(parcel.body)))
    signed = headers(
        good_at(kept["secrets"], parcel.claimed_at), message_id=parcel.message_id,
        at=machine_now(), body=body,
    )  # fmt: skip
    try:
        answer = post(
            kept["url"], body=body, headers={"Content-Type": "application/json", **signed},
            networks=settings.WEBHOOK_NETWORKS,
        )  # fmt: skip
    except Unreachable as reason:
        return Result(is_success=False, detail=str(reason))
    return result_of(answer, is_success=answer.status in _ARRIVED, detail="")
