"""Write notifications, in the transaction of the change that they are about."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urljoin

from django.conf import settings

from coordination.delivery.models import Delivery, Destination, Notice
from projects.house.rooms import Topic
from projects.record.reading import columns_of, row_of, rows
from projects.record.writing import write

_WHERE: Final = ("id", "channel", "officer_id", "group_id", "topics")
_HEARD_ON: Final = f"""
    SELECT {columns_of(Destination, "channel", _WHERE)} FROM delivery_destination AS channel
    WHERE channel.is_active
        AND (channel.officer_id = ANY(%(officers)s) OR channel.group_id = ANY(%(groups)s))
    ORDER BY channel.id
"""  # noqa: S608 - names of our own


@dataclass(frozen=True)
class Message:
    """A message, in the centre's own language; no names and no free text of an enterprise.

    Messages of one ``order_key`` reach each destination in the order in which they were written.
    """

    topic: Topic
    title: str
    text: str
    link: str = ""
    order_key: str = ""

    @property
    def payload(self) -> dict[str, str]:
        """The payload that is sent."""
        url = urljoin(settings.PUBLIC_URL, self.link) if self.link else ""
        return {"title": self.title, "text": self.text, "url": url}


def announce(
    message: Message, *, officers: Iterable[int | None], group: int | None = None, at: datetime
) -> None:
    """Notify each officer at his desk, and on the channels that he or the group chose for it.

    Call it inside the change that it is about, with its time. It only writes rows: the relay sends
    after the commit, and if the change is rolled back nothing is sent.
    """
    told = frozenset(each for each in officers if each is not None)
    write(*announced([Announcement(message, told, group)], at=at))


@dataclass(frozen=True)
class Announcement:
    """A message and its recipients; with ``group``, the group's own channels carry it too."""

    message: Message
    officers: frozenset[int]
    group: int | None = None

    def notices(self, at: datetime) -> Iterator[Notice]:
        """One notice for each officer."""
        message = self.message
        for officer in sorted(self.officers):
            yield Notice(
                officer_id=officer, topic=message.topic.code, title=message.title,
                text=message.text, link=message.link, created_at=at,
            )  # fmt: skip

    def goes_to(self, destination: Destination) -> bool:
        """Whether it is an officer's or the group's channel, and carries the topic."""
        if destination.topics and self.message.topic.code not in destination.topics:
            return False
        if destination.group_id is not None:
            return destination.group_id == self.group
        return destination.officer_id in self.officers


def announced(
    announcements: Iterable[Announcement], *, at: datetime
) -> tuple[list[Notice], list[Delivery]]:
    """Return the unsaved notices and deliveries of many messages, in their order."""
    heard = [each for each in announcements if each.officers or each.group is not None]
    if not heard:
        return [], []
    destinations = _destinations(heard)
    deliveries = [
        delivery
        for each in heard
        for delivery in _deliveries(each.message, filter(each.goes_to, destinations), at)
    ]
    return [notice for each in heard for notice in each.notices(at)], deliveries


def _destinations(announcements: Sequence[Announcement]) -> list[Destination]:
    """Every channel that may carry any of them."""
    officers = frozenset[int]().union(*(each.officers for each in announcements))
    groups = {each.group for each in announcements if each.group is not None}
    found = rows(_HEARD_ON, {"officers": list(officers), "groups": list(groups)})
    return [row_of(Destination, each, _WHERE) for each in found]


def _deliveries(
    message: Message, destinations: Iterable[Destination], at: datetime
) -> Iterator[Delivery]:
    for each in destinations:
        yield Delivery(
            destination=each, lane=each.lane, order_key=message.order_key,
            topic=message.topic.code, payload=message.payload, created_at=at, due_at=at,
        )  # fmt: skip


def enqueue(message: Message, destinations: Iterable[Destination], at: datetime) -> list[Delivery]:
    """Write one row of the outbox for each destination."""
    return Delivery.objects.bulk_create(_deliveries(message, destinations, at))
