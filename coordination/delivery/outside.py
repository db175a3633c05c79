"""E-mail with a single-use link to an external recipient, who has no account.

The caller names the recipient by a name of its choice (``to``); this room knows nothing else.
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
    """An external recipient; ``to`` stays the same when his name or his address changes."""

    to: str
    name: str
    address: str


@dataclass(frozen=True)
class Letter:
    """The text, and the link that only the recipient may know: encrypted until it is sent."""

    message: Message
    link: str = field(repr=False)


def reached(outsiders: Iterable[Outsider]) -> frozenset[str]:
    """Those who can be mailed: mail is configured, they have an address, it is not closed."""
    if not settings.EMAIL_OFFERED:
        return frozenset()
    addressed = {(each.to, each.address) for each in outsiders if each.address}
    closed = Destination.objects.filter(
        outside__in={to for to, _address in addressed}, channel=Channel.EMAIL, is_active=False
    )
    open_ways = addressed - set(closed.values_list("outside", "shown"))
    return frozenset(to for to, _address in open_ways)


def write_to(outsider: Outsider, letter: Letter, at: datetime) -> Delivery | None:
    """Write a mail to the outbox, in the caller's transaction; None if he cannot be mailed.

    Earlier pending mails with the same order key are given up: their links no longer work.
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
    """Give up the pending mails with this order key, and erase all of their links."""
    with_link = Delivery.objects.filter(order_key=order_key, sealed_link__gt="")
    with_link.filter(state=State.PENDING).update(state=State.DEAD, settled_at=at, claim=None)
    with_link.update(sealed_link="")
