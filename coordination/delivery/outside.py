"""E-mail to an external recipient, who has no account, with or without a single-use link.

The caller names the recipient by a name of its choice (``to``); this room knows nothing else.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_noop

from coordination.delivery.announce import Message, enqueue
from coordination.delivery.give_up import give_up
from coordination.delivery.models import Channel, Delivery, Destination, State
from projects.record.sealing import seal

NOT_HIS_ANY_MORE: Final = gettext_noop("the recipient has another address, or none")


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
    delivery = mail_to(outsider, letter.message, at)
    if delivery is None:
        return None
    delivery.sealed_link = seal(letter.link)
    delivery.save(update_fields=["sealed_link"])
    return delivery


def mail_to(outsider: Outsider, message: Message, at: datetime) -> Delivery | None:
    """Write a mail without such a link to the outbox, in the caller's transaction.

    The caller asks before whether he is ``reached``. None where his address was closed since.
    """
    destination = _destination_of(outsider, at)  # locked until the transaction ends
    if not destination.is_active:
        return None
    (delivery,) = enqueue(message, [destination], at)
    return delivery


def send_only_to(names: Iterable[str], outsider: Outsider | None, at: datetime) -> None:
    """Close every address that had one of these names but the outsider's own.

    What waits for the others is given up, and cannot be sent there again. His own is open again,
    if somebody had closed it.
    """
    rows = Destination.objects.filter(outside__in=list(names), channel=Channel.EMAIL)
    kept = rows.none()
    if outsider is not None:
        kept = rows.filter(outside=outsider.to, shown=outsider.address)
    closed = rows.exclude(pk__in=list(kept.values_list("pk", flat=True)))
    give_up(Delivery.objects.filter(destination__in=closed), at)
    closed.update(is_active=False, closed_because=NOT_HIS_ANY_MORE)
    kept.update(is_active=True, closed_because="")


def forget(names: Iterable[str], at: datetime) -> int:
    """Erase the addresses of these recipients; what waits for them is given up. How many."""
    rows = Destination.objects.filter(outside__in=list(names)).exclude(sealed="")
    give_up(Delivery.objects.filter(destination__in=rows), at)
    erased = Concat(Value("erased-"), Cast("pk", CharField()))
    return rows.update(
        shown=erased, name=erased, sealed="", is_active=False, closed_because=NOT_HIS_ANY_MORE
    )


def _destination_of(outsider: Outsider, at: datetime) -> Destination:
    """Where his mail goes; it has the name that he has now."""
    destination, _made = Destination.objects.update_or_create(
        outside=outsider.to, channel=Channel.EMAIL, shown=outsider.address,
        defaults={"name": outsider.name[:60]},
        create_defaults={
            "name": outsider.name[:60], "created_at": at,
            "sealed": seal(json.dumps({"address": outsider.address, "secret": ""})),
        },
    )  # fmt: skip
    return destination


def withdraw(order_key: str, at: datetime) -> None:
    """Give up the pending mails with this order key, and erase all of their links."""
    take_back(Delivery.objects.filter(order_key=order_key), at)


def take_back(letters: QuerySet[Delivery], at: datetime) -> None:
    """Give up the pending ones of these mails, and erase the links of all."""
    with_link = letters.filter(sealed_link__gt="")
    with_link.filter(state=State.PENDING).update(state=State.DEAD, settled_at=at, claim=None)
    with_link.update(sealed_link="")
