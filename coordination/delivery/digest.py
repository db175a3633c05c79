"""Messages that waited for service hours reach a destination as one, if they are more than a few.

A digest is a row of the outbox without content of its own. The messages stay rows too, marked as
merged and pointing at their digest, and what is sent is composed from them: so each text is
stored once, and the record shows what was sent to whom. They are done with when their digest is
(``give_up.py``).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, QuerySet
from django.utils import translation
from django.utils.translation import ngettext

from coordination.delivery.models import Channel, Delivery, State
from coordination.delivery.topics import DIGEST

FEW: Final = 3  # so many single messages are read as quickly as a digest of them
LONGEST_MAIL: Final = 100  # messages in one mail
# Bytes of a robot's text for the messages; WeCom takes 2,048 in all.
LONGEST_CHAT: Final = 1_800


def merge_waiting(at: datetime) -> int:
    """Merge what waited for service hours and is due now; says how many digests were made.

    Called by the relay before it claims, within service hours. Locked rows are left out, so of
    two relays only one merges a row, and a row that was claimed stays a message of its own.
    Letters with a link for one time, and mails that enclose files, are never merged.
    """
    made = 0
    many = _waited(at).order_by().values("destination").annotate(number=Count("pk"))
    for found in many.filter(number__gt=FEW):
        with transaction.atomic():
            rows = _waited(at).filter(destination=found["destination"]).order_by("pk")
            made += _merge(list(rows.select_for_update(of=("self",), skip_locked=True)), at)
    return made


def _waited(at: datetime) -> QuerySet[Delivery]:
    """Messages to people that were held back and are not tried yet."""
    return Delivery.objects.filter(
        state=State.PENDING, at_any_hour=False, tries=0, claim=None, destination__isnull=False,
        sealed_link=None, files=[], carried_by=None, due_at__lte=at, due_at__gt=F("created_at"),
    ).exclude(topic=DIGEST.code)  # fmt: skip


def _merge(rows: Sequence[Delivery], at: datetime) -> int:
    if len(rows) <= FEW:  # another relay was faster
        return 0
    parts = list(_parts(rows))
    for part in parts:
        first = part[0]
        digest = Delivery.objects.create(
            destination_id=first.destination_id, lane=first.lane, order_key=DIGEST.code,
            topic=DIGEST.code, payload={}, created_at=at, due_at=at,
        )  # fmt: skip
        Delivery.objects.filter(pk__in=[each.pk for each in part]).update(
            state=State.MERGED, carried_by=digest
        )
    return len(parts)


def _parts(rows: Sequence[Delivery]) -> Iterator[list[Delivery]]:
    """As many messages as one mail or one chat message holds, in their order."""
    is_mail = rows[0].lane == Channel.EMAIL
    part: list[Delivery] = []
    length = 0
    for row in rows:
        more = 1 if is_mail else len(_line(row, is_mail=False).encode()) + 1
        if part and length + more > (LONGEST_MAIL if is_mail else LONGEST_CHAT):
            yield part
            part, length = [], 0
        part.append(row)
        length += more
    yield part


def payload_of(row: Delivery) -> dict[str, Any]:
    """What is sent: the message's own content, or a digest's lines."""
    if row.topic != DIGEST.code:
        return dict(row.payload)
    is_mail, rows = row.lane == Channel.EMAIL, list(row.carried.order_by("pk"))
    with translation.override(settings.LANGUAGE_CODE):
        title = ngettext("%(number)d message", "%(number)d messages", len(rows))
    return {"title": title % {"number": len(rows)}, "text": _lines(rows, is_mail=is_mail)}


def _lines(rows: Iterable[Delivery], *, is_mail: bool) -> str:
    between = "\n\n" if is_mail else "\n"
    return between.join(_line(row, is_mail=is_mail) for row in rows)


def _line(row: Delivery, *, is_mail: bool) -> str:
    """What happened to which ticket, and its link; a chat leaves the details to the page."""
    names = ("title", "text", "url") if is_mail else ("title", "url")
    return "\n".join(str(row.payload[each]) for each in names if row.payload.get(each))
