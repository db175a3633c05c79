"""Reset a second factor on the server, where no other security administrator can."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from coordination.staff.management.commands._asking import officer_named, saying_why
from coordination.staff.second_factor import reset_second_factor


class Command(BaseCommand):
    """`manage.py reset_second_factor <username>`."""

    help = "Let an officer who lost his second factor sign in by his password alone, on record."

    def add_arguments(self, parser: CommandParser) -> None:
        """The officer."""
        parser.add_argument("username")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Reset it; refused where there is none."""
        officer = officer_named(options["username"])
        with saying_why():
            reset_second_factor(officer=officer, by=None)
