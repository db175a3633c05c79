"""Make the first director of a desk that has none, and say how."""

import sys
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from coordination.staff.management.commands._asking import (
    ask,
    ask_password,
    command_to_type,
    saying_why,
)
from coordination.staff.models import Officer, Role
from coordination.staff.revise import add_first_officer, is_first

_HOW: Final = """
尚无主任账号。请另开一个终端，在本目录下运行：
There is no director yet. In another terminal, in this folder, run:

    {command}

命令依次询问姓名、用户名和密码。完成后在上述地址的 /admin/ 登录，“开通步骤”页面引导后续工作。
It asks for name, user name and password. Then sign in at /admin/ of the address above; the page
“First steps” leads on. See docs/first-day.md.
"""
_THERE_IS_ONE: Final = (
    "已有主任账号，不再建立。其他账号由系统管理员在“工作人员”页面建立。\n"
    "There is a director already. Other accounts are made by the system administrator."
)
_RULES: Final = (
    "密码至少8位；大写字母、小写字母、数字、其他字符至少用三类；不得含本人姓名或用户名。\n"
    "At least 8 characters, of three classes, without your own name."
)


class Command(BaseCommand):
    """`manage.py first_director`; asks for what is not given, again where it may not be so."""

    help = (
        "Make the first director. Name, user name and password are asked for; the password is "
        "read as one line where the input is no terminal."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """What would be asked for."""
        parser.add_argument("--username")
        parser.add_argument("--name")
        parser.add_argument(
            "--how", action="store_true", help="say how, where there is none; make nothing"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ask, and make the account; refused with what is wrong."""
        if options["how"]:
            if is_first(Role.DIRECTOR):
                self.stdout.write(_HOW.format(command=command_to_type("first_director")))
            return
        if not is_first(Role.DIRECTOR):
            raise CommandError(_THERE_IS_ONE)
        made = self._made(options["username"], options["name"])
        self.stdout.write(f"已建立 made: {made.name}（{made.username}），{made.get_role_display()}")

    def _made(self, username: str | None, name: str | None) -> Officer:
        while True:
            try:
                return self._asked(username, name)
            except CommandError as error:
                if not sys.stdin.isatty():
                    raise
                username = name = None  # what was given may be what is wrong
                self.stderr.write(f"{error}\n请重新输入，Ctrl-C 取消。 Again, or Ctrl-C.\n")

    def _asked(self, username: str | None, name: str | None) -> Officer:
        name = name or ask("姓名 name: ")
        username = username or ask("用户名 user name: ")
        if sys.stdin.isatty():
            self.stdout.write(_RULES)
        password, again = ask_password()
        with saying_why():
            return add_first_officer(
                username=username, name=name, password=password, again=again, role=Role.DIRECTOR
            )
