"""Telling people, in the transaction of what they are told about."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Q

from coordination.delivery.models import Delivery, Destination, Notice
from projects.house.rooms import Topic
from projects.record.writing import write


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
    told = frozenset(each for each in officers if each is not None)
    write(*announced([Announcement(message, told, group)], at=at))


@dataclass(frozen=True)
class Announcement:
    """A message, and whom it is for; ``group`` where the group's own channels carry it too."""

    message: Message
    officers: frozenset[int]
    group: int | None = None

    def notices(self, at: datetime) -> Iterator[Notice]:
        """At each officer's desk."""
        said = self.message
        for officer in sorted(self.officers):
            yield Notice(
                officer_id=officer, topic=said.topic.code, title=said.title, text=said.text,
                link=said.link, created_at=at,
            )  # fmt: skip

    def goes_to(self, destination: Destination) -> bool:
        """Whether it is an officer's or the group's, and wanted there."""
        if destination.topics and self.message.topic.code not in destination.topics:
            return False
        if destination.group_id is not None:
            return destination.group_id == self.group
        return destination.officer_id in self.officers


def announced(
    announcements: Iterable[Announcement], *, at: datetime
) -> tuple[list[Notice], list[Delivery]]:
    """The same of many messages, in their order: the rows, which the caller writes."""
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
    """Every channel that any of them may go by."""
    officers = frozenset[int]().union(*(each.officers for each in announcements))
    groups = {each.group for each in announcements if each.group is not None}
    heard_on = Q(officer__in=officers) | Q(group__in=groups)
    rows = Destination.objects.filter(heard_on, is_active=True).order_by("pk")
    return list(rows.only("channel", "officer", "group", "topics"))


def _deliveries(
    message: Message, destinations: Iterable[Destination], at: datetime
) -> Iterator[Delivery]:
    for each in destinations:
        yield Delivery(
            destination=each, lane=each.lane, order_key=message.order_key,
            topic=message.topic.code, payload=message.payload, created_at=at, due_at=at,
        )  # fmt: skip


def enqueue(message: Message, destinations: Iterable[Destination], at: datetime) -> list[Delivery]:
    """One row in the outbox for each destination."""
    return Delivery.objects.bulk_create(_deliveries(message, destinations, at))
