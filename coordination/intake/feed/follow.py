"""Reading the feed by long-poll: at once what is new, or as soon as there is something."""

import time
from threading import BoundedSemaphore
from typing import Final

from django.conf import settings
from django.db import connection

from coordination.intake.feed.queries import Place, entries_after
from coordination.intake.feed.sequence import sequence
from coordination.intake.models import FeedEntry
from projects.access.models import ApiKey

LONGEST_WAIT: Final = 20  # seconds; a stopping web server waits as long
_PAUSE: Final = 0.5  # seconds between two reads
# A waiting caller occupies a thread of the web server, so their number is limited.
_waiting = BoundedSemaphore(settings.WAITING_CALLERS)


def follow(*, place: Place, limit: int, wait: float = 0, by: ApiKey) -> list[FeedEntry]:
    """The next entries, at most ``limit``; waits up to ``wait`` seconds where there are none yet.

    Does not wait where the most callers that may wait already do.
    """
    entries = _read(place, limit, by)
    if entries or wait <= 0 or not _waiting.acquire(blocking=False):
        return entries
    try:
        return _wait(place, limit, time.monotonic() + min(wait, LONGEST_WAIT), by)
    finally:
        _waiting.release()


def _wait(place: Place, limit: int, until: float, by: ApiKey) -> list[FeedEntry]:
    while (left := until - time.monotonic()) > 0:
        if not connection.in_atomic_block:
            connection.close()  # back to the pool while this caller sleeps
        time.sleep(min(_PAUSE, left))
        if entries := _read(place, limit, by):
            return entries
    return []


def _read(place: Place, limit: int, by: ApiKey) -> list[FeedEntry]:
    sequence()
    return entries_after(place, by, limit)
