"""Many new rows of one model, written by PostgreSQL's COPY."""

from collections.abc import Sequence

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model
from psycopg import sql

from projects.record.columns import mark_saved, values_of, written_fields


def bulk_copy(rows: Sequence[Model]) -> None:
    """Insert the rows, all of one model, in their order; the values are those that saving writes.

    Joins the caller's transaction. A row without a primary key gets one from the database, which
    is not read back: reserve ids first where they are needed (``projects.record.writing``). As
    with ``bulk_create`` no signal is sent. Raises what the database raises, as Django does.
    """
    if not rows:
        return
    database = connections[DEFAULT_DB_ALIAS]
    fields = written_fields(type(rows[0]), with_key=rows[0].pk is not None)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(rows[0]._meta.db_table),
        sql.SQL(", ").join([sql.Identifier(str(each.column)) for each in fields]),
    )
    columns = [values_of(each, rows) for each in fields]
    with (
        database.wrap_database_errors,
        database.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for values in zip(*columns, strict=True):
            copy.write_row(values)
    mark_saved(rows)
