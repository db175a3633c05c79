"""Refuse an account that holds every role at once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """In place of Django's."""

    help = "Not used here: see first_administrator."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say what to use instead."""
        raise CommandError("No account holds all roles: use manage.py first_administrator.")
