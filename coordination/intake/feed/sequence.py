"""The sequencer: gives committed events their positions in the feed."""

from typing import Final

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from coordination.intake.feed.fan_out import Placed, fan_out
from projects.record.clock import now

FEED_LOCK: Final = 0x5A544346  # "ZTCF": one sequencer at a time
BATCH: Final = 1000

# The lock is taken by an earlier statement, so this one sees all that the last sequencer wrote.
# Of one ticket, ids follow the order of its events, since its row is locked while one is written.
_SEQUENCE: Final = """
    WITH taken AS (
        DELETE FROM intake_feedpending WHERE event_id IN (
            SELECT event_id FROM intake_feedpending ORDER BY event_id LIMIT %s
        ) RETURNING event_id, enterprise_id
    )
    INSERT INTO intake_feedentry (position, event_id, enterprise_id)
    SELECT (SELECT COALESCE(max(position), 0) FROM intake_feedentry)
            + row_number() OVER (ORDER BY event_id),
        event_id, enterprise_id
    FROM taken
    RETURNING position, enterprise_id
"""


def sequence() -> int:
    """Give every committed event its position and write its webhook messages; return their number.

    Safe to call at any time: callers take turns, and each batch is one transaction. An event that
    commits later gets a later position, whatever its id.
    """
    count = 0
    with connection.cursor() as cursor:
        while _is_any_pending(cursor):
            with transaction.atomic():
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FEED_LOCK])
                cursor.execute(_SEQUENCE, [BATCH])
                placed: list[Placed] = cursor.fetchall()
                fan_out(placed, now())
                count += len(placed)
    return count


def _is_any_pending(cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT EXISTS (SELECT 1 FROM intake_feedpending)")
    (is_pending,) = cursor.fetchone()
    return bool(is_pending)
