"""Writes webhook messages for feed entries, in the transaction that gave them their position."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.utils import translation

from coordination.delivery.models import WebhookEndpoint
from coordination.delivery.webhooks.outgoing import Outgoing, enqueue_webhooks, subject_of
from coordination.delivery.webhooks.queries import listening
from coordination.intake.feed.queries import with_related
from coordination.intake.feed.shape import represent_entry, topic_of
from coordination.intake.models import FeedEntry
from coordination.tickets.queries_authors import names_of
from projects.register.names import Names

Placed = tuple[int, int]  # position, enterprise


def fan_out(placed: Sequence[Placed], at: datetime) -> int:
    """Write these entries to the outbox, for each endpoint that wants them; return the number.

    Called by the sequencer once for each entry, so webhooks send exactly what the feed has. The
    endpoints are locked, so that none is disabled or opened meanwhile.
    """
    rows = listening({enterprise for _position, enterprise in placed})
    endpoints = defaultdict(list)
    for endpoint in rows.order_by("pk").select_for_update(of=("self",), no_key=True):
        endpoints[endpoint.enterprise_id].append(endpoint)
    positions = [position for position, enterprise in placed if enterprise in endpoints]
    if not positions:
        return 0
    with translation.override(settings.LANGUAGE_CODE):  # not the language of whoever called
        return len(enqueue_webhooks(_messages(positions, endpoints), at))


def _messages(
    positions: Sequence[int], endpoints: dict[int, list[WebhookEndpoint]]
) -> Iterator[tuple[WebhookEndpoint, Outgoing]]:
    entries = list(with_related(FeedEntry.objects.filter(position__in=positions)))
    names = names_of(entry.event for entry in entries)
    for entry in entries:
        topic = topic_of(entry.event.verb)
        receivers = [item for item in endpoints[entry.enterprise_id] if item.wants(topic)]
        if receivers:
            message = _outgoing(entry, topic, names)
            yield from ((endpoint, message) for endpoint in receivers)


def _outgoing(entry: FeedEntry, topic: str, names: Names) -> Outgoing:
    event = entry.event
    return Outgoing(
        topic=topic, happened_at=event.recorded_at, data=represent_entry(entry, names),
        subject=subject_of(event.pk), order_key=f"ticket:{event.ticket_id}",
    )  # fmt: skip
