"""One way to write a value as bytes, so that a hash means the same on any machine and any day."""

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        moment = value if value.tzinfo is UTC else value.astimezone(UTC)
        return moment.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"no canonical form for {type(value).__name__}")


def _refuse_floats(value: Any) -> None:
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            left.extend(each.values())
        elif isinstance(each, (list, tuple)):
            left.extend(each)
        elif isinstance(each, float):
            raise TypeError("a float has no canonical form; use Decimal")


_CANONICAL: Final = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain
)


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8; times in UTC, Decimals as strings.

    Floats are refused: money and rates are Decimals here.
    """
    _refuse_floats(value)
    return _CANONICAL.encode(value).encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()
