"""Encrypt everything with the new SECRET_KEY, after it has changed."""

from typing import Any

from django.core.management.base import BaseCommand

from projects.record.reseal import reseal_column, sealed_columns


class Command(BaseCommand):
    help = "Seal personal data anew with SECRET_KEY; the old key must be in SECRET_KEY_FALLBACKS."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django names them
        """Re-encrypt column by column; safe to repeat."""
        for table, key, column in sealed_columns():
            done = reseal_column(table, key, column)
            self.stdout.write(f"{table}.{column}: {done}")
