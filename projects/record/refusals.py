"""Exceptions with which a verb rejects a request; every edge can show them.

The API turns them into RFC 9457 problems, the admin into messages beside the fields. The message is
translated when it is shown, so it is lazy here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Path = tuple[str | int, ...]


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error of ours
    """The change was not made, and nothing was written.

    ``code`` is stable and becomes the last part of the problem's type; ``members`` are further
    fields of the problem document, for programs; ``errors`` are what is wrong with single fields.
    """

    code = "refused"
    message: Text = _("This cannot be done.")

    def __init__(
        self,
        message: Text | None = None,
        *,
        members: Mapping[str, str] | None = None,
        errors: Iterable["FieldError"] = (),
    ) -> None:
        super().__init__(message or self.message)
        self.members = dict(members or {})
        self.errors = list(errors)
        if message is not None:
            self.message = message

    @property
    def reasons(self) -> list[str]:
        """What is wrong, for people: one text for each error."""
        return [str(self.message)]


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with one field; ``path`` as in ``("lines", 0, "plate")``.

    ``number`` is that of the object with which the value collides, if there is one.
    """

    path: Path
    message: Text
    code: str = "invalid"
    number: str = ""

    def below(self, *prefix: str | int) -> "FieldError":
        """The same error, with a prefix before its path."""
        return replace(self, path=(*prefix, *self.path))


class Invalid(Refusal):
    """The input breaks rules; each one is listed."""

    code = "invalid"
    message = _("Some of what was entered is not valid.")

    def __init__(self, errors: Iterable[FieldError]) -> None:
        super().__init__(errors=errors)

    @property
    def reasons(self) -> list[str]:
        """The message of each error."""
        return [str(error.message) for error in self.errors]


class NotAllowed(Refusal):
    """The verb is not allowed in this state, or not for this person.

    ``reason`` is the code, for programs, of what forbids it although the state would allow it.
    """

    code = "not-allowed"
    message = _("This action is not allowed now.")

    def __init__(
        self,
        message: Text | None = None,
        *,
        reason: str = "",
        members: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, members=members)
        self.errors = [FieldError((), self.message, reason)] if reason else []


class Stale(Refusal):
    """The row was changed since the caller read it."""

    code = "stale"
    message = _("This was changed by someone else since you opened it.")


class Missing(Refusal):
    """It does not exist, or the caller may not know of it."""

    code = "not-found"
    message = _("There is no such object.")


class Gone(Refusal):
    """It existed, or the caller refers to it as if it had, but it is no longer available."""

    code = "gone"
    message = _("This is no longer there.")


class Busy(Refusal):
    """As much of this is under way as may be at once; the same request may succeed soon."""

    code = "busy"
    message = _("The desk is busy. Try again in a moment.")
    seconds = 2  # until it is worth trying again


@dataclass
class Checker:
    """Collects errors and raises them together, so that a person sees all of them at once."""

    errors: list[FieldError] = field(default_factory=list)

    def require(self, holds: Any, path: str | Path, message: Text, code: str = "invalid") -> None:
        """Add ``message`` for the field unless ``holds``."""
        if not holds:
            self.errors.append(
                FieldError(path if isinstance(path, tuple) else (path,), message, code)
            )

    def gather[Result](self, act: Callable[[], Result]) -> Result | None:
        """The result of ``act``, or None where it raises Invalid, whose errors are added."""
        try:
            return act()
        except Invalid as refusal:
            self.errors += refusal.errors
            return None

    def finish(self) -> None:
        """Raise Invalid with the collected errors, if there are any."""
        if self.errors:
            raise Invalid(self.errors)
