"""What the commands about officers ask for, and how they say that a verb refused."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path

from django.core.management.base import CommandError

from coordination.staff.models import Officer
from projects.record.refusals import Invalid, Refusal


def officer_named(username: str) -> Officer:
    """The officer of this account. Raises CommandError where there is none."""
    officer = Officer.objects.filter(username=username).first()
    if officer is None:
        raise CommandError("没有此账号。 There is no such account.")
    return officer


def ask(question: str) -> str:
    """A line of what is typed; empty where the input has ended."""
    try:
        return input(question)
    except EOFError:
        return ""


def ask_password() -> tuple[str, str]:
    """A password as it is typed twice; one line where the input is no terminal."""
    if sys.stdin.isatty():
        return getpass("密码 password: "), getpass("再次输入 again: ")
    password = sys.stdin.readline().rstrip("\n")
    return password, password


def command_to_type(name: str) -> str:
    """How a command of this desk is typed in another terminal, in the same folder."""
    python, folder = Path(sys.executable), Path.cwd()
    program = python.relative_to(folder) if python.is_relative_to(folder) else python
    return f"{program} manage.py {name}"


@contextmanager
def saying_why() -> Iterator[None]:
    """Raise CommandError with each reason, where a verb of the block is refused."""
    try:
        yield
    except Invalid as refusal:
        wrong = [f"{each.path[0]}: {each.message}" for each in refusal.errors]
        raise CommandError("\n".join(wrong)) from refusal
    except Refusal as refusal:
        raise CommandError(str(refusal.message)) from refusal
