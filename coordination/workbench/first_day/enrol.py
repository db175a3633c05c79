"""The verb that enrols many officers at once: all of them or none.

Who makes accounts makes them, without a post; the director sends the same rows afterwards, and the
accounts get their posts and groups (ADR 48).
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coordination.groups.models import ServiceGroup
from coordination.groups.serve import join_group
from coordination.staff.models import Officer, Role
from coordination.staff.revise import record_officer
from coordination.workbench.departures.queries import To
from coordination.workbench.departures.relieve import Kind, Relief, relieve_officer
from coordination.workbench.first_day.pasted import MOST, POSTS, Row
from projects.record.clock import change
from projects.record.refusals import FieldError, Invalid, NotAllowed, Refusal

_COLUMN: Final = {"role": "post", "kind": "post", "officer": "username"}
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz"  # none that is taken for another
_DIGITS: Final = "23456789"


@dataclass(frozen=True)
class Enrolled:
    """A row that was carried out; ``password`` is empty where no account was made."""

    row: Row
    password: str


class _Undone(Exception):  # noqa: N818 - a trial ends so
    """Everything was tried, and is undone."""


def may_make(by: Officer) -> bool:
    """Whether he makes accounts."""
    return by.has_perm("staff.add_officer")


def may_post(by: Officer) -> bool:
    """Whether he gives posts to accounts that are there."""
    return by.has_perm("staff.assign_post") and by.has_perm("groups.add_membership")


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
    """Make the accounts with passwords for one sign-in, or give posts and groups to those there.

    Raises NotAllowed, Invalid with (number of the line, column) as each path; then nothing is done.
    """
    made, done = [], []
    for row in rows[:MOST]:
        account, password = Officer(), one_time_password() if may_make(by) else ""
        if password:
            account.set_password(password)  # slow: before the change begins, which others await
        made.append((row, account))
        done.append(Enrolled(row, password))
    if len(rows) > MOST:
        made.extend((row, Officer()) for row in rows[MOST:])
    with change():
        _carry_out(made, by)
    return done


def _carry_out(made: Sequence[tuple[Row, Officer]], by: Officer) -> None:
    if not (may_make(by) or may_post(by)):
        raise NotAllowed(_("Your role does not allow this."))
    wrong = list(_too_many([row.number for row, _account in made]))
    for row, account in made:
        try:
            if row.too_many:
                raise Invalid([FieldError(("mobile",), _("There are more columns than five."))])
            if may_make(by):
                _make(row, account, by)
            else:
                _post(row, by)
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
        name = str(each.path[0])
        yield FieldError((row.number, _COLUMN.get(name, name)), each.message)


def _make(row: Row, account: Officer, by: Officer) -> None:
    account.name, account.username, account.mobile = row.name, row.username, row.mobile
    account.is_staff = True
    _role_of(row)  # so that the director's turn does not fail on it
    _group_of(row, may_be_new=True)
    try:
        account.full_clean(exclude=["password", "revised_at"])
    except ValidationError as error:
        raise Invalid(
            FieldError((name,), each) for name, said in error.message_dict.items() for each in said
        ) from error
    record_officer(officer=account, changed=[], by=by)


def _post(row: Row, by: Officer) -> None:
    officer = Officer.objects.filter(username=row.username).first()
    if officer is None:
        raise Invalid([FieldError(("username",), _("There is no such account."))])
    if officer.name != row.name:
        raise Invalid([FieldError(("name",), _("The account has another name."))])
    role, group = _role_of(row), _group_of(row)
    if role is None:
        raise Invalid([FieldError(("post",), _("This field is required."))])
    if officer.role != role:
        reason = str(_("First appointment"))
        relieve_officer(
            relief=Relief(
                officer=officer, kind=Kind.CHANGE_ROLE, to=To.LEAVE, role=role, reason=reason
            ),
            by=by,
        )
    if group is not None:
        join_group(officer=officer, group=group, by=by)


def _role_of(row: Row) -> Role | None:
    if not row.post:
        return None
    for each in POSTS:
        if row.post in {each.value, str(each.label)}:
            return each
    raise Invalid([FieldError(("post",), _("There is no such post at the desk."))])


def _group_of(row: Row, *, may_be_new: bool = False) -> ServiceGroup | None:
    if not row.group:
        return None
    for each in ServiceGroup.objects.filter(is_active=True):
        if row.group in {each.code, each.name}:
            return each
    if may_be_new:
        return None
    raise Invalid([FieldError(("group",), _("There is no such group in service."))])
