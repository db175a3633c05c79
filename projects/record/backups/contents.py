"""What a database holds, in numbers and hashes that a restored one must have, too."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.apps import apps
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from projects.house.rooms import rooms
from projects.record.anchors import newest_anchor

# A row as text depends on these; the snapshot waits for the dump, however long that takes.
_SETTINGS: Final = """
    SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD';
    SET LOCAL intervalstyle = 'iso_8601'; SET LOCAL bytea_output = 'hex';
    SET LOCAL extra_float_digits = 1; SET LOCAL statement_timeout = 0;
    SET LOCAL idle_in_transaction_session_timeout = 0
"""
# Tables and functions of an extension ('e') are not ours.
_TABLES: Final = """
    SELECT relname FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT EXISTS (
        SELECT FROM pg_depend WHERE objid = pg_class.oid AND classid = 'pg_class'::regclass
           AND deptype = 'e'
     ) ORDER BY relname
"""
# The sum of a part of each row's SHA-256 needs neither an order nor memory.
_DIGEST: Final = """
    SELECT count(*), coalesce(sum(
        ('x' || left(encode(sha256(convert_to(kept::text, 'UTF8')), 'hex'), 16))::bit(64)::bigint
    ), 0)::text FROM {table} AS kept
"""
_TRIGGERS: Final = """
    SELECT concat_ws(' ', tgrelid::regclass, tgname, tgenabled, tgfoid::regproc)
      FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
     WHERE relnamespace = 'public'::regnamespace AND NOT tgisinternal ORDER BY 1
"""
_FUNCTIONS: Final = """
    SELECT concat_ws(' ', oid::regprocedure, md5(prosrc), prosecdef,
            coalesce(proconfig::text, ''),
            CASE WHEN has_function_privilege(oid, 'EXECUTE') THEN 'called by the application' END
        ) FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS (
        SELECT FROM pg_depend WHERE objid = pg_proc.oid AND classid = 'pg_proc'::regclass
           AND deptype = 'e'
     ) ORDER BY 1
"""
# The application may have another name in the restored database.
_RIGHTS: Final = """
    SELECT relname || ' ' || string_agg(privilege_type, ' ' ORDER BY privilege_type)
      FROM pg_class CROSS JOIN aclexplode(relacl) AS granted
     WHERE relnamespace = 'public'::regnamespace AND grantee = current_user::regrole
     GROUP BY relname ORDER BY 1
"""
_SEQUENCES: Final = """
    SELECT sequencename::text, coalesce(last_value, 0) FROM pg_sequences
     WHERE schemaname = 'public' ORDER BY 1
"""
_EXTENSIONS: Final = "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1"


@contextmanager
def snapshot() -> Iterator[str]:
    """One moment of the database, for reading; its name lets pg_dump read the same."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute(_SETTINGS)
        cursor.execute("SELECT pg_export_snapshot()")
        (name,) = cursor.fetchone()
        yield str(name)


def _column(statement: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [str(row[0]) for row in cursor.fetchall()]


def tables() -> list[str]:
    """Every table of the database, by name."""
    return _column(_TABLES)


def content_of(table: str) -> dict[str, Any]:
    """The number of the table's rows, and a digest of them all."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(_DIGEST).format(table=sql.Identifier(table)))
        rows, digest = cursor.fetchone()
    return {"rows": rows, "digest": digest}


def contents(say: Callable[[str], None]) -> dict[str, Any]:
    """Tables with their rows, hashes that the rooms list, and what protects the rows.

    Within one snapshot, by the application's role.
    """
    found: dict[str, Any] = {"tables": {}}
    for table in tables():
        say(f"counting {table}")
        found["tables"][table] = content_of(table)
    found["hashes"] = listed_hashes()
    found["triggers"] = _column(_TRIGGERS)
    found["functions"] = _column(_FUNCTIONS)
    found["rights"] = _column(_RIGHTS)
    return found


def listed_hashes() -> dict[str, dict[str, str]]:
    """The hashes that the rooms list, each computed from what is stored."""
    return {name: dict(hashes()) for room in rooms() for name, hashes in room.hashes.items()}


def sequences() -> dict[str, int]:
    """The newest number of each sequence. They run on while a snapshot stands."""
    with connection.cursor() as cursor:
        cursor.execute(_SEQUENCES)
        return dict(cursor.fetchall())


def extensions() -> list[str]:
    """The extensions that the database's administrator has to install."""
    return _column(_EXTENSIONS)


def other_schemas() -> list[str]:
    """Schemas that are not the desk's."""
    return _column(
        "SELECT nspname FROM pg_namespace WHERE nspname <> 'public'"
        " AND nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%' ORDER BY 1"
    )


def noted_anchor() -> str:
    """The newest anchor as ``verify_audit`` takes it; empty where there is none."""
    anchor = newest_anchor()
    return f"{anchor.number}:{anchor.hash}" if anchor else ""


def applied_migrations() -> list[str]:
    """The migrations that the database has."""
    return _column("SELECT app || '.' || name FROM django_migrations ORDER BY 1")


def migrations_of_code() -> list[str]:
    """The migrations that the code has."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return sorted(".".join(each) for each in loader.disk_migrations)


def columns_of_code() -> dict[str, list[str]]:
    """Each table of the code's models with its columns and their types."""
    return {
        model._meta.db_table: sorted(
            f"{field.column} {field.db_type(connection)}"
            for field in model._meta.local_concrete_fields
        )
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }  # fmt: skip
