"""Set an officer's password on the server, on record; he chooses another when he signs in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from coordination.staff.management.commands._asking import ask_password, officer_named, saying_why
from coordination.staff.passwords import set_password


class Command(BaseCommand):
    """In place of Django's, which keeps no record."""

    help = (
        "Set an officer's password, which he must change when he signs in. It is asked for, or "
        "read as one line where the input is no terminal."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose."""
        parser.add_argument("username")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ask, and set it; refused with what is wrong."""
        officer = officer_named(options["username"])
        password, again = ask_password()
        with saying_why():
            set_password(officer=officer, password=password, again=again, by=None)
        self.stdout.write(f"{officer.username} · {officer}")
