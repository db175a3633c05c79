"""The rules of passwords that are not Django's, and the verb that sets one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.staff.models import ADMINISTRATORS, Officer, Role, SecondFactor
from projects.record.acts import record_act
from projects.record.clock import change, machine_now
from projects.record.refusals import Checker, FieldError, Invalid, NotAllowed

CHANGED: Final = "password_changed"
SET: Final = "password_set"
_CLASSES: Final = 3
_NAME: Final = 4  # letters; a shorter one is part of many words
_CHINESE_NAME: Final = 2


class ThreeClasses:
    """Of capital letters, small letters, digits and other characters, three must be there."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002 - Django names it
        """Raise ValidationError where fewer are."""
        found = {
            "A" if each.isupper() else "a" if each.islower() else "0" if each.isdigit() else "-"
            for each in password
        }
        if len(found) < _CLASSES:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        """The rule, as it stands below the field."""
        return _("Of capitals, small letters, digits and other characters, use three.")


class WithoutOwnName:
    """The user's name is not part of it; Django's rule refuses only what is much like it."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError where a name is in it, if of two Chinese characters or four."""
        names = (user.username, user.name) if isinstance(user, Officer) else ()
        long = [each for each in names if len(each) >= (_NAME if each.isascii() else _CHINESE_NAME)]
        if any(each.lower() in password.lower() for each in long):
            raise ValidationError(self.get_help_text(), code="password_own_name")

    def get_help_text(self) -> str:
        """The rule, as it stands below the field."""
        return _("Your own name must not be part of it.")


def is_password_due(officer: Officer) -> bool:
    """Whether another one must be chosen: it is too old, or somebody else set it."""
    if officer.password_set_at is None:
        return True
    days: int = settings.PASSWORD_DAYS
    return bool(days) and machine_now() - officer.password_set_at >= timedelta(days=days)


def require_good(password: str, again: str, officer: Officer) -> None:
    """Refuse a new password that breaks a rule, or was not typed twice. Raises Invalid."""
    check = Checker()
    check.require(password, "password", gettext_lazy("This field is required."), "required")
    check.require(password == again, "again", gettext_lazy("The two passwords differ."), "mismatch")
    check.finish()
    try:
        validate_password(password, officer)
    except ValidationError as error:
        raise Invalid([FieldError(("password",), each) for each in error.messages]) from error


def set_password(*, officer: Officer, password: str, again: str, by: Officer | None) -> None:
    """Set a password; one that somebody else sets must be changed at the next sign-in.

    By the officer, or by who may change officers, who does not set those of the security
    administrator and the auditor: these are set on the server (``by`` is None). Ends the officer's
    sessions; the edge keeps its own. A second factor that he has not confirmed is dropped, since
    somebody else may have seen its key. Raises NotAllowed, Invalid.
    """
    if by is not None and by != officer:
        if not by.has_perm("staff.change_officer"):
            raise NotAllowed(gettext_lazy("Your role does not allow this."))
        if officer.role in ADMINISTRATORS - {Role.SYSTEM_ADMIN}:
            raise NotAllowed(gettext_lazy(
                "The password of this administrator is set on the server alone."
            ))  # fmt: skip
    require_good(password, again, officer)
    officer.set_password(password)  # slow on purpose: before the change begins, which others await
    officer.password_set_at = machine_now() if by == officer else None
    with change():
        officer.save(update_fields=["password", "password_set_at"])
        SecondFactor.objects.filter(user=officer, confirmed=False).delete()
        record_act(CHANGED if by == officer else SET, about=officer, by=by)


def change_own_password(
    *, old: str, password: str, again: str, is_present: Callable[[str], bool], by: Officer
) -> None:
    """As ``set_password``, of oneself, who types the old one too.

    ``is_present`` says whether it is the present one; the edge counts a wrong one as a guess.
    """
    check = Checker()
    check.require(
        is_present(old), "old", gettext_lazy("This is not your present password."), "wrong"
    )
    check.require(
        old != password, "password", gettext_lazy("Choose another password than before."), "same"
    )
    check.finish()
    set_password(officer=by, password=password, again=again, by=by)
