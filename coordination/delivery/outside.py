"""Writing to somebody outside, who has no account: one e-mail, with a link that is a key.

Whoever he is, a room above says by a name of its own (``to``); this one knows no more of him.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from coordination.delivery.announce import Message, enqueue
from coordination.delivery.models import Channel, Delivery, Destination, State
from projects.record.sealing import seal


@dataclass(frozen=True)
class Outsider:
    """To whom; ``to`` stays the same when his name or his address changes."""

    to: str
    name: str
    address: str


@dataclass(frozen=True)
class Letter:
    """What is said, and the link that only its reader may know: sealed until it has left."""

    message: Message
    link: str = field(repr=False)


def can_be_written_to(outsider: Outsider) -> bool:
    """Mail leaves this desk, he has an address, and nobody has closed the way there."""
    if not settings.EMAIL_OFFERED or not outsider.address:
        return False
    return not _ways_to(outsider).filter(is_active=False).exists()


def write_to(outsider: Outsider, letter: Letter, at: datetime) -> Delivery | None:
    """One row in the outbox, in the transaction of what it tells of; None where no mail reaches.

    Earlier letters under the same order key that still wait are given up: their links are dead.
    """
    withdraw(letter.message.order_key, at)
    if not can_be_written_to(outsider):
        return None
    destination, _made = Destination.objects.get_or_create(
        outside=outsider.to, channel=Channel.EMAIL, shown=outsider.address,
        defaults={
            "name": outsider.name[:60], "created_at": at,
            "sealed": seal(json.dumps({"address": outsider.address, "secret": ""})),
        },
    )  # fmt: skip
    (delivery,) = enqueue(letter.message, [destination], at)
    delivery.sealed_link = seal(letter.link)
    delivery.save(update_fields=["sealed_link"])
    return delivery


def withdraw(order_key: str, at: datetime) -> None:
    """What was written under this key is not sent any more, and no link of it is kept."""
    kept = Delivery.objects.filter(order_key=order_key, sealed_link__gt="")
    kept.filter(state=State.PENDING).update(state=State.DEAD, settled_at=at, claim=None)
    kept.update(sealed_link="")


def _ways_to(outsider: Outsider) -> QuerySet[Destination]:
    return Destination.objects.filter(
        outside=outsider.to, channel=Channel.EMAIL, shown=outsider.address
    )
