"""How far a transaction is that nobody else can see yet: a number in the cache, and no more.

Where the cache is away, the page shows that work is under way, without a number.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final

from django.core.cache import cache
from redis import RedisError

_KEPT: Final = 900  # seconds
_EVERY: Final = 50  # rows


def counted[Row](rows: Iterable[Row], *, number: int, of: int) -> Iterator[Row]:
    """Pass the rows on, and note how many of so many have passed, for the import's page."""
    note(number, 0, of)
    for done, row in enumerate(rows, start=1):
        yield row
        if done % _EVERY == 0:
            note(number, done, of)


def note(number: int, done: int, of: int) -> None:
    """Note that so many rows of the import are done."""
    with suppress(RedisError):
        cache.set(f"import:{number}", (done, of), _KEPT)


def percent_of(number: int) -> int | None:
    """How far the import is, in percent; None where that is not known."""
    with suppress(RedisError):
        done, of = cache.get(f"import:{number}") or (0, 0)
        return min(99, done * 100 // of) if of else None
    return None
