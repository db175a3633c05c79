"""Acts of signing in and of administration, kept as facts for the auditor.

A verb that changes who may do what, or how the desk works, calls :func:`record_act`. What a
revision keeps of the change is not repeated. Unlike other facts, acts may be deleted when they are
old: by :func:`forget_acts` alone, a function of the database that refuses younger ones.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import connection, models

from projects.record.clock import change
from projects.record.models import Act

ADDED: Final = "added"
CHANGED: Final = "changed"
REMOVED: Final = "removed"
FORGOTTEN: Final = "forgotten"
type Changes = Mapping[str, tuple[Any, Any]]

_address: ContextVar[str | None] = ContextVar("address_of_the_caller", default=None)


@contextmanager
def acting_from(address: str | None) -> Iterator[None]:
    """Record this IP address with the acts of the block: that of the request's caller."""
    token = _address.set(address)
    try:
        yield
    finally:
        _address.reset(token)


def record_act(
    what: str, *, about: models.Model | None = None, changes: Changes | None = None, by: Any
) -> None:
    """Append an act about a row; ``changes`` has the values before and after by field.

    ``by`` is an officer; others (an enterprise's key, a command) are recorded as nobody. Joins a
    ``change()``.
    """
    officer: Any = by if isinstance(by, AbstractUser) else None
    said = {name: [_plain(each) for each in pair] for name, pair in (changes or {}).items()}
    with change() as at:
        Act.objects.create(
            what=what, officer=officer, address=_address.get(),
            about_model=about._meta.label_lower if about is not None else "",
            about_id=about.pk if about is not None else None,
            about_name=str(about or "")[:200], changes=said, recorded_at=at,
        )  # fmt: skip


def _plain(value: Any) -> Any:
    """The value as JSON holds it."""
    return value if value is None or isinstance(value, bool | int) else str(value)


def forget_acts() -> int:
    """Delete the acts that are older than they are kept, on record; return their number."""
    with change() as at:
        limit: datetime = at - timedelta(days=settings.ACTS_KEPT_DAYS)
        with connection.cursor() as cursor:
            cursor.execute("SELECT record_forget_acts(%s)", [limit])
            (number,) = cursor.fetchone() or (0,)
        if number:
            record_act(
                FORGOTTEN, changes={"number": (None, number), "limit": (None, limit)}, by=None
            )
        return int(number)
