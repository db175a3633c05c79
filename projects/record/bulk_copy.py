"""Many new rows of one model, written by PostgreSQL's COPY."""

from collections.abc import Sequence

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model
from psycopg import sql


def bulk_copy(rows: Sequence[Model]) -> None:
    """Insert the rows, all of one model, in their order; the values are those that saving writes.

    Joins the caller's transaction. A row without a primary key gets one from the database, which
    is not read back: reserve ids first where they are needed (``projects.record.writing``). As
    with ``bulk_create`` no signal is sent. Raises what the database raises, as Django does.
    """
    if not rows:
        return
    meta, has_key = rows[0]._meta, rows[0].pk is not None
    database = connections[DEFAULT_DB_ALIAS]
    fields = [
        each for each in meta.local_concrete_fields
        if not each.generated and (has_key or not each.primary_key)
    ]  # fmt: skip
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(meta.db_table),
        sql.SQL(", ").join([sql.Identifier(str(each.column)) for each in fields]),
    )
    ways = [(each.pre_save, each.get_db_prep_save) for each in fields]
    with (
        database.wrap_database_errors,
        database.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for row in rows:
            copy.write_row([prepare(read(row, True), database) for read, prepare in ways])
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
