"""A connection of Django's, as PostgreSQL's own programs take it."""

import os

from django.db.backends.base.base import BaseDatabaseWrapper


def address_of(connection: BaseDatabaseWrapper) -> tuple[str, dict[str, str]]:
    """The address without the password, and an environment with it: a command line is public."""
    connection.ensure_connection()
    info = connection.connection.info
    return info.dsn, {**os.environ, "PGPASSWORD": info.password, "PGCLIENTENCODING": "UTF8"}


def server_version(connection: BaseDatabaseWrapper) -> int:
    """The server's version, such as 180004."""
    connection.ensure_connection()
    version: int = connection.connection.info.server_version
    return version
