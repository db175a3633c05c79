"""One way to write a value as bytes, so that a hash means the same on any machine and any day."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from types import NoneType
from typing import Any, Final

import orjson

_HOLD_NOTHING: Final = frozenset({str, int, bool, NoneType, datetime, date, Decimal})
_OPTIONS: Final = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME


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
    found = [value]
    for each in found:  # and what is found within it, which is added meanwhile
        if type(each) in _HOLD_NOTHING:
            continue
        if isinstance(each, dict):
            found += each.values()
        elif isinstance(each, (list, tuple)):
            found += each
        elif isinstance(each, float):
            raise TypeError("a float has no canonical form; use Decimal")


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8; times in UTC, Decimals as strings.

    Floats are refused: money and rates are Decimals here.
    """
    _refuse_floats(value)
    return compact(value, default=_plain)


def compact(value: Any, *, default: Callable[[Any], Any]) -> bytes:
    """The same with floats; ``default`` says what JSON has no word for, or raises TypeError."""
    try:
        return orjson.dumps(value, default, _OPTIONS)
    except orjson.JSONEncodeError:  # a number of more than 64 bits, a lone surrogate, or no form
        text = json.dumps(
            value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=default
        )
        return text.encode()


def as_json(value: Any) -> bytes:
    """JSON as Python's own writes it, without its spaces; most of it many times as fast."""
    try:
        said = orjson.dumps(value, None, orjson.OPT_PASSTHROUGH_DATETIME)
    except orjson.JSONEncodeError:
        return json.dumps(value).encode()
    return json.dumps(value).encode() if b"null" in said else said  # which may be a NaN's


def digest(value: Any) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()
