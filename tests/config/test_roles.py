"""Two roles: who migrates owns the tables; who runs may not alter a fact, triggers or not."""

import os
import subprocess
import sys
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import errors, sql

from config.embedded import PROJECT
from projects.management.commands.migrate import grant_rights
from projects.record.facts import fact_models

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
            for right in ("SELECT", "INSERT"):
                cursor.execute("SELECT has_table_privilege(%s, %s)", [f'"{table}"', right])
                assert cursor.fetchone() == (True,), (table, right)


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


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_too_powerful_application_role_is_refused(
    superuser_cursor: psycopg.Cursor[Any],
) -> None:
    superuser_cursor.execute("GRANT zhitongche_owner TO zhitongche_app")
    try:
        with pytest.raises(CommandError, match="can alter facts"):
            grant_rights()
    finally:
        superuser_cursor.execute("REVOKE zhitongche_owner FROM zhitongche_app")


def migrate_as(owner_url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        env={**os.environ, "DATABASE_OWNER_URL": owner_url},
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_migrating_without_an_owner_is_refused_by_name() -> None:
    done = migrate_as("")
    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: DATABASE_OWNER_URL: is missing")


def test_an_owner_without_rights_is_refused_by_name(
    superuser_cursor: psycopg.Cursor[Any],
) -> None:
    superuser_cursor.execute("CREATE ROLE stranger LOGIN PASSWORD 'stranger'")
    own = settings.DATABASES["default"]
    address = f"{own['HOST']}:{own['PORT']}"
    try:
        superuser_cursor.execute(
            sql.SQL("CREATE DATABASE bare_{} OWNER zhitongche_owner").format(sql.SQL(own["NAME"]))
        )
        bare = f"bare_{own['NAME']}"
        done = subprocess.run(
            [sys.executable, "manage.py", "migrate"],
            env={
                **os.environ,
                "DATABASE_URL": f"postgres://zhitongche_app:{own['PASSWORD']}@{address}/{bare}",
                "DATABASE_OWNER_URL": f"postgres://stranger:stranger@{address}/{bare}",
            },
            cwd=PROJECT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 1
        assert "DATABASE_OWNER_URL: the role stranger may not" in done.stderr
        assert "Traceback" not in done.stderr
    finally:
        superuser_cursor.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                sql.Identifier(f"bare_{own['NAME']}")
            )
        )
        superuser_cursor.execute("DROP ROLE stranger")
