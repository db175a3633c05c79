"""The one clock, and the one way to write to the record.

A bulletin is a function of the rows recorded up to its cut-off. That holds only if no row
with an earlier recorded time can still be uncommitted when the bulletin reads. So every verb
works inside :func:`change`: it takes a shared advisory lock *before* it reads the clock, and
the builder of a bulletin takes the same lock exclusively for an instant (:func:`settle`) after
the cut-off; when it has it, every transaction that read an earlier time has ended.

A change reads PostgreSQL's clock, which all hosts share, so that their own clocks may differ: a
list that promises to miss nothing (:func:`recorded_until`) depends on the order of these times.
Elsewhere columns are compared by :func:`now`. In a demonstration both differ from the real time by
a fixed number of seconds, one row that every process reads with each use of the clock, so that all
of them agree while it is moved. What is sent outside or belongs to a library (signatures of
webhooks, HTTP dates) uses :func:`machine_now`.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg.errors import LockNotAvailable

RECORD_LOCK = 0x5A5443  # "ZTC": the advisory lock between writers and the bulletin's builder
_MOMENT: Final = "200ms"  # the longest time for which writers wait for the builder
_PAUSE: Final = 0.1  # seconds
_OFFSET: Final = "SELECT seconds FROM record_clock_offset"
# Two statements in one round trip: the clock is read once the lock is held.
_BEGIN_CHANGE: Final = "SELECT pg_advisory_xact_lock_shared(%s); SELECT clock_timestamp()"
# A transaction begins before it takes the lock. What this connection does itself, it sees anyway.
_OLDEST_CHANGE: Final = """
    SELECT least(statement_timestamp(), min(activity.xact_start))
    FROM pg_locks AS held JOIN pg_stat_activity AS activity USING (pid)
    WHERE held.locktype = 'advisory' AND held.granted AND held.pid <> pg_backend_pid()
        AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND (held.classid, held.objid, held.objsubid) = (0, %s, 1)
"""

_set_to: ContextVar[datetime | None] = ContextVar("clock_set_to", default=None)
_under_way: ContextVar["_Change | None"] = ContextVar("change_under_way", default=None)


@dataclass(frozen=True)
class _Change:
    """The outermost change: its time, and whether nested verbs use no savepoints."""

    moment: datetime
    whole: bool


def machine_now() -> datetime:
    """The machine's own time, aware: for what is sent outside or belongs to a library."""
    return timezone.now()


def now() -> datetime:
    """The time by the one clock, aware.

    The machine's time, and in a demonstration that plus the offset. Within :func:`clock_at`, the
    moment that was set.
    """
    return _set_to.get() or machine_now() + clock_offset()


def clock_offset() -> timedelta:
    """By how much the clock differs from the machine's: zero, except in a demonstration.

    There it is read from the database each time, after the lock of :func:`change` was taken: a
    process that remembered an offset could still record an earlier time when a bulletin is built.
    """
    if not settings.DEMONSTRATION:
        return timedelta(0)
    with connection.cursor() as cursor:
        cursor.execute(_OFFSET)
        row = cursor.fetchone()
    return timedelta(seconds=row[0] if row else 0)


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Set the clock to ``moment`` for the block: for the demonstration's loader and tests.

    Raises ImproperlyConfigured if the deployment does not allow it; production never does.
    """
    if not settings.DEMO_CLOCK:
        raise ImproperlyConfigured("the clock can be set only where DEMO_CLOCK is on")
    token = _set_to.set(moment)
    try:
        yield
    finally:
        _set_to.reset(token)


@contextmanager
def change(*, whole: bool = False) -> Iterator[datetime]:
    """Open one change of the record: a transaction, and the time that all its rows carry.

    A verb called by another verb joins its transaction and its time, so a handover and the
    tickets that it moves carry the same time. An exception in a nested verb undoes that verb
    alone, and its caller may catch it and continue; but if the outermost change is ``whole``,
    it must undo everything, and no savepoints are used.
    """
    outer = _under_way.get()
    if outer is not None:
        with transaction.atomic(savepoint=not outer.whole):
            yield outer.moment
        return
    with transaction.atomic():
        moment = _begin_change()
        token = _under_way.set(_Change(moment, whole))
        try:
            yield moment
        finally:
            _under_way.reset(token)


def _begin_change() -> datetime:
    """Take the shared lock, then read the clock."""
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN_CHANGE, [RECORD_LOCK])
        cursor.nextset()
        moment: datetime = cursor.fetchone()[0]
    return _set_to.get() or moment + clock_offset()


def recorded_until() -> datetime:
    """The moment before which everything is recorded: no change can add anything earlier.

    It is the begin of the oldest change that is under way, or else the present. Read it by a
    statement of its own, before the rows: whatever has ended by then, they show.
    """
    offset = clock_offset()  # read first: the clock is moved only forward, and not during a change
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST_CHANGE, [RECORD_LOCK])
        moment: datetime = cursor.fetchone()[0]
    return moment + offset


def settle(until: datetime | None = None) -> None:
    """Wait until no change can be recorded any more with a time before ``until``.

    By default that is the machine's present, which the clock of PostgreSQL may not have reached
    yet. Writers queue behind our request for the lock, so it times out after 200 ms and is
    repeated: one long transaction delays only the builder.
    """
    moment = until or machine_now()
    while not _had_the_record_to_itself(moment):
        time.sleep(_PAUSE)


def _had_the_record_to_itself(moment: datetime) -> bool:
    """Whether all changes that were under way have ended, and later ones begin after ``moment``."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_MOMENT}'")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RECORD_LOCK])
            cursor.execute("SELECT clock_timestamp() >= %s", [moment])
            (is_past,) = cursor.fetchone()
            return bool(is_past)
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            return False
        raise
