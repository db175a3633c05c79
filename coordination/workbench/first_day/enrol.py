"""The verb that makes many accounts at once, with passwords for one sign-in: all or none.

No account has a post by it: the director imports the same sheet afterwards, by which they get
their posts and groups (ADR 48).
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coordination.staff.models import Officer
from coordination.staff.revise import record_officer
from coordination.workbench.departures.queries_sheet import post_called
from coordination.workbench.first_day.pasted import MOST, Row
from projects.record.clock import change
from projects.record.refusals import FieldError, Invalid, NotAllowed, Refusal

_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz"  # none that is taken for another
_DIGITS: Final = "23456789"


@dataclass(frozen=True)
class Enrolled:
    """A row whose account was made."""

    row: Row
    password: str


class _Undone(Exception):  # noqa: N818 - a trial ends so
    """Everything was tried, and is undone."""


def may_make(by: Officer) -> bool:
    """Whether he makes accounts."""
    return by.has_perm("staff.add_officer")


def one_time_password() -> str:
    """Capitals, small letters and digits, drawn at random; easy to copy from paper."""
    capitals = "".join(secrets.choice(_LETTERS).upper() for _each in range(4))
    small = "".join(secrets.choice(_LETTERS) for _each in range(4))
    return f"{capitals}-{small}-{''.join(secrets.choice(_DIGITS) for _each in range(4))}"


def try_enrolling(*, rows: Sequence[Row], by: Officer) -> None:
    """Raise what :func:`enrol` would raise now; nothing stays written."""
    try:
        with change():
            _carry_out([(row, Officer(password="!")) for row in rows], by)  # noqa: S106 - no password
            raise _Undone
    except _Undone:
        pass


def enrol(*, rows: Sequence[Row], by: Officer) -> list[Enrolled]:
    """Make the accounts, each with a password for one sign-in. By who makes accounts.

    Raises NotAllowed, Invalid with (number of the line, column) as each path; then nothing is done.
    """
    _require_right(by)
    made, done = [], []
    for row in rows[:MOST]:
        account, password = Officer(), one_time_password()
        account.set_password(password)  # slow: before the change begins, which others await
        made.append((row, account))
        done.append(Enrolled(row, password))
    if len(rows) > MOST:
        made.extend((row, Officer()) for row in rows[MOST:])
    with change():
        _carry_out(made, by)
    return done


def _require_right(by: Officer) -> None:
    if not may_make(by):
        raise NotAllowed(_("Your role does not allow this."))


def _carry_out(made: Sequence[tuple[Row, Officer]], by: Officer) -> None:
    _require_right(by)
    wrong = list(_too_many([row.number for row, _account in made]))
    for row, account in made:
        try:
            if row.too_many:
                raise Invalid([FieldError(("mobile",), _("There are more columns than five."))])
            _make(row, account, by)
        except Refusal as refusal:
            wrong.extend(_placed(row, refusal))
    if wrong:
        raise Invalid(wrong)


def _too_many(lines: Sequence[int]) -> Iterable[FieldError]:
    if not lines:
        yield FieldError((1, "name"), _("Paste at least one row."))
    if len(lines) > MOST:
        yield FieldError((lines[MOST], "name"), _("At most 50 rows at a time."))


def _placed(row: Row, refusal: Refusal) -> Iterable[FieldError]:
    errors = refusal.errors or [FieldError(("username",), refusal.message)]
    for each in errors:
        yield FieldError((row.number, str(each.path[0])), each.message)


def _make(row: Row, account: Officer, by: Officer) -> None:
    account.name, account.username, account.mobile = row.name, row.username, row.mobile
    account.is_staff = True
    if row.post and not post_called(row.post):  # the director's turn would fail on it
        raise Invalid([FieldError(("post",), _("There is no such post at the desk."))])
    try:
        account.full_clean(exclude=["password", "revised_at"])
    except ValidationError as error:
        raise Invalid(
            FieldError((name,), each) for name, said in error.message_dict.items() for each in said
        ) from error
    record_officer(officer=account, changed=[], by=by)
