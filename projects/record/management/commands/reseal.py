"""Encrypt everything with the new SECRET_KEY, after it has changed; or see what the keys open."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from projects.record.reseal import reseal_column, sealed_columns, unreadable


class Command(BaseCommand):
    help = "Seal personal data anew with SECRET_KEY; the old key must be in SECRET_KEY_FALLBACKS."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true",
            help="change nothing; open every sealed value, and exit with 1 if one does not open",
        )  # fmt: skip

    def handle(self, *_args: Any, **options: Any) -> None:
        """Re-encrypt column by column; safe to repeat."""
        if options["check"]:
            self._check()
            return
        for table, key, column in sealed_columns():
            done = reseal_column(table, key, column)
            self.stdout.write(f"{table}.{column}: {done}")

    def _check(self) -> None:
        opened, closed = 0, list[str]()
        for table, key, column in sealed_columns():
            many, unread = unreadable(table, key, column)
            opened += many - unread
            if unread:
                closed.append(f"{table}.{column}: {unread} of {many}")
        self.stdout.write(f"{opened} sealed values opened")
        if closed:
            raise CommandError(f"no key that is known here opens {', '.join(closed)}")
