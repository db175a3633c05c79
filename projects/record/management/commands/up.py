"""Run the whole desk in the foreground: servers, web, worker, beat and relay."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.stack import Unusable, run


class Command(BaseCommand):
    """`manage.py up`, which is what `make up` calls."""

    help = "Start PostgreSQL and Valkey if none are given, migrate, then run the services."
    requires_system_checks = []  # the database may not run yet

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run until Ctrl-C or SIGTERM."""
        try:
            run(
                before=[["resume_clock"]] if settings.DEMONSTRATION else [],
                after=[["first_director", "--how"]],
            )
        except Unusable as error:
            raise CommandError(str(error)) from error
