"""An officer's second factor: enrolled with a code, asked at sign-in, removed, reset by another.

A wrong code is counted and recorded in a transaction of its own, before it is refused.
"""

import secrets
from base64 import b32encode
from collections.abc import Callable
from datetime import datetime
from math import ceil
from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordination.staff.models import ADMINISTRATORS, Officer, SecondFactor, hash_code
from coordination.staff.waiting import refused_for
from projects.house.rooms import guarded_permissions, permissions_of
from projects.record.acts import record_act
from projects.record.clock import change, machine_now
from projects.record.refusals import Checker, FieldError, Invalid, NotAllowed

ENROLLED: Final = "second_factor_added"
REMOVED: Final = "second_factor_removed"
RESET: Final = "second_factor_reset"
CODES_RENEWED: Final = "recovery_codes_renewed"
PASSED: Final = "second_step"
FAILED: Final = "second_step_failed"
_ISSUER: Final = "直通车"
_CODES, _CODE_BYTES = 10, 10  # eighty bits each


class WrongCode(Invalid):
    """A code was evaluated and is not right; one that comes too early is not evaluated."""


def is_required(officer: Officer) -> bool:
    """Whether he may not work without, by the setting.

    Who may change accounts, keys or terms may not, nor may an administrator or the auditor.
    """
    if settings.SECOND_FACTOR != "required":
        return False
    is_guarded = bool(permissions_of(officer.role) & guarded_permissions())
    return officer.is_superuser or officer.role in ADMINISTRATORS or is_guarded


def address_of(factor: SecondFactor) -> str:
    """What an authenticator app reads from the QR code."""
    label = quote(f"{_ISSUER}:{factor.user.get_username()}")
    return f"otpauth://totp/{label}?secret={key_of(factor)}&issuer={quote(_ISSUER)}"


def key_of(factor: SecondFactor) -> str:
    """The key as it is typed into an app that reads no QR code."""
    return b32encode(bytes.fromhex(factor.key)).decode()


def begin_enrolment(*, by: Officer) -> SecondFactor:
    """The officer's new second factor, the same until it is confirmed with a code.

    Raises NotAllowed where he has one.
    """
    if by.second_factor_at is not None:
        raise NotAllowed(_("You have a second factor: remove it first."))
    made: SecondFactor
    made, _is_new = SecondFactor.objects.get_or_create(
        user=by, confirmed=False, defaults={"name": "totp", "key": secrets.token_hex(20)}
    )
    return made


def confirm_enrolment(
    *, password: str, code: str, is_present: Callable[[str], bool], by: Officer
) -> list[str]:
    """Confirm it with the app's first code; return the recovery codes, which are shown once.

    With the present password, so that whoever finds an open session cannot make it his own;
    ``is_present`` says whether it is, and the edge counts a wrong one as a guess. Raises
    NotAllowed, Invalid.
    """
    begin_enrolment(by=by)
    check = Checker()
    message = _("This is not your present password.")
    check.require(is_present(password), "password", message, "wrong")
    check.finish()
    return _with_code(code, by, ENROLLED, _confirm, confirmed=False)


def _confirm(factor: SecondFactor) -> list[str]:
    codes = _new_codes(factor)
    factor.confirmed = True
    factor.save(update_fields=["confirmed"])
    _set_since(factor.user, machine_now())
    return codes


def pass_second_step(*, code: str, by: Officer) -> None:
    """Check the code of somebody who has just typed his password. Raises NotAllowed, Invalid."""
    _with_code(code, by, PASSED, lambda _factor: None)


def renew_codes(*, code: str, by: Officer) -> list[str]:
    """New recovery codes instead of all former ones. Raises NotAllowed, Invalid."""
    return _with_code(code, by, CODES_RENEWED, _new_codes)


def remove_second_factor(*, code: str, by: Officer) -> None:
    """Do without it from now on. Raises NotAllowed for whom it is required, Invalid."""
    if is_required(by):
        raise NotAllowed(_("Your role requires a second factor."))
    _with_code(code, by, REMOVED, _remove)


def reset_second_factor(*, officer: Officer, by: Officer | None) -> None:
    """Take it from somebody who lost it; his sessions end, and the password alone lets him in.

    By the security administrator, for others; ``by`` is None on the server itself. Raises
    NotAllowed.
    """
    if by is not None and (by == officer or not by.has_perm("staff.reset_second_factor")):
        raise NotAllowed(_("Your role does not allow this."))
    with change():
        row = Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)
        if row.second_factor_at is None:
            raise NotAllowed(_("This officer has no second factor."))
        SecondFactor.objects.filter(user=row).delete()
        _set_since(row, None)
        record_act(RESET, about=row, by=by)


def _with_code[Done](
    code: str, by: Officer, what: str, do: Callable[[SecondFactor], Done], *, confirmed: bool = True
) -> Done:
    with change():
        rows = SecondFactor.objects.select_for_update(of=("self",)).select_related("user")
        factor = rows.filter(user=by, confirmed=confirmed).first()
        if factor is None:
            raise NotAllowed(_("This officer has no second factor."))
        is_evaluated = factor.verify_is_allowed()[0]
        if factor.verify_token(code):
            done = do(factor)
            by.second_factor_at = factor.user.second_factor_at
            record_act(what, about=by, by=by)
            return done
        if is_evaluated:
            record_act(FAILED, about=by, by=by)
    wait = _seconds_left(factor)
    if is_evaluated:
        message = refused_for(gettext("This code is not right."), wait)
        raise WrongCode([FieldError(("code",), message, "code")])
    message = refused_for(gettext("Too many wrong codes."), wait)
    raise Invalid([FieldError(("code",), message, "code")])


def _seconds_left(factor: SecondFactor) -> int:
    """How long the next code waits, by django-otp: it doubles with each wrong one."""
    _is_allowed, why = factor.verify_is_allowed()
    return max(ceil((why["locked_until"] - machine_now()).total_seconds()), 1) if why else 1


def _new_codes(factor: SecondFactor) -> list[str]:
    codes = [
        b32encode(secrets.token_bytes(_CODE_BYTES)).decode().lower() for _each in range(_CODES)
    ]
    factor.recovery_codes = [hash_code(each) for each in codes]
    factor.save(update_fields=["recovery_codes"])
    return ["-".join(each[i : i + 4] for i in range(0, len(each), 4)) for each in codes]


def _remove(factor: SecondFactor) -> None:
    _set_since(factor.user, None)
    factor.delete()


def _set_since(officer: Officer, at: datetime | None) -> None:
    officer.second_factor_at = at
    officer.save(update_fields=["second_factor_at"])
