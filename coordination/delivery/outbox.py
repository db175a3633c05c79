"""Claim due deliveries, and record the results of attempts."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext_noop

from coordination.delivery.digest import merge_waiting, payload_of
from coordination.delivery.enclosures import extra_seconds, opened
from coordination.delivery.give_up import give_up, settle_carried
from coordination.delivery.models import WEBHOOK, Attempt, Delivery, Destination, State
from coordination.delivery.quiet import is_quiet
from coordination.delivery.schedule import MOST_TRIES, next_pause
from coordination.delivery.senders.base import Parcel, Result
from coordination.delivery.topics import DIGEST
from coordination.delivery.webhooks.health import lock_if_changed, note_result
from projects.record.sealed_fields import as_sealed

# Lane by lane (a loose index scan, so a lane with a long queue costs no more than a short one),
# the oldest deliveries that are due, as many as the lane may still take. A delivery is skipped
# while an earlier one of its order key is pending. Webhooks are numbered among themselves, and at
# most ``hooks`` of them are taken. In quiet hours only those leave that may at any hour. A message
# does not overtake a digest that carries an earlier one of its order key, and a digest no earlier
# message of an order key that it carries.
_DUE = """
    WITH RECURSIVE lanes (lane) AS (
        (SELECT lane FROM delivery_delivery WHERE state = 'pending' ORDER BY lane LIMIT 1)
        UNION ALL
        SELECT (SELECT d.lane FROM delivery_delivery AS d
                WHERE d.state = 'pending' AND d.lane > lanes.lane ORDER BY d.lane LIMIT 1)
        FROM lanes WHERE lanes.lane IS NOT NULL
    ), busy (lane, number) AS (
        SELECT * FROM unnest(%(lanes)s::text[], %(numbers)s::int[])
    )
    SELECT id FROM (
        SELECT due.id, due.due_at, COALESCE(busy.number, 0) AS under_way,
            lanes.lane LIKE 'hook:%%' AS is_hook,
            row_number() OVER (
                PARTITION BY lanes.lane LIKE 'hook:%%'
                ORDER BY COALESCE(busy.number, 0), due.due_at, due.id
            ) AS place
        FROM lanes
        LEFT JOIN busy USING (lane)
        CROSS JOIN LATERAL (
            SELECT d.id, d.due_at FROM delivery_delivery AS d
            WHERE d.state = 'pending' AND d.lane = lanes.lane AND d.due_at <= %(at)s
                AND d.tries < %(most)s
                AND (d.at_any_hour OR NOT %(is_quiet)s)
                AND (d.order_key = '' OR NOT EXISTS (
                    SELECT FROM delivery_delivery AS earlier
                    WHERE earlier.state = 'pending' AND earlier.lane = d.lane
                        AND earlier.destination_id IS NOT DISTINCT FROM d.destination_id
                        AND earlier.order_key = d.order_key AND earlier.id < d.id))
                AND (d.order_key = '' OR NOT EXISTS (
                    SELECT FROM delivery_delivery AS merged
                    JOIN delivery_delivery AS digest ON digest.id = merged.carried_by_id
                    WHERE merged.state = 'merged' AND digest.state = 'pending'
                        AND merged.destination_id = d.destination_id
                        AND merged.order_key = d.order_key AND digest.id < d.id))
                AND (d.order_key <> 'digest' OR NOT EXISTS (
                    SELECT FROM delivery_delivery AS earlier
                    WHERE earlier.state = 'pending' AND earlier.lane = d.lane
                        AND earlier.destination_id = d.destination_id AND earlier.id < d.id
                        AND earlier.order_key <> '' AND earlier.order_key IN (
                            SELECT order_key FROM delivery_delivery WHERE carried_by_id = d.id)))
            ORDER BY d.due_at, d.id
            LIMIT GREATEST(%(share)s - COALESCE(busy.number, 0), 0)
            FOR UPDATE SKIP LOCKED
        ) AS due
        WHERE lanes.lane IS NOT NULL
    ) AS found
    WHERE NOT is_hook OR place <= %(hooks)s
    ORDER BY under_way, due_at, id
    LIMIT %(limit)s
