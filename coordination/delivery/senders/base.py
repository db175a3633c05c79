"""The input and the result of a sender."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID

from coordination.delivery.client import Answer
from coordination.delivery.enclosures import OpenedEnclosure
from projects.record.clock import machine_now

SHORT = 200  # characters of an answer that are stored


@dataclass(frozen=True)
class Parcel:
    """One claimed delivery with all that sending needs, so that senders use no database.

    ``claim`` shows, when the result is recorded, whether the delivery is still claimed by this
    relay; ``claimed_at`` is the record's time of the claim.
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
    files: tuple[OpenedEnclosure, ...] = ()


@dataclass(frozen=True)
class Result:
    """The result of one attempt; ``is_gone`` after a 410: the receiver wants nothing more."""

    is_success: bool
    detail: str = ""
    status: int | None = None
    retry_after: timedelta | None = None
    is_gone: bool = False


Sender = Callable[[Parcel, dict[str, Any]], Result]


def result_of(answer: Answer, *, is_success: bool, detail: str) -> Result:
    """The result by the answer's status, with its Retry-After."""
    return Result(
        is_success, detail[:SHORT], answer.status, _wish(answer.retry_after), answer.status == GONE
    )


GONE = 410


def _wish(header: str) -> timedelta | None:
    """Parse Retry-After: seconds, or a date."""
    if header.isascii() and header.isdigit():
        return timedelta(seconds=min(int(header[:9]), 10**6))
    try:
        wished: datetime = parsedate_to_datetime(header)
        return max(wished - machine_now(), timedelta(0))
    except (ValueError, TypeError):
        return None
