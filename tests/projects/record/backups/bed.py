"""Two databases beside the run's own: one that is backed up, and empty ones to restore into."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, LiteralString
from zipfile import ZIP_STORED, ZipFile

import psycopg
from psycopg import sql

from config.embedded import PROJECT, recall
from tests.bed.database import addresses_of, copied, superuser
from tests.bed.servers import HOME as HOME_VARIABLE
from tests.bed.servers import worker_number

# What PostgreSQL itself says of a database; each line a thing.
_SHAPE: Final[tuple[LiteralString, ...]] = (
    """SELECT relname, relkind::text, relacl::text FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S', 'v')""",
    """SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity
         FROM information_schema.columns WHERE table_schema = 'public'""",
    """SELECT pg_get_triggerdef(pg_trigger.oid), tgenabled::text
         FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE relnamespace = 'public'::regnamespace AND NOT tgisinternal""",
    """SELECT conrelid::regclass::text, conname, contype::text, condeferrable, condeferred,
              convalidated FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    """SELECT pg_get_functiondef(oid), pg_get_userbyid(proowner), proacl::text FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND prokind = 'f' AND probin IS NULL""",
    "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'",
)


def home() -> Path:
    """Where this run's servers are."""
    return Path(os.environ[HOME_VARIABLE])


def name_of(kind: str) -> str:
    """A database of this test process."""
    return f"backup_{kind}_{worker_number()}"


def as_superuser(database: str) -> psycopg.Connection[Any]:
    return superuser(recall(home()), database)


@contextmanager
def empty_database(kind: str) -> Iterator[str]:
    """As config/roles.sql makes one, and not migrated."""
    name = name_of(kind)
    with _dropped_at_the_end(name) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER zhitongche_owner TEMPLATE template0").format(
                sql.Identifier(name)
            )
        )
        with as_superuser(name) as own:
            own.execute("CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm")
        yield name


@contextmanager
def migrated_database(kind: str, *, of: str) -> Iterator[str]:
    """As the run's template is, without what the bed keeps in it."""
    name = name_of(kind)
    with _dropped_at_the_end(name):
        copied(home(), name, of=of)
        with as_superuser(name) as own:
            own.execute("DROP SCHEMA bed CASCADE")
        yield name


@contextmanager
def _dropped_at_the_end(name: str) -> Iterator[psycopg.Connection[Any]]:
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with as_superuser("postgres") as connection:
        connection.execute(drop)
        try:
            yield connection
        finally:
            connection.execute(drop)


def manage(database: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of manage.py at that database."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env={**os.environ, **addresses_of(database)}, cwd=PROJECT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def rows_of(database: str) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    with as_superuser(database) as connection:
        return rows_through(connection)


def rows_through(connection: psycopg.Connection[Any]) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    connection.execute("SET timezone = 'UTC'")
    names = connection.execute(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    ).fetchall()
    return {name: _texts(connection, name) for (name,) in names}


def _texts(connection: psycopg.Connection[Any], name: str) -> list[str]:
    read = sql.SQL("SELECT each::text FROM {} AS each ORDER BY 1").format(sql.Identifier(name))
    return [text for (text,) in connection.execute(read).fetchall()]


def shape_of(database: str) -> list[list[tuple[Any, ...]]]:
    """Tables, rights, columns, triggers, constraints, indexes, functions, sequences."""
    with as_superuser(database) as connection:
        return [sorted(connection.execute(each).fetchall(), key=repr) for each in _SHAPE]


def rewritten(archive: Path, to: Path, **parts: bytes | None) -> Path:
    """The archive with another content of parts (``manifest_json``), or without them."""
    given = {name.replace("_", "."): content for name, content in parts.items()}
    with ZipFile(archive) as old, ZipFile(to, "w", ZIP_STORED) as new:
        for name in old.namelist():
            content = given.get(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return to


def flipped(archive: Path, to: Path, at: int) -> Path:
    """The archive with one bit of one byte changed."""
    content = bytearray(archive.read_bytes())
    content[at] ^= 1
    to.write_bytes(content)
    return to


def place_in(archive: Path, part: str) -> int:
    """A place in the middle of a part's bytes."""
    with ZipFile(archive) as opened:
        info = opened.getinfo(part)
    lengths = archive.read_bytes()[info.header_offset + 26 : info.header_offset + 30]
    name, extra = (int.from_bytes(lengths[at : at + 2], "little") for at in (0, 2))
    return info.header_offset + 30 + name + extra + info.file_size // 2
