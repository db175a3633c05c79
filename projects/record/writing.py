"""New rows of several tables in one transaction, and ids that are known before their rows."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain, groupby
from typing import Any, Final

from django.db import connection
from django.db.models import Model

from projects.record.bulk_copy import bulk_copy
from projects.record.columns import mark_saved, values_of, written_fields

MANY: Final = 20  # rows of one table: from here on COPY is faster than INSERT

type Rows = Sequence[Model]


def sequence_of(model: type[Model]) -> str:
    """The name of the sequence that numbers the model's rows."""
    return f"{model._meta.db_table}_{model._meta.pk.column}_seq"


def reserve(*sequences: str, many: int) -> list[tuple[int, ...]]:
    """Reserve the next ``many`` numbers of each sequence, smallest first; never issued again."""
    each = ", ".join(["nextval(%s)"] * len(sequences))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {each} FROM generate_series(1, %s)",  # noqa: S608 - placeholders alone
            [*sequences, many],
        )
        return sorted(cursor.fetchall())


def write(*tables: Rows) -> None:
    """Insert the rows, table by table in the order given; each of ``tables`` is of one model.

    Joins the caller's transaction. Rows without an id do not learn theirs: reserve it first where
    it is needed. Neighbouring tables of few rows go to the database in one journey. As with
    ``bulk_create`` no signal is sent. Raises what the database raises, as Django does.
    """
    for are_many, each in groupby(filter(len, tables), lambda rows: len(rows) >= MANY):
        if are_many:
            for rows in each:
                bulk_copy(rows)
        else:
            _insert(list(each))


def _insert(tables: Sequence[Rows]) -> None:
    """An INSERT for each table, all of them sent together."""
    statements, values = [], list[Any]()
    for rows in tables:
        has_key = rows[0].pk is not None
        fields = written_fields(type(rows[0]), with_key=has_key)
        statements.append(_statement(type(rows[0]), len(rows), has_key=has_key))
        values += chain.from_iterable(zip(*[values_of(each, rows) for each in fields], strict=True))
    with connection.cursor() as cursor:
        cursor.execute("; ".join(statements), values)
    for rows in tables:
        mark_saved(rows)


def update(row: Model, names: tuple[str, ...]) -> None:
    """Write these fields of a row that is there, as ``save(update_fields=…)`` does, signals apart.

    Joins the caller's transaction, which holds the row.
    """
    fields = [each for each in written_fields(type(row), with_key=False) if each.name in names]
    values = [value for each in fields for value in values_of(each, [row], is_new=False)]
    with connection.cursor() as cursor:
        cursor.execute(_change_of(type(row), names), [*values, row.pk])


@cache
def _change_of(model: type[Model], names: tuple[str, ...]) -> str:
    """The UPDATE of these fields of one row."""
    quoted = connection.ops.quote_name
    fields = [each for each in written_fields(model, with_key=False) if each.name in names]
    changes = ", ".join([f"{quoted(str(each.column))} = %s" for each in fields])
    key = quoted(str(model._meta.pk.column))
    return f"UPDATE {quoted(model._meta.db_table)} SET {changes} WHERE {key} = %s"  # noqa: S608 - names of our own


@cache
def _statement(model: type[Model], number: int, *, has_key: bool) -> str:
    """The INSERT of so many rows, with a placeholder for each value; there are few of them."""
    columns = [str(each.column) for each in written_fields(model, with_key=has_key)]
    row = f"({', '.join(['%s'] * len(columns))})"
    return (
        f"INSERT INTO {_quoted([model._meta.db_table])} ({_quoted(columns)}) "  # noqa: S608 - names of our own
        f"VALUES {', '.join([row] * number)}"
    )


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(map(connection.ops.quote_name, names))
