"""Writing to somebody outside, who has no account: one e-mail, with a link that is a key.

Whoever he is, a room above says by a name of its own (``to``); this one knows no more of him.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

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


def reached(outsiders: Iterable[Outsider]) -> frozenset[str]:
    """Those whom mail reaches: it leaves this desk, they have an address, the way is not closed."""
    if not settings.EMAIL_OFFERED:
        return frozenset()
    addressed = {(each.to, each.address) for each in outsiders if each.address}
    closed = Destination.objects.filter(
        outside__in={to for to, _address in addressed}, channel=Channel.EMAIL, is_active=False
    )
    open_ways = addressed - set(closed.values_list("outside", "shown"))
    return frozenset(to for to, _address in open_ways)


def write_to(outsider: Outsider, letter: Letter, at: datetime) -> Delivery | None:
    """One row in the outbox, in the transaction of what it tells of; None where no mail reaches.

    Earlier letters under the same order key that still wait are given up: their links are dead.
    """
    withdraw(letter.message.order_key, at)
    if outsider.to not in reached([outsider]):
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
