"""Reading the feed by long-poll: at once what is new, or as soon as there is something."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

from django.conf import settings
from django.db import connection

from coordination.intake.feed.queries import Place, entries_after
from coordination.intake.feed.sequence import sequence
from coordination.intake.models import FeedEntry
from projects.access.authentication import require_still_open
from projects.access.models import ApiKey

LONGEST_WAIT: Final = 20  # seconds; a stopping web server waits as long
_PAUSE: Final = 0.5  # seconds between two reads


class WaitingRoom:
    """The callers that wait: each occupies a thread of the web server, so their number is limited.

    An enterprise may have half of the places, so that another always finds one.
    """

    def __init__(self, places: int) -> None:
        self._places, self._share = places, max(1, places // 2)
        self._lock = Lock()
        self._waits = list[tuple[int, float]]()  # whose each is, and when it ends

    @contextmanager
    def place(self, enterprise: int, until: float) -> Iterator[int]:
        """Take a place and give 0, or else the seconds until one is free at the latest."""
        with self._lock:
            every = [end for _whose, end in self._waits]
            own = [end for whose, end in self._waits if whose == enterprise]
            full = own if len(own) >= self._share else every if len(every) >= self._places else []
            wait = max(1, math.ceil(min(full) - time.monotonic())) if full else 0
            if not wait:
                self._waits.append((enterprise, until))
        try:
            yield wait
        finally:
            if not wait:
                with self._lock:
                    self._waits.remove((enterprise, until))


_room: Final = WaitingRoom(settings.WAITING_CALLERS)


def follow(*, place: Place, limit: int, wait: float = 0, by: ApiKey) -> tuple[list[FeedEntry], int]:
    """The next entries, at most ``limit``, and the seconds after which to ask again, mostly 0.

    Waits up to ``wait`` seconds where there are none yet; not where the most callers that may
    wait already do, or those of the enterprise.
    """
    entries = _read(place, limit, by)
    if entries or wait <= 0:
        return entries, 0
    until = time.monotonic() + min(wait, LONGEST_WAIT)
    with _room.place(by.enterprise_id, until) as ask_again_in:
        return ([], ask_again_in) if ask_again_in else (_wait(place, limit, until, by), 0)


def _wait(place: Place, limit: int, until: float, by: ApiKey) -> list[FeedEntry]:
    while (left := until - time.monotonic()) > 0:
        if not connection.in_atomic_block:
            connection.close()  # back to the pool while this caller sleeps
        time.sleep(min(_PAUSE, left))
        if entries := _read(place, limit, by):
            require_still_open(by)
            return entries
    return []


def _read(place: Place, limit: int, by: ApiKey) -> list[FeedEntry]:
    sequence()
    return entries_after(place, by, limit)
