"""Telling people, in the transaction of what they are told about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Q

from coordination.delivery.models import Delivery, Destination, Notice
from coordination.delivery.topics import Topic


@dataclass(frozen=True)
class Message:
    """What is said, in the centre's own language; no names and no free text of an enterprise.

    Messages of one ``order_key`` reach each destination in the order in which they were written.
    """

    topic: Topic
    title: str
    text: str
    link: str = ""
    order_key: str = ""

    @property
    def payload(self) -> dict[str, str]:
        """As it leaves the house."""
        url = urljoin(settings.PUBLIC_URL, self.link) if self.link else ""
        return {"title": self.title, "text": self.text, "url": url}


def announce(
    message: Message, *, officers: Iterable[int | None], group: int | None = None, at: datetime
) -> None:
    """Tell each officer at his desk, and on the channels that he, or the group, wants it on.

    Part of the change that it tells of, so it is called inside it, with its moment. It writes
    rows and nothing else: what leaves the house is sent by the relay after the commit, and where
    the change is undone nobody is told.
    """
    told = sorted({each for each in officers if each is not None})
    if not told and group is None:
        return
    Notice.objects.bulk_create(_notices(message, told, at))
    wanted = Q(officer__in=told) | Q(group=group) if group else Q(officer__in=told)
    destinations = Destination.objects.filter(wanted, is_active=True).filter(
        Q(topics=[]) | Q(topics__contains=[message.topic.code])
    )
    enqueue(message, destinations.order_by("pk"), at)


def _notices(message: Message, officers: list[int], at: datetime) -> Iterator[Notice]:
    for officer in officers:
        yield Notice(
            officer_id=officer, topic=message.topic.code, title=message.title, text=message.text,
            link=message.link, created_at=at,
        )  # fmt: skip


def enqueue(message: Message, destinations: Iterable[Destination], at: datetime) -> list[Delivery]:
    """One row in the outbox for each destination."""
    return Delivery.objects.bulk_create(
        Delivery(
            destination=each, lane=each.lane, order_key=message.order_key,
            topic=message.topic.code, payload=message.payload, created_at=at, due_at=at,
        )
        for each in destinations
    )  # fmt: skip
