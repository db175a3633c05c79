"""Events that have their place become messages to webhooks, in the same transaction."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.utils import translation

from coordination.delivery.models import WebhookEndpoint
from coordination.delivery.webhooks.outgoing import Outgoing, enqueue_webhooks, subject_of
from coordination.delivery.webhooks.queries import listening
from coordination.intake.feed.queries import whole
from coordination.intake.feed.shape import as_told, topic_of
from coordination.intake.models import FeedEntry

Placed = tuple[int, int]  # a position, and whose it is


def fan_out(placed: Sequence[Placed], at: datetime) -> int:
    """Write these entries to the outbox, for each endpoint that wants them; says how many.

    Called by the sequencer, once for each entry: so a webhook follows the feed, and nothing that
    is in the one is missing from the other. The endpoints are locked, so none is disabled or
    opened halfway.
    """
    rows = listening({enterprise for _position, enterprise in placed})
    endpoints = defaultdict(list)
    for each in rows.order_by("pk").select_for_update(of=("self",), no_key=True):
        endpoints[each.enterprise_id].append(each)
    wanted = [position for position, enterprise in placed if enterprise in endpoints]
    if not wanted:
        return 0
    with translation.override(settings.LANGUAGE_CODE):  # a record of what was said
        return len(enqueue_webhooks(_messages(wanted, endpoints), at))


def _messages(
    positions: Sequence[int], endpoints: dict[int, list[WebhookEndpoint]]
) -> Iterator[tuple[WebhookEndpoint, Outgoing]]:
    for entry in whole(FeedEntry.objects.filter(position__in=positions)):
        topic = topic_of(entry.event.verb)
        wanting = [each for each in endpoints[entry.enterprise_id] if each.wants(topic)]
        if wanting:
            said = _outgoing(entry, topic)
            yield from ((endpoint, said) for endpoint in wanting)


def _outgoing(entry: FeedEntry, topic: str) -> Outgoing:
    event = entry.event
    return Outgoing(
        topic=topic, happened_at=event.recorded_at, data=as_told(entry),
        subject=subject_of(event.pk), order_key=f"ticket:{event.ticket_id}",
    )  # fmt: skip
