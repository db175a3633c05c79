"""Two roles: who migrates owns the tables; who runs may not alter a fact, triggers or not."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import errors, sql

from config.embedded import PROJECT
from projects.record.facts import Reference, fact_models
from projects.record.management.commands.migrate import grant_rights

KEYS = {model._meta.db_table: str(model._meta.pk.column) for model in fact_models()}
FACTS = sorted(KEYS)
CHANGES = [
    "UPDATE {table} SET {key} = {key}",
    "DELETE FROM {table}",
    "TRUNCATE {table} CASCADE",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "DROP TABLE {table}",
]


def test_there_are_facts() -> None:
    assert FACTS


@pytest.mark.parametrize("table", FACTS)
def test_the_application_cannot_alter_a_fact_even_with_its_triggers_off(
    table: str, superuser_cursor: psycopg.Cursor[Any], second_connection: psycopg.Connection[Any]
) -> None:
    name, key = sql.Identifier(table), sql.Identifier(KEYS[table])
    superuser_cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER ALL").format(name))
    try:
        for change in CHANGES:
            with pytest.raises(errors.InsufficientPrivilege):
                second_connection.execute(sql.SQL(change).format(table=name, key=key))
            second_connection.rollback()
    finally:
        superuser_cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER ALL").format(name))


@pytest.mark.parametrize("table", FACTS)
def test_not_even_the_owner_truncates_a_fact(table: str, owner_cursor: psycopg.Cursor[Any]) -> None:
    with pytest.raises(psycopg.Error, match=r"(?i)truncate"):
        owner_cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.Identifier(table)))


@pytest.mark.parametrize("table", FACTS)
def test_each_fact_has_triggers_against_all_three(
    table: str, superuser_cursor: psycopg.Cursor[Any]
) -> None:
    superuser_cursor.execute(
        "SELECT tgtype FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O'"
        " AND NOT tgisinternal AND tgtype & 2 = 2",  # before the change, not after it
        [f'"{table}"'],
    )
    stopped = 0
    for (kind,) in superuser_cursor.fetchall():
        stopped |= kind
    delete, update, truncate = 8, 16, 32
    assert stopped & delete, "DELETE"
    assert stopped & update, "UPDATE"
    assert stopped & truncate, "TRUNCATE"


@pytest.mark.django_db
def test_the_application_writes_and_reads_everything_else() -> None:
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            for right, has in (("SELECT", True), ("INSERT", not issubclass(model, Reference))):
                cursor.execute("SELECT has_table_privilege(%s, %s)", [f'"{table}"', right])
                assert cursor.fetchone() == (has,), (table, right)


@pytest.mark.django_db
def test_the_application_cannot_pretend_to_have_migrated() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('django_migrations', 'INSERT, UPDATE, DELETE')")
        assert cursor.fetchone() == (False,)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_migrating_again_gives_the_same_rights(superuser_cursor: psycopg.Cursor[Any]) -> None:
    rights = "SELECT relname, relacl::text FROM pg_class WHERE relkind IN ('r', 'S') ORDER BY 1"
    before = superuser_cursor.execute(rights).fetchall()
    call_command("migrate", verbosity=0, interactive=False)
    assert superuser_cursor.execute(rights).fetchall() == before


@pytest.fixture
def own_role(superuser_cursor: psycopg.Cursor[Any]) -> Iterator[str]:
    """A role that this test process has to itself: roles belong to the whole server."""
    name = f"role_of_{settings.DATABASES['default']['NAME']}"
    role = sql.Identifier(name)
    superuser_cursor.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'own'").format(role))
    yield name
    superuser_cursor.execute(sql.SQL("DROP OWNED BY {}").format(role))
    superuser_cursor.execute(sql.SQL("DROP ROLE {}").format(role))


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_too_powerful_application_role_is_refused(
    own_role: str, superuser_cursor: psycopg.Cursor[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    member = sql.SQL("GRANT zhitongche_owner TO {}").format(sql.Identifier(own_role))
    superuser_cursor.execute(member)
    monkeypatch.setitem(settings.DATABASES["default"], "USER", own_role)
    with pytest.raises(CommandError, match="can alter facts"):
        grant_rights()


def migrate_as(owner_url: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        env={**os.environ, "DATABASE_OWNER_URL": owner_url, **environment},
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_migrating_without_an_owner_is_refused_by_name() -> None:
    done = migrate_as("")
    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: DATABASE_OWNER_URL: is missing")


@pytest.fixture
def bare_database(superuser_cursor: psycopg.Cursor[Any]) -> Iterator[str]:
    """A database that nobody has migrated."""
    name = f"bare_{settings.DATABASES['default']['NAME']}"
    database = sql.Identifier(name)
    superuser_cursor.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE template0 OWNER zhitongche_owner").format(database)
    )
    yield name
    superuser_cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))


def test_an_owner_without_rights_is_refused_by_name(own_role: str, bare_database: str) -> None:
    own = settings.DATABASES["default"]
    address = f"{own['HOST']}:{own['PORT']}/{bare_database}"
    done = migrate_as(
        f"postgres://{own_role}:own@{address}",
        DATABASE_URL=f"postgres://zhitongche_app:{own['PASSWORD']}@{address}",
    )
    assert done.returncode == 1
    assert f"DATABASE_OWNER_URL: the role {own_role} may not" in done.stderr
    assert "Traceback" not in done.stderr
