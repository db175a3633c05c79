"""Make the first administrator of a desk that has none; no account exists before."""

import sys
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from coordination.staff.models import ADMINISTRATORS, Role
from coordination.staff.revise import add_first_administrator
from projects.record.refusals import Invalid, Refusal


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
        if sys.stdin.isatty():
            password = getpass("密码 password: ")
            if getpass("再次输入 again: ") != password:
                raise CommandError("两次输入不一致。 The two passwords differ.")
        else:
            password = sys.stdin.readline().rstrip("\n")
        try:
            made = add_first_administrator(
                username=username, name=name, password=password, role=options["role"]
            )
        except Invalid as refusal:
            wrong = [f"{each.path[0]}: {each.message}" for each in refusal.errors]
            raise CommandError("\n".join(wrong)) from refusal
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{made.username} · {made.get_role_display()}")
