"""Sealing what lies in the clear, and sealing anew what another key sealed."""

from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.db import connections, transaction
from psycopg import sql

from projects.record.sealed_fields import OpenedWhenRead
from projects.record.sealing import is_sealed, rotated, seal

_AT_ONCE: Final = 500


def sealed_columns() -> Iterator[tuple[str, str, str]]:
    """Each sealed column: its table, the table's key, its name."""
    for model in apps.get_models():
        key = str(model._meta.pk.column)  # noqa: SLF001 - Django's own name
        for field in model._meta.local_fields:  # noqa: SLF001
            if issubclass(field.descriptor_class, OpenedWhenRead):
                yield model._meta.db_table, key, str(field.column)  # noqa: SLF001


def reseal_column(table: str, key: str, column: str, *, using: str = "default") -> int:
    """Seal every value of the column with the first key, in batches; says how many there were.

    A value that was changed meanwhile is left as it is: whoever wrote it sealed it.
    """
    names = {name: sql.Identifier(name) for name in (table, key, column)}
    select = sql.SQL(
        "SELECT {key}, {column} FROM {table}"
        " WHERE {key} > %s AND {column} <> '' ORDER BY 1 LIMIT %s"
    ).format(table=names[table], key=names[key], column=names[column])
    update = sql.SQL("UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s").format(
        table=names[table], key=names[key], column=names[column]
    )
    last, done = 0, 0
    while rows := _batch(select, update, last, using):
        last, done = rows[-1][0], done + len(rows)
    return done


def _batch(select: Any, update: Any, after: int, using: str) -> list[Any]:
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(select, [after, _AT_ONCE])
        rows: list[Any] = cursor.fetchall()
        changed = [
            (rotated(value) if is_sealed(value) else seal(value), pk, value) for pk, value in rows
        ]
        if changed:
            cursor.executemany(update, changed)
    return rows
