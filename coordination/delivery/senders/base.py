"""What a sender is given, and what it says came of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID

from coordination.delivery.client import Answer
from projects.record.clock import machine_now

SHORT = 200  # characters of an answer that are kept


@dataclass(frozen=True)
class Parcel:
    """One claimed delivery, whole: who sends it needs no database.

    ``claim`` proves that it is still ours when the result is recorded; ``claimed_at`` is the
    record's time at which it was taken.
    """

    delivery_id: int
    claim: UUID
    claimed_at: datetime
    message_id: UUID
    channel: str
    lane: str
    tries: int
    topic: str
    payload: dict[str, Any]
    sealed: str = field(repr=False)
    sealed_link: str = field(default="", repr=False)
    body: str = field(default="", repr=False)
    endpoint_id: int | None = None


@dataclass(frozen=True)
class Result:
    """What came of one attempt; ``is_gone`` where the receiver wants nothing ever again."""

    is_success: bool
    detail: str = ""
    status: int | None = None
    retry_after: timedelta | None = None
    is_gone: bool = False


Sender = Callable[[Parcel, dict[str, Any]], Result]


def result_of(answer: Answer, *, is_success: bool, detail: str) -> Result:
    """By the status, with the receiver's wish to wait."""
    return Result(
        is_success, detail[:SHORT], answer.status, _wish(answer.retry_after), answer.status == GONE
    )


GONE = 410


def _wish(header: str) -> timedelta | None:
    """Retry-After: seconds, or a date."""
    if header.isascii() and header.isdigit():
        return timedelta(seconds=min(int(header[:9]), 10**6))
    try:
        wished: datetime = parsedate_to_datetime(header)
        return max(wished - machine_now(), timedelta(0))
    except (ValueError, TypeError):
        return None
