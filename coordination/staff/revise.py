"""Verbs for officers' accounts: their name, role and activity are revised, never overwritten.

Who makes an account grants it no role, and nobody has two roles: the system administrator makes
accounts, the security administrator grants administrators' roles, and the director the posts of
the desk (``departures`` of the workbench).
"""

from collections.abc import Collection
from typing import Final

from axes.utils import reset
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coordination.staff.models import ADMINISTRATORS, Officer, Role, SecondFactor
from coordination.staff.passwords import require_good
from projects.record.acts import record_act
from projects.record.clock import change, machine_now
from projects.record.refusals import Checker, FieldError, Invalid, NotAllowed
from projects.record.text import one_line

UNLOCKED: Final = "unlocked"
FIRST: Final = ADMINISTRATORS | {Role.DIRECTOR}  # whose first account is made on the server


def _require(by: Officer, permission: str) -> None:
    if not by.has_perm(permission):
        raise NotAllowed(_("Your role does not allow this."))


def record_officer(*, officer: Officer, changed: Collection[str], by: Officer) -> Officer:
    """Save a new officer, or of one the fields in ``changed``; the database adds the revision.

    ``officer`` may have been read before a concurrent verb changed the row: only the fields that
    are named are written. ``is_staff`` is set: every officer may sign in, and his role decides what
    he sees. A new one has no role, and must choose another password when he first signs in; one who
    becomes active again has none either. By officers who may add or change officers (the system
    administrator). Raises NotAllowed, also for a role, and where the last administrator of a role
    would be inactive.
    """
    is_new = officer._state.adding
    _require(by, "staff.add_officer" if is_new else "staff.change_officer")
    if "role" in changed and not is_new:
        raise NotAllowed(_("A role is granted or changed on the officer's own page."))
    with change() as at:
        officer.is_staff = True
        if is_new:
            officer.role, officer.password_set_at = "", None
        elif not officer.is_active:
            keep_an_administrator(officer)
        elif "is_active" in changed and _is_inactive(officer):
            officer.role, changed = "", [*changed, "role"]
        officer.record_revision(changed=[*changed, "is_staff"], at=at, by=by)
        return officer


def _is_inactive(officer: Officer) -> bool:
    """Whether he is inactive as he is stored; his row stays locked."""
    return not Officer.objects.select_for_update(no_key=True).get(pk=officer.pk).is_active


def record_phone(*, officer: Officer, mobile: str, by: Officer) -> Officer:
    """Change an officer's office phone: by who gives posts of the desk, or changes accounts.

    That of an administrator or a superuser by the latter alone. Raises NotAllowed, Invalid.
    """
    with change() as at:
        row = Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)
        is_desks = row.role not in ADMINISTRATORS and not row.is_superuser
        if not (is_desks and by.has_perm("staff.assign_post")):
            _require(by, "staff.change_officer")
        row.mobile = mobile
        _require_fields(row)
        row.record_revision(changed=["mobile"], at=at, by=by)
        return row


def roles_to_grant() -> list[str]:
    """What the security administrator grants, besides taking a role away.

    The administrators' roles; posts of the desk are the director's to give, and of them only his
    own while no director is in service.
    """
    has_director = Officer.objects.filter(role=Role.DIRECTOR, is_active=True).exists()
    return [
        each.value
        for each in Role
        if each in ADMINISTRATORS or (each == Role.DIRECTOR and not has_director)
    ]


def grant_role(*, officer: Officer, role: str, reason: str, by: Officer) -> Officer:
    """Grant the role of an account that has none or an administrator's; an empty one takes it.

    By the security administrator, for others, and only :func:`roles_to_grant`. An officer who has a
    post of the desk changes it where his work is handed over. Raises NotAllowed, Invalid.
    """
    _require(by, "staff.grant_role")
    with change() as at:
        keep_an_administrator(officer)
        row = Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)
        if row == by:
            raise NotAllowed(_("Nobody grants a role to himself."))
        if row.role and row.role not in ADMINISTRATORS:
            raise NotAllowed(_("This officer has a post of the desk: take him out of it first."))
        check = Checker()
        is_role = role in {"", *Role.values}
        check.require(is_role, "role", _("There is no such role."), "choice")
        is_granted = not is_role or role in {"", *roles_to_grant()}
        check.require(is_granted, "role", _("Posts of the desk are given by the director."), "post")
        check.require(one_line(reason), "reason", _("Say why."), "required")
        check.finish()
        row.role = role
        row.record_revision(changed=["role"], at=at, reason=reason, by=by)
        return row


def keep_an_administrator(officer: Officer) -> None:
    """Lock the active administrators; refuse to go on where ``officer`` is the only one of a role.

    Joins a ``change()``. Raises NotAllowed.
    """
    rows = Officer.objects.select_for_update(no_key=True).order_by("pk")
    found = list(rows.filter(role__in=ADMINISTRATORS, is_active=True))
    for role in ADMINISTRATORS:
        if [each for each in found if each.role == role] == [officer]:
            message = _("This is the last %(role)s: let there be another first.")
            raise NotAllowed(message % {"role": Role(role).label})


def unlock_officer(*, officer: Officer, by: Officer) -> None:
    """Let somebody sign in again who is locked after wrong passwords or codes, wherever he was.

    By the security administrator. Raises NotAllowed, also where he is not locked.
    """
    _require(by, "staff.unlock_officer")
    with change():
        waiting = SecondFactor.objects.filter(user=officer, throttling_failure_count__gt=0)
        freed = waiting.update(throttling_failure_count=0, throttling_failure_timestamp=None)
        if not reset(username=officer.username) + freed:
            raise NotAllowed(_("This officer is not locked."))
        record_act(UNLOCKED, about=officer, by=by)


def is_first(role: str) -> bool:
    """Whether the role's first account may be made on the server: no active officer has it."""
    return role in FIRST and not Officer.objects.filter(role=role, is_active=True).exists()


def add_first_officer(*, username: str, name: str, password: str, again: str, role: str) -> Officer:
    """The first director, or the first of an administrator's role, made on the server.

    Raises NotAllowed where an active officer has the role, Invalid.
    """
    made = Officer(
        username=username, name=name, role=role, is_staff=True, password_set_at=machine_now()
    )
    check = Checker()
    check.gather(lambda: _require_fields(made))
    check.gather(lambda: require_good(password, again, made))
    check.finish()
    made.set_password(password)  # slow on purpose: before the change begins, which others await
    with change() as at:
        if not is_first(role):
            raise NotAllowed(_("There is one already; others are added by the administrators."))
        made.record_revision(changed=[], at=at, by=None)
        return made


def _require_fields(made: Officer) -> None:
    try:
        made.full_clean(exclude=["password", "revised_at"])
    except ValidationError as error:
        raise Invalid(
            FieldError((name,), each) for name, said in error.message_dict.items() for each in said
        ) from error
