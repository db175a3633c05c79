"""Make the first administrator of a desk that has none; no account exists before."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from coordination.staff.management.commands._asking import ask_password, saying_why
from coordination.staff.models import ADMINISTRATORS, Role
from coordination.staff.revise import add_first_officer


class Command(BaseCommand):
    """`manage.py first_administrator`; asks for what is not given."""

    help = (
        "Make the first system administrator (or, by --role, security administrator or auditor). "
        "The password is asked for, or read as one line where the input is no terminal."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The role, and what would be asked for."""
        roles = sorted(ADMINISTRATORS)
        parser.add_argument("--role", choices=roles, default=Role.SYSTEM_ADMIN.value)
        parser.add_argument("--username")
        parser.add_argument("--name")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ask, and make the account; refused with what is wrong."""
        username = options["username"] or input("用户名 username: ")
        name = options["name"] or input("姓名 name: ")
        password, again = ask_password()
        with saying_why():
            made = add_first_officer(
                username=username, name=name, password=password, again=again, role=options["role"]
            )
        self.stdout.write(f"{made.username} · {made.get_role_display()}")
