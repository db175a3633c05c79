"""Each test process's own database: a clone of one that was migrated once.

Tests connect as the application's role, so a right that the application lacks is lacking in the
tests too. Only the bed knows the superuser.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections
from filelock import FileLock
from psycopg import sql

from config.embedded import Chosen, recall
from projects.worktime.calendar import is_announced
from tests.bed.servers import worker_number

TEMPLATE = "zhitongche"  # what config/roles.sql makes; the tests clone it
SNAPSHOT = Path(__file__).with_name("snapshot.sql")


def superuser(chosen: Chosen, database: str) -> psycopg.Connection[Any]:
    """A connection that may do anything; errors out rather than wait for a forgotten lock."""
    url = chosen.database_url("postgres", chosen.superuser_password, database)
    return psycopg.connect(url, autocommit=True, options="-c lock_timeout=15s")


@contextmanager
def connected_to(database: str) -> Iterator[None]:
    """Point both roles' connections at another database for a while."""
    names = {alias: connections[alias].settings_dict["NAME"] for alias in ("default", "owner")}
    try:
        for alias in names:
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = database
        yield
    finally:
        for alias, name in names.items():
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name


def addresses_of(database: str) -> dict[str, str]:
    """The environment by which a process of its own finds that database."""
    return {
        name: os.environ[name].removesuffix(f"/test_{worker_number()}") + f"/{database}"
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }


def build_template(home: Path) -> None:
    """Migrate the template, unless another process of this run has."""
    done = home / "template.done"
    if done.exists():
        return
    with connected_to(TEMPLATE):
        call_command("migrate", verbosity=0, interactive=False)
    with superuser(recall(home), TEMPLATE) as connection:
        _enter_the_coming_years(connection)
        connection.execute(SNAPSHOT.read_bytes())
    done.touch()


def _enter_the_coming_years(connection: psycopg.Connection[Any]) -> None:
    """Tests run by today's clock, and at the year's end expect deadlines that are certain."""
    this = datetime.now(UTC).year
    for year in (each for each in range(this, this + 3) if not is_announced(each)):
        connection.execute(
            "INSERT INTO worktime_calendaryear (year, source) VALUES (%s, 'test')", [year]
        )


def clone_template(home: Path, name: str) -> None:
    """Make this process's database."""
    with FileLock(home / "template.lock"):
        build_template(home)
        copied(home, name, of=TEMPLATE)


def copied(home: Path, name: str, *, of: str) -> None:
    """Make a database as another is, to which nobody is connected."""
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER zhitongche_owner")
    with superuser(recall(home), "postgres") as connection:
        connection.execute(copy.format(sql.Identifier(name), sql.Identifier(of)))


def reset(connection: psycopg.Connection[Any]) -> None:
    """Empty every table and put back what the migrations had written."""
    connection.execute("SELECT bed.reset()")
