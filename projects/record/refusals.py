"""Why a verb would not: one family of exceptions that every edge knows how to say.

The API turns them into RFC 9457 problems, the admin into messages by the field. The message is
translated when it is shown, so it is lazy here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Path = tuple[str | int, ...]


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error of ours
    """The change was not made, and nothing was written.

    ``code`` is stable and becomes the last part of the problem's type; ``members`` say for a
    program what the message says for a person.
    """

    code = "refused"
    message: Text = _("This cannot be done.")

    def __init__(
        self, message: Text | None = None, *, members: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message or self.message)
        self.members = dict(members or {})
        if message is not None:
            self.message = message


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with one field; ``path`` as in ``("lines", 0, "plate")``."""

    path: Path
    message: Text
    code: str = "invalid"

    def below(self, *prefix: str | int) -> "FieldError":
        """The same error, seen from the object that holds this one."""
        return FieldError((*prefix, *self.path), self.message, self.code)


class Invalid(Refusal):
    """What was handed in breaks a rule; every broken rule is listed."""

    code = "invalid"
    message = _("Some of what was entered is not valid.")

    def __init__(self, errors: Iterable[FieldError]) -> None:
        super().__init__()
        self.errors = list(errors)


class NotAllowed(Refusal):
    """The flow does not allow this verb from this state, or not to this person."""

    code = "not-allowed"
    message = _("This action is not allowed now.")


class Stale(Refusal):
    """Somebody changed the row since it was read."""

    code = "stale"
    message = _("This was changed by someone else since you opened it.")


class Missing(Refusal):
    """No such thing, or none that the caller may know of."""

    code = "not-found"
    message = _("There is no such object.")


class Gone(Refusal):
    """It was there once, or is said to have been, and is not to be had any more."""

    code = "gone"
    message = _("This is no longer there.")


@dataclass
class Checker:
    """Collects what is wrong, so that a person sees every mistake at once."""

    errors: list[FieldError] = field(default_factory=list)

    def require(self, holds: Any, path: str | Path, message: Text, code: str = "invalid") -> None:
        """Note ``message`` by the field unless ``holds``."""
        if not holds:
            self.errors.append(
                FieldError(path if isinstance(path, tuple) else (path,), message, code)
            )

    def finish(self) -> None:
        """Raise Invalid with all that was noted, if anything was."""
        if self.errors:
            raise Invalid(self.errors)
