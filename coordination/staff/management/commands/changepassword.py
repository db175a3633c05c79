"""Set an officer's password on the server, on record; he chooses another when he signs in."""

import sys
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from coordination.staff.models import Officer
from coordination.staff.passwords import set_password
from projects.record.refusals import Refusal


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
        officer = Officer.objects.filter(username=options["username"]).first()
        if officer is None:
            raise CommandError("没有此账号。 There is no such account.")
        if sys.stdin.isatty():
            password, again = getpass("密码 password: "), getpass("再次输入 again: ")
        else:
            password = again = sys.stdin.readline().rstrip("\n")
        try:
            set_password(officer=officer, password=password, again=again, by=None)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{officer.username} · {officer}")
