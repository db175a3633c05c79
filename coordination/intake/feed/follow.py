"""Following the feed: what is new at once, or as soon as there is something (long-poll)."""

import time
from threading import BoundedSemaphore
from typing import Final

from django.conf import settings
from django.db import connection

from coordination.intake.feed.queries import Place, entries_after
from coordination.intake.feed.sequence import sequence
from coordination.intake.models import FeedEntry
from projects.access.models import ApiKey

LONGEST_WAIT: Final = 20  # seconds, as long as a web server that is asked to stop waits
_PAUSE: Final = 0.5  # seconds between two looks
# Whoever waits occupies a thread of the web server, so half of them are kept for the others.
_waiting = BoundedSemaphore(settings.WAITING_CALLERS)


def follow(*, place: Place, limit: int, wait: float = 0, by: ApiKey) -> list[FeedEntry]:
    """The next entries; waits up to ``wait`` seconds for the first where there are none.

    Answers at once, with nothing, where as many callers wait already as may.
    """
    found = _look(place, limit, by)
    if found or wait <= 0 or not _waiting.acquire(blocking=False):
        return found
    try:
        return _wait(place, limit, time.monotonic() + min(wait, LONGEST_WAIT), by)
    finally:
        _waiting.release()


def _wait(place: Place, limit: int, until: float, by: ApiKey) -> list[FeedEntry]:
    while (left := until - time.monotonic()) > 0:
        if not connection.in_atomic_block:
            connection.close()  # back to the pool: nobody holds a connection while asleep
        time.sleep(min(_PAUSE, left))
        if found := _look(place, limit, by):
            return found
    return []


def _look(place: Place, limit: int, by: ApiKey) -> list[FeedEntry]:
    sequence()
    return entries_after(place, by, limit)
