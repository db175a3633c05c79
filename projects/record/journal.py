"""The journal: a digest of every row of every fact, written by the database with the row itself.

Whoever can switch the triggers of a table off can alter a fact; its newest entry in the journal is
then no longer its digest. ``migrate`` gives each table of ``Journaled`` rows the trigger, so that
a new table needs to say no more than its base class.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, LiteralString, NamedTuple

from django.db import connection, transaction
from psycopg import sql

from projects.record.facts import BY_HASHES, Journaled, journaled_models
from projects.record.findings import Finding

_DELETIONS: Final = "record_journal_deletions"
_HAS_TRIGGERS: Final = """
    SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'journal_%%'
"""
_TRIGGER: Final = """
    CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {rows} AS written
    FOR EACH STATEMENT EXECUTE FUNCTION {function}({key})
"""
_ENTER: Final = """
    INSERT INTO record_journal (of_table, key, digest)
    SELECT {name}, {key}, {digest} FROM {table} AS kept ORDER BY 2
"""
# The newest entry of a row is the digest that it must have; empty where a trigger saw it deleted.
_DIFFERING: Final = """
    SELECT key, CASE WHEN entry.digest IS NULL THEN 'added' WHEN kept.digest IS NULL THEN 'deleted'
            ELSE 'altered' END
    FROM (SELECT {key} AS key, {digest} AS digest FROM {table} AS kept) AS kept
    FULL JOIN (
        SELECT DISTINCT ON (key) key, nullif(digest, '') AS digest FROM record_journal
        WHERE of_table = {name} ORDER BY key, id DESC
    ) AS entry USING (key)
    WHERE kept.digest IS DISTINCT FROM entry.digest ORDER BY length(key), key
"""


class _Trigger(NamedTuple):
    """What a trigger is called, after what it runs, which rows it reads, and its function."""

    name: str
    event: LiteralString
    rows: LiteralString
    function: str


def keep_journal_of(model: type[Journaled], cursor: Any) -> None:
    """Give a table its triggers, unless it has them; rows that are there already are entered.

    By the owner of the table. Safe to repeat: what was added past the triggers stays unentered.
    """
    cursor.execute(_HAS_TRIGGERS, [model._meta.db_table])
    there = {name for (name,) in cursor.fetchall()}
    missing = [each for each in _triggers_of(model) if each.name not in there]
    key = sql.SQL(", ").join(sql.Literal(each) for each in model.journal_key())
    for each in missing:
        cursor.execute(
            sql.SQL(_TRIGGER).format(
                name=sql.Identifier(each.name), event=sql.SQL(each.event), rows=sql.SQL(each.rows),
                table=sql.Identifier(model._meta.db_table), function=sql.Identifier(each.function),
                key=key,
            )
        )  # fmt: skip
    if not there:
        cursor.execute(_of(_ENTER, model))


def _triggers_of(model: type[Journaled]) -> list[_Trigger]:
    """One for each way in which the application may write the table."""
    found = [
        _Trigger("journal_insert", "INSERT", "NEW TABLE", model.JOURNALED_BY),
        _Trigger("journal_update", "UPDATE", "NEW TABLE", model.JOURNALED_BY),
    ]
    if model.MAY_BE_DELETED:
        found.append(_Trigger("journal_delete", "DELETE", "OLD TABLE", _DELETIONS))
    return found


def tables(_since: datetime | None = None) -> list[str]:
    """The journaled tables, each a part of the check."""
    return [model._meta.db_table for model in journaled_models()]


def wrong_rows(table: str) -> Iterator[Finding]:
    """Name every row of the table that was altered, deleted or added past the journal."""
    (model,) = (each for each in journaled_models() if each._meta.db_table == table)
    with transaction.atomic(), connection.cursor() as cursor:
        # As the triggers' functions have them: a digest depends on both.
        cursor.execute("SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'")
        cursor.execute(_of(_DIFFERING, model))
        differing = cursor.fetchall()
    for key, difference in differing:
        yield Finding(model._meta.label_lower, key, difference)


def _of(statement: LiteralString, model: type[Journaled]) -> sql.Composed:
    """The statement about the model's table, its key and the digest of a row."""
    columns = [sql.SQL("kept.{}").format(sql.Identifier(each)) for each in model.journal_key()]
    by_hash = model.JOURNALED_BY == BY_HASHES
    return sql.SQL(statement).format(
        name=sql.Literal(model._meta.db_table), table=sql.Identifier(model._meta.db_table),
        key=sql.SQL(" || '/' || ").join(
            sql.SQL("(to_jsonb({}) #>> '{{}}')").format(each) for each in columns
        ),
        digest=sql.SQL("kept.hash" if by_hash else "record_digest(to_jsonb(kept))"),
    )  # fmt: skip
