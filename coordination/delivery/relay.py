"""The relay: sends due deliveries, outside any transaction.

One thread uses the database: it claims deliveries and records results; the others only send. It
polls, so it needs no broker, and any number of relays may run in parallel.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

from django.db import DatabaseError, InterfaceError, connection

from coordination.delivery.models import WEBHOOK
from coordination.delivery.outbox import claim, give_up_exhausted, record
from coordination.delivery.senders.base import Parcel, Result
from coordination.delivery.senders.registry import LONGEST_ATTEMPT, send
from projects.record.clock import now

log = logging.getLogger(__name__)

THREADS = 16
SHARE = 2  # of the threads, at most, for one lane, so that a hanging receiver delays no other
RESERVED = 4  # of the threads, reserved for deliveries other than webhooks
# Seconds. Deliveries of a killed relay wait for its end, so it is short; but at least twice the
# longest attempt: sending starts when the delivery is claimed, and the rest of the time is for
# recording the result in a slow database.
LEASE = 2 * LONGEST_ATTEMPT
POLL = 0.5  # seconds between two polls when there is nothing to do
TIDY = 60.0  # seconds between two runs of ``_tidy``


@dataclass
class Relay:
    """One relay. ``run`` returns when it is asked to stop and all results are recorded."""

    threads: int = THREADS
    share: int = SHARE
    reserved: int = RESERVED
    lease: float = LEASE
    stopping: Event = field(default_factory=Event)
    # Functions called before each poll of the outbox, which write further deliveries.
    fill: tuple[Callable[[], object], ...] = ()

    def __post_init__(self) -> None:
        """A lease that ends while its message is still being sent would send it twice."""
        self.reserved = min(self.reserved, self.threads - 1)
        if self.lease < LEASE:
            raise ValueError(f"the lease must be at least {LEASE:g} s")
        self._under_way: dict[Future[Result], tuple[Parcel, datetime, float]] = {}
        self._tidied = self._filled = -TIDY

    def run(self) -> None:
        """Claim, send and record, until asked to stop. Waits while the database is unavailable."""
        with ThreadPoolExecutor(self.threads, thread_name_prefix="send") as pool:
            while not self.stopping.is_set() or self._under_way:
                try:
                    self._turn(pool)
                except (DatabaseError, InterfaceError) as error:
                    log.warning("the database does not answer: %s", type(error).__name__)
                    connection.close()
                    self.stopping.wait(1)

    def drain(self) -> None:
        """Send until nothing is due any more."""
        with ThreadPoolExecutor(self.threads, thread_name_prefix="send") as pool:
            while self._take_and_record(pool) or self._under_way:
                wait(self._under_way, return_when=FIRST_COMPLETED)

    def _turn(self, pool: ThreadPoolExecutor) -> None:
        taken = self._take_and_record(pool)
        if self._under_way:
            wait(self._under_way, timeout=POLL, return_when=FIRST_COMPLETED)
        elif not taken:
            self._tidy()
            self.stopping.wait(POLL)

    def _take_and_record(self, pool: ThreadPoolExecutor) -> int:
        self._record_done()
        return 0 if self.stopping.is_set() else self._claim(pool)

    def _claim(self, pool: ThreadPoolExecutor) -> int:
        free = self.threads - len(self._under_way)
        if not free:
            return 0
        self._fill()
        busy = Counter(parcel.lane for parcel, _at, _since in self._under_way.values())
        lease = timedelta(seconds=self.lease)
        hooks = sum(parcel.channel == WEBHOOK for parcel, _at, _since in self._under_way.values())
        parcels = claim(
            limit=free, share=self.share, busy=busy, lease=lease, at=now(),
            hooks=max(self.threads - self.reserved - hooks, 0),
        )  # fmt: skip
        for parcel in parcels:
            self._under_way[pool.submit(send, parcel)] = (parcel, now(), time.monotonic())
        return len(parcels)

    def _fill(self) -> None:
        """Call them at most once per poll interval; their errors are logged and ignored."""
        if time.monotonic() - self._filled < POLL:
            return
        self._filled = time.monotonic()
        for each in self.fill:
            try:
                each()
            except (DatabaseError, InterfaceError):
                raise
            except Exception:
                log.exception("the outbox was not filled")

    def _record_done(self) -> None:
        """Keep each result until it is recorded, so that none is lost with the database."""
        for future in [each for each in self._under_way if each.done()]:
            parcel, started_at, since = self._under_way[future]
            result = future.result()
            took = timedelta(seconds=time.monotonic() - since)
            record(parcel, result, started_at=started_at, took=took, at=now())
            del self._under_way[future]
            self._say(parcel, result)

    def _say(self, parcel: Parcel, result: Result) -> None:
        outcome = "arrived" if result.is_success else "failed"
        log.info(
            "%s %s %s try %d %s %s",
            parcel.channel, parcel.topic, parcel.message_id, parcel.tries, outcome,
            result.status or result.detail,
        )  # fmt: skip

    def _tidy(self) -> None:
        if time.monotonic() - self._tidied > TIDY:
            self._tidied = time.monotonic()
            given_up = give_up_exhausted(at=now())
            if given_up:
                log.warning("%d deliveries were given up without an answer", given_up)
