"""Write notifications, in the transaction of the change that they are about."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urljoin

from django.conf import settings

from coordination.delivery.enclosures import Enclosure
from coordination.delivery.models import Channel, Delivery, Destination, Notice
from coordination.delivery.own_mail import is_own_address
from coordination.delivery.quiet import service_begins
from coordination.delivery.release import release
from projects.house.rooms import Topic
from projects.record.reading import columns_of, row_of, rows
from projects.record.writing import write

_WHERE: Final = ("id", "channel", "officer_id", "group_id", "shown", "topics", "at_any_hour")
# Locked as a delivery to it does, so that none is written to a channel that is closed meanwhile.
_HEARD_ON: Final = f"""
    SELECT {columns_of(Destination, "channel", _WHERE)} FROM delivery_destination AS channel
    WHERE channel.is_active AND (channel.group_id = ANY(%(groups)s)
        OR channel.officer_id = ANY(%(officers)s) AND EXISTS (SELECT FROM staff_officer AS owner
            WHERE owner.id = channel.officer_id AND owner.is_active))
    ORDER BY channel.id FOR KEY SHARE OF channel
"""  # noqa: S608 - names of our own


@dataclass(frozen=True)
class Message:
    """A message, in the centre's own language; no names and no free text of an enterprise.

    Messages of one ``order_key`` reach each destination in the order in which they were written.
    Outside service hours a message waits until they begin, unless it or its topic is urgent.
    ``subject`` finds all deliveries about one thing. Mails alone enclose ``files``, and end with
    ``mail_note``; if the files are ``for_own_mail`` alone, only mails to the centre's own domains.
    """

    topic: Topic
    title: str
    text: str
    link: str = ""
    order_key: str = ""
    is_urgent: bool = False
    subject: str = ""
    files: tuple[Enclosure, ...] = ()
    mail_note: str = ""
    for_own_mail: bool = False

    @property
    def payload(self) -> dict[str, str]:
        """The payload that is sent."""
        url = urljoin(settings.PUBLIC_URL, self.link) if self.link else ""
        return {"title": self.title, "text": self.text, "url": url}

    def encloses_to(self, to: Destination) -> bool:
        """Whether its files, and the words about them, may go there."""
        is_mail = to.channel == Channel.EMAIL
        return is_mail and (not self.for_own_mail or is_own_address(to.shown))

    def payload_for(self, to: Destination) -> dict[str, str]:
        """The same as it goes there."""
        if not self.mail_note or not self.encloses_to(to):
            return self.payload
        text = "\n\n".join(each for each in (self.text, self.mail_note) if each)
        return self.payload | {"text": text}


def announce(
    message: Message, *, officers: Iterable[int | None], group: int | None = None, at: datetime
) -> None:
    """Notify each officer at his desk, and on the channels that he or the group chose for it.

    Call it inside the change that it is about, with its time. It only writes rows: the relay sends
    after the commit, and if the change is rolled back nothing is sent. The notice at the desk is
    there at once; outside service hours the channels wait, unless the message is urgent.
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
    sent = [(each.message, to) for each in heard for to in destinations if each.goes_to(to)]
    return [notice for each in heard for notice in each.notices(at)], _deliveries(sent, at)


def _destinations(announcements: Sequence[Announcement]) -> list[Destination]:
    """Every channel that may carry any of them."""
    officers = frozenset[int]().union(*(each.officers for each in announcements))
    groups = {each.group for each in announcements if each.group is not None}
    found = rows(_HEARD_ON, {"officers": list(officers), "groups": list(groups)})
    return [row_of(Destination, each, _WHERE) for each in found]


def _deliveries(sent: Sequence[tuple[Message, Destination]], at: datetime) -> list[Delivery]:
    """The unsaved rows; those that wait for service hours are due when these begin."""
    if not sent:
        return []
    begins = service_begins(at)
    rows = [_delivery(message, to, at, begins) for message, to in sent]
    urgent = [(row.destination_id, row.order_key) for row in rows if row.at_any_hour]
    release(urgent, at if begins > at else None)
    return rows


def _delivery(message: Message, to: Destination, at: datetime, begins: datetime) -> Delivery:
    at_any_hour = message.is_urgent or message.topic.is_urgent or to.at_any_hour
    return Delivery(
        destination=to, lane=to.lane, order_key=message.order_key, topic=message.topic.code,
        subject=message.subject, payload=message.payload_for(to),
        files=[each.kept for each in message.files] if message.encloses_to(to) else [],
        at_any_hour=at_any_hour, created_at=at, due_at=at if at_any_hour else begins,
    )  # fmt: skip


def enqueue(message: Message, destinations: Iterable[Destination], at: datetime) -> list[Delivery]:
    """Write one row of the outbox for each destination."""
    sent = [(message, each) for each in destinations]
    return Delivery.objects.bulk_create(_deliveries(sent, at))
