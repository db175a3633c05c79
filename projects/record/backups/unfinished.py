"""The mark of a database whose restoration has not ended; nothing is started on such a one.

It is a schema, since a dump's own are in another, and the owner of the database may make it.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.utils import DatabaseError

_MARK: Final = "restoration_under_way"
_FOUND: Final = "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = %s)"
WHAT_TO_DO: Final = (
    "A restoration into this database has not ended: what it holds is not compared with the "
    "archive. Run manage.py restore again, with the same archive; it begins anew."
)


def mark(alias: str) -> None:
    """Mark the database before anything is loaded."""
    with connections[alias].cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {_MARK}")


def unmark(alias: str) -> None:
    """Take the mark away: the restoration has ended, or left nothing."""
    with connections[alias].cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {_MARK}")


def is_marked(alias: str) -> bool:
    """Whether a restoration into the database has not ended."""
    with connections[alias].cursor() as cursor:
        cursor.execute(_FOUND, [_MARK])
        (found,) = cursor.fetchone() or (False,)
    return bool(found)


def check_databases(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - Django passes it by name
    databases: Sequence[str] | None = None,
    **_others: Any,
) -> list[CheckMessage]:
    """Django's check of a database, which ``migrate`` and so every start makes first."""
    try:
        marked = any(is_marked(alias) for alias in databases or ())
    except DatabaseError:  # the command itself says that it does not answer
        return []
    return [Error(WHAT_TO_DO, id="record.E001")] if marked else []
