"""One sender for each channel; a new channel is a sender, a line here and a name in Channel."""

import json
import logging
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext_noop

from coordination.delivery.client import DEADLINE
from coordination.delivery.models import WEBHOOK, Channel
from coordination.delivery.senders.base import Parcel, Result, Sender
from coordination.delivery.senders.mail import DEADLINE as MAIL_DEADLINE
from coordination.delivery.senders.mail import send_mail
from coordination.delivery.senders.robots import robot, to_dingtalk, to_feishu, to_wecom
from coordination.delivery.senders.webhooks import send_webhook
from projects.record.sealing import Unreadable, unseal

log = logging.getLogger(__name__)

SEALED_BEFORE: Final = gettext_noop("the address was sealed with another SECRET_KEY")
SENDERS: Final[dict[str, Sender]] = {
    Channel.EMAIL: send_mail,
    Channel.WECOM: robot(to_wecom, "errcode"),
    Channel.DINGTALK: robot(to_dingtalk, "errcode"),
    Channel.FEISHU: robot(to_feishu, "code"),
    WEBHOOK: send_webhook,
}
LONGEST_ATTEMPT: Final = max(DEADLINE, MAIL_DEADLINE)  # seconds: the longest that any sender takes


def send(parcel: Parcel) -> Result:
    """Send it now. Never raises: every error becomes a result."""
    try:
        return SENDERS[parcel.channel](_opened(parcel), json.loads(unseal(parcel.sealed)))
    except Unreadable:
        return Result(is_success=False, detail=SEALED_BEFORE)
    except Exception as error:  # noqa: BLE001 - one bad message must not stop the others
        log.error("delivery %s: %s", parcel.message_id, type(error).__name__)
        return Result(is_success=False, detail=type(error).__name__)


def _opened(parcel: Parcel) -> Parcel:
    """The payload, with the decrypted link if there is one."""
    if not parcel.sealed_link:
        return parcel
    return replace(parcel, payload={**parcel.payload, "url": unseal(parcel.sealed_link)})
