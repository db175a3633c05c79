"""Canonical JSON: the same value gives the same bytes, and so the same hash, everywhere."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain
from types import NoneType
from typing import Any, Final

import orjson

_HOLD_NOTHING: Final = frozenset({str, int, bool, NoneType, datetime, date, Decimal})
_OF_SUCH: Final = (str, int, date, Decimal, dict, list, tuple)
_PLAINLY: Final = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
_SORTED: Final = _PLAINLY | orjson.OPT_SORT_KEYS
_NO_FORM: Final = "no canonical form for %s"


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        moment = value if value.tzinfo is UTC else value.astimezone(UTC)
        return moment.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(_NO_FORM % type(value).__name__)


def _require_form(values: Sequence[Any]) -> None:
    """Raise TypeError for other types; checked level by level, without recursion."""
    level = values
    while not (types := set(map(type, level))) <= _HOLD_NOTHING:
        for each in types - _HOLD_NOTHING:
            if not issubclass(each, _OF_SUCH):
                raise TypeError(_NO_FORM % each.__name__)
        nests = [each for each in level if isinstance(each, (dict, list, tuple))]
        level = list(chain.from_iterable(map(_within, nests)))


def _within(value: "dict[Any, Any] | list[Any] | tuple[Any, ...]") -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8; times in UTC, Decimals as strings.

    Raises TypeError for anything else, floats too: money and rates are Decimals here.
    """
    _require_form([value])
    return compact(value, default=_plain)


def compact(value: Any, *, default: Callable[[Any], Any]) -> bytes:
    """The same, with floats; ``default`` converts other types, or raises TypeError."""
    try:
        return orjson.dumps(value, default, _SORTED)
    except orjson.JSONEncodeError:  # more than 64 bits, a lone surrogate, or another type
        text = json.dumps(
            value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=default
        )
        return text.encode()


def as_json(value: Any) -> bytes:
    """JSON as Python's ``json`` writes it, without spaces; by orjson where it gives the same."""
    try:
        said = orjson.dumps(value, None, _PLAINLY)
    except orjson.JSONEncodeError:
        return json.dumps(value).encode()
    return json.dumps(value).encode() if b"null" in said else said  # orjson writes NaN as null


def digest(value: Any) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return digests([value])[0]


def digests(values: Sequence[Any]) -> list[str]:
    """Return the digest of each value."""
    _require_form(values)
    return [hashlib.sha256(compact(each, default=_plain)).hexdigest() for each in values]
