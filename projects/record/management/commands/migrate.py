"""Migrate as the owner, then give the application's role its rights, and facts their journal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.utils import DatabaseError
from psycopg import errors, sql

from projects.record.clock import RECORD_LOCK
from projects.record.facts import fact_models, journaled_models, reference_models
from projects.record.journal import keep_journal_of

OWNER = "owner"

# pgtrigger lets any session disable triggers for itself; here nobody may.
_NEVER_IGNORED = """
    CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name NAME)
    RETURNS BOOLEAN LANGUAGE plpgsql AS $$ BEGIN RETURN FALSE; END; $$
"""
# Functions with their owner's rights that only triggers call. A dump without its roles' rights lets
# everybody call them again, so it is not left to the migrations that make them.
_CALLED_BY_TRIGGERS = """
    SELECT oid::regprocedure::text FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace AND proowner = current_user::regrole
       AND prosecdef AND prorettype = 'trigger'::regtype ORDER BY 1
"""


class Command(DjangoMigrate):
    """Django's migrate, by the role that owns the tables."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's arguments; the default connection is the owner's."""
        super().add_arguments(parser)
        parser.set_defaults(database=OWNER)

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Refuse a missing owner before Django's own checks look for its connection."""
        if OWNER not in settings.DATABASES:
            raise CommandError(
                "DATABASE_OWNER_URL: is missing. Migrating needs the role that owns the tables; "
                "DATABASE_URL names the application's, which may not change them."
            )
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then grant: the application never holds a right to alter a fact in between."""
        # A migration that forgets `using` gets the owner's connection too, not a second one that
        # would wait forever for the first one's locks.
        application = connections["default"]
        connections["default"] = connections[OWNER]
        try:
            if options["plan"] or options["check_unapplied"]:
                super().handle(*args, **options)
                return
            with _without_changes():
                super().handle(*args, **options)
                grant_rights()
        except DatabaseError as error:
            if not _is_denied(error):
                raise
            role = settings.DATABASES[OWNER]["USER"]
            reason = str(error).strip().splitlines()[0]
            message = f"DATABASE_OWNER_URL: the role {role} may not do this: {reason}"
            raise CommandError(message) from error
        finally:
            connections["default"] = application


@contextmanager
def _without_changes() -> Iterator[None]:
    """Wait for the changes of the record that are under way; others wait for the block's end."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [RECORD_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [RECORD_LOCK])


def _is_denied(error: BaseException | None) -> bool:
    """Whether a missing privilege is the cause; Django wraps the error once or twice."""
    while error is not None:
        if isinstance(error, errors.InsufficientPrivilege):
            return True
        error = error.__cause__ or error.__context__
    return False


def grant_rights() -> None:
    """Set the application's rights and the journal's triggers, in one transaction; repeatable."""
    connection = connections[OWNER]
    role = sql.Identifier(settings.DATABASES["default"]["USER"])
    rights = [
        "GRANT USAGE ON SCHEMA public TO {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        "GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {role}",
        "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
    ]
    facts = [model._meta.db_table for model in fact_models()]
    with transaction.atomic(using=OWNER), connection.cursor() as cursor:
        for right in rights:
            cursor.execute(sql.SQL(right).format(role=role))
        for table in facts:
            revoke = "REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}"
            cursor.execute(sql.SQL(revoke).format(table=sql.Identifier(table), role=role))
        for kept in journaled_models():
            if not kept.MAY_BE_DELETED:
                revoke = "REVOKE DELETE ON {table} FROM {role}"
                name = sql.Identifier(kept._meta.db_table)
                cursor.execute(sql.SQL(revoke).format(table=name, role=role))
        for model in reference_models():
            revoke = "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {table} FROM {role}"
            name = sql.Identifier(model._meta.db_table)
            cursor.execute(sql.SQL(revoke).format(table=name, role=role))
        cursor.execute(_CALLED_BY_TRIGGERS)
        for (function,) in cursor.fetchall():
            cursor.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        cursor.execute(_NEVER_IGNORED)
        for journaled in journaled_models():
            keep_journal_of(journaled, cursor)
        _refuse_powerful_role(cursor, facts)


def _refuse_powerful_role(cursor: CursorWrapper, facts: list[str]) -> None:
    """Refuse a superuser or a member of the owner: revoking takes no right from either."""
    role = settings.DATABASES["default"]["USER"]
    for table in facts:
        cursor.execute(
            "SELECT has_table_privilege(%s, %s, 'UPDATE, DELETE, TRUNCATE')", [role, f'"{table}"']
        )
        (may_alter,) = cursor.fetchone() or (False,)
        if may_alter:
            raise CommandError(
                f"DATABASE_URL: the role {role} can alter facts ({table}) in spite of the rights "
                "revoked; it must be neither a superuser nor a member of the owner's role."
            )