"""


def claim(
    *,
    limit: int,
    share: int,
    busy: Mapping[str, int],
    hooks: int | None = None,
    lease: timedelta,
    at: datetime,
) -> list[Parcel]:
    """Claim due deliveries for the length of the lease, at most ``share`` under way in a lane.

    At most ``hooks`` of them are webhooks: however many of the enterprises' receivers hang, the
    desk's own messages are sent.

    In quiet hours (``quiet.py``) messages to people wait, however long they were due; when these
    end, what waited is merged into digests first (``digest.py``).

    Two relays never claim the same row: it is locked while it is claimed, and due again only after
    the lease. The try is counted now, so a message that kills its relay is given up in the end.
    """
    token, quiet = uuid.uuid4(), is_quiet(at)
    if not quiet:
        merge_waiting(at)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                _DUE,
                {
                    "lanes": list(busy), "numbers": list(busy.values()), "at": at,
                    "most": MOST_TRIES, "share": share, "limit": limit,
                    "hooks": limit if hooks is None else hooks, "is_quiet": quiet,
                },
            )  # fmt: skip
            ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return []
        rows = list(Delivery.objects.filter(pk__in=ids).select_related("destination", "endpoint"))
        for row in rows:
            # twice what the sender is given, as the lease itself is
            longer = timedelta(seconds=2 * extra_seconds(each["size"] for each in row.files))
            row.claim, row.due_at, row.tries = token, at + lease + longer, row.tries + 1
        Delivery.objects.bulk_update(rows, ["claim", "due_at", "tries"])
    order = {pk: place for place, pk in enumerate(ids)}
    return [_parcel(row, token, at) for row in sorted(rows, key=lambda row: order[row.pk])]


def _parcel(row: Delivery, token: uuid.UUID, at: datetime) -> Parcel:
    """Prepare a delivery; it is decrypted when sent, so an unreadable row blocks no claim."""
    to = row.destination
    return Parcel(
        delivery_id=row.pk, claim=token, claimed_at=at, message_id=row.message_id,
        channel=to.channel if to else WEBHOOK, lane=row.lane, tries=row.tries, topic=row.topic,
        payload=payload_of(row), sealed=to.sealed if to else as_sealed(row.endpoint, "kept"),
        sealed_link=row.sealed_link or "", body=as_sealed(row, "body"),
        endpoint_id=row.endpoint_id, files=opened(row.files),
    )  # fmt: skip


def record(
    parcel: Parcel, result: Result, *, started_at: datetime, took: timedelta, at: datetime
) -> None:
    """Record an attempt, and update its delivery and channel accordingly.

    After the end of its lease a relay still records its attempt, but changes nothing else: the
    delivery may have been claimed by another relay.
    """
    with transaction.atomic():
        endpoint = lock_if_changed(parcel.endpoint_id, result, at)
        row = Delivery.objects.select_for_update().get(pk=parcel.delivery_id)
        Attempt.objects.create(
            delivery=row, started_at=started_at, duration=took, is_success=result.is_success,
            status=result.status, detail=result.detail,
        )  # fmt: skip
        if row.claim == parcel.claim and row.state == State.PENDING:
            _settle(row, result, at)
        if endpoint is not None:
            note_result(endpoint, result, at)


def _settle(row: Delivery, result: Result, at: datetime) -> None:
    pause = next_pause(row.tries, asked=result.retry_after)
    row.claim = None
    if result.is_success:
        row.state, row.settled_at = State.DELIVERED, at
        row.sealed_link = row.sealed_link and ""
    elif result.is_gone or pause is None:
        row.state, row.settled_at = State.DEAD, at
    else:
        row.due_at = at + pause
    row.save(update_fields=["claim", "state", "settled_at", "due_at", "sealed_link"])
    if row.topic == DIGEST.code:
        settle_carried(at)
    if result.is_gone and row.destination_id is not None:
        close_for_good(row.destination_id, at)


GONE = gettext_noop("the receiver said that it is gone (410)")


def close_for_good(destination: int, at: datetime) -> None:
    """After a 410: close the channel and give up its pending deliveries."""
    Destination.objects.filter(pk=destination).update(is_active=False, closed_because=GONE)
    give_up(Delivery.objects.filter(destination=destination), at)


def give_up_exhausted(*, at: datetime) -> int:
    """Give up deliveries whose last try was never recorded, because the relay died."""
    exhausted = Delivery.objects.filter(tries__gte=MOST_TRIES, due_at__lte=at, claim__isnull=False)
    return give_up(exhausted, at)
