"""Standard Webhooks: the form of a secret, and how it signs. Uses no database.

What is signed is ``id.timestamp.body``, with HMAC-SHA256; a header carries a signature for each
secret that is valid at that moment, so a receiver may change to a new one at any time.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

PREFIX: Final = "whsec_"
_SECRET_BYTES: Final = 32


def new_secret() -> str:
    """256 random bits, in the standard's form."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def written_id(message_id: UUID) -> str:
    """The message id that receivers see; the same however often it is sent."""
    return f"msg_{message_id.hex}"


def read_id(text: str) -> UUID | None:
    """The id in what ``written_id`` wrote; None if it is not of that form."""
    try:
        return UUID(hex=text.removeprefix("msg_"))
    except ValueError:
        return None


def sign(secret: str, *, message: str, timestamp: int, body: bytes) -> str:
    """One signature, ``v1,…``."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def good_at(kept: Iterable[dict[str, Any]], at: datetime) -> list[str]:
    """The secrets that are valid at this moment, the newest first."""
    return [
        each["secret"]
        for each in kept
        if each["until"] is None or datetime.fromisoformat(each["until"]) > at
    ]


def headers(
    signing: Iterable[str], *, message_id: UUID, at: datetime, body: bytes
) -> dict[str, str]:
    """The three headers of the standard."""
    message, timestamp = written_id(message_id), int(at.timestamp())
    signed = (sign(each, message=message, timestamp=timestamp, body=body) for each in signing)
    return {
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signed),
    }
