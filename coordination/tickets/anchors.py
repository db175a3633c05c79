"""A hash over each day's events, so that a chain rewritten as a whole is noticed, too."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

from coordination.tickets.models import EventAnchor, TicketEvent
from coordination.tickets.ranges import wrong_ranges
from projects.flow.chain import altered
from projects.record.canonical import digest
from projects.record.clock import change, now, settle

# A room above says here what else is to be compared with the record: each names what differs.
AUDITS: Final[list[Callable[[], Iterator[str]]]] = []


def _bounds(day: date) -> tuple[datetime, datetime]:
    begins = timezone.make_aware(datetime.combine(day, time.min))
    return begins, timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _seal(day: date, previous: str) -> tuple[int, str]:
    begins, ends = _bounds(day)
    heads = [
        list(row)
        for row in TicketEvent.objects.filter(recorded_at__gte=begins, recorded_at__lt=ends)
        .order_by("recorded_at", "id")
        .values_list("ticket_id", "seq", "hash")
        .iterator()
    ]
    return len(heads), digest([day, previous, heads])


def _days_owed(today: date) -> Iterator[date]:
    """The days before today that have events and no anchor yet."""
    last = EventAnchor.objects.order_by("-day").first()
    events = TicketEvent.objects.order_by("recorded_at")
    if last:
        events = events.filter(recorded_at__gte=_bounds(last.day)[1])
    first_of_today = _bounds(today)[0]
    while event := events.filter(recorded_at__lt=first_of_today).first():
        day = timezone.localdate(event.recorded_at)
        yield day
        events = events.filter(recorded_at__gte=_bounds(day)[1])


def anchor_missing() -> int:
    """Anchor every past day that has events and no anchor; return how many there were.

    Idempotent: the day is unique.
    """
    today = timezone.localdate(now())
    settle()  # a transaction that read yesterday's time may still be open
    made = 0
    for day in list(_days_owed(today)):
        with change() as at:
            last = EventAnchor.objects.order_by("-day").first()
            if last and last.day >= day:
                continue
            previous = last.hash if last else ""
            count, sealed = _seal(day, previous)
            _, created = EventAnchor.objects.get_or_create(
                day=day,
                defaults={
                    "event_count": count, "previous_hash": previous, "hash": sealed,
                    "recorded_at": at,
                },
            )  # fmt: skip
            made += created
    return made


def broken_anchors() -> Iterator[str]:
    """Name every day whose events differ from its anchor."""
    previous = ""
    for anchor in EventAnchor.objects.order_by("day"):
        count, sealed = _seal(anchor.day, anchor.previous_hash)
        if anchor.previous_hash != previous or (count, sealed) != (anchor.event_count, anchor.hash):
            yield f"{anchor.day}: its events are not those that were sealed"
        previous = anchor.hash


def audit() -> Iterator[str]:
    """Name every altered event, text and day, and what no longer agrees with the events."""
    events = TicketEvent.objects.select_related("text").order_by("ticket_id", "seq")
    yield from altered(events.iterator(chunk_size=2000))
    yield from broken_anchors()
    yield from wrong_ranges()
    for names in AUDITS:
        yield from names()
