"""Encrypt values stored as plain text, and re-encrypt those of an older key."""

from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.db import connection, transaction
from psycopg import sql

from projects.record.sealed_fields import OpenedWhenRead
from projects.record.sealing import is_sealed, opens, rotated, seal

_AT_FIRST, _AT_MOST = 10, 500
_CHARACTERS: Final = 8_000_000  # about so many in memory at a time: some columns hold files


def sealed_columns() -> Iterator[tuple[str, str, str]]:
    """Each encrypted column: its table, the table's primary key, its name."""
    for model in apps.get_models():
        key = str(model._meta.pk.column)
        for field in model._meta.local_fields:
            if issubclass(field.descriptor_class, OpenedWhenRead):
                yield model._meta.db_table, key, str(field.column)


def reseal_column(table: str, key: str, column: str) -> int:
    """Encrypt every value of the column with the first key, in batches; returns their number.

    A value that was changed meanwhile is skipped: it was encrypted when it was written.
    """
    names = {name: sql.Identifier(name) for name in (table, key, column)}
    select = sql.SQL(
        "SELECT {key}, {column} FROM {table}"
        " WHERE {key} > %s AND {column} <> '' ORDER BY 1 LIMIT %s"
    ).format(table=names[table], key=names[key], column=names[column])
    update = sql.SQL("UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s").format(
        table=names[table], key=names[key], column=names[column]
    )
    last, done, number = 0, 0, _AT_FIRST
    while rows := _batch(select, update, (last, number)):
        last, done = rows[-1][0], done + len(rows)
        longest = max(len(value) for _pk, value in rows)
        number = max(1, min(_AT_MOST, _CHARACTERS // longest))
    return done


def unreadable(table: str, key: str, column: str) -> tuple[int, int]:
    """How many values the column has, and how many of them no key that is known here opens."""
    select = sql.SQL("SELECT {column} FROM {table} WHERE {column} <> '' ORDER BY {key}").format(
        table=sql.Identifier(table), key=sql.Identifier(key), column=sql.Identifier(column)
    )
    many, unread, number = 0, 0, _AT_FIRST
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("DECLARE every NO SCROLL CURSOR FOR ") + select)
        while values := _fetched(cursor, number):
            many += len(values)
            unread += sum(1 for each in values if is_sealed(each) and not opens(each))
            number = max(1, min(_AT_MOST, _CHARACTERS // max(map(len, values))))
        cursor.execute("CLOSE every")
    return many, unread


def _fetched(cursor: Any, number: int) -> list[str]:
    cursor.execute(sql.SQL("FETCH {} FROM every").format(sql.Literal(number)))
    return [value for (value,) in cursor.fetchall()]


def _batch(select: Any, update: Any, place: tuple[int, int]) -> list[Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(select, place)
        rows: list[Any] = cursor.fetchall()
        changed = [
            (rotated(value) if is_sealed(value) else seal(value), pk, value) for pk, value in rows
        ]
        if changed:
            cursor.executemany(update, changed)
    return rows
