"""Tables of models that exist in tests alone, as a room's migrations would make them."""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection, models
from psycopg import sql

from projects.record.facts import Fact


def create_tables(owner: psycopg.Cursor[Any], tables: Sequence[type[models.Model]]) -> None:
    """Make the tables with their triggers and the application's rights on them."""
    drop_tables(owner, tables)
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        for model in tables:
            editor.create_model(model)
    for statement in editor.collected_sql:
        owner.execute(statement.encode())
    for model in tables:
        for trigger in getattr(model._meta, "triggers", ()):
            owner.execute(trigger.compile(model).install_sql.encode())
        rights = "SELECT, INSERT" if issubclass(model, Fact) else "SELECT, INSERT, UPDATE, DELETE"
        table = model._meta.db_table
        _grant(owner, f"{rights} ON {table}")
        owner.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, model._meta.pk.column])
        (sequence,) = owner.fetchone() or (None,)
        if sequence:
            _grant(owner, f"USAGE ON SEQUENCE {sequence}")


def _grant(owner: psycopg.Cursor[Any], right: str) -> None:
    owner.execute(f"GRANT {right} TO zhitongche_app".encode())


def drop_tables(owner: psycopg.Cursor[Any], tables: Sequence[type[models.Model]]) -> None:
    """Take the tables away."""
    names = sql.SQL(", ").join(sql.Identifier(model._meta.db_table) for model in tables)
    owner.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(names))
