"""Reading a request's body by DRF's serializers, so that every mistake is named by its path."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.fields import empty
from rest_framework.settings import api_settings

from projects.access.problems import flatten, mistakes_of
from projects.record.clock import now
from projects.record.days import NO_DAY, NO_MOMENT, UntilField, day_in, moment_in, until
from projects.record.numbers import NO_AMOUNT, NO_COUNT, digits_of
from projects.record.refusals import FieldError, Invalid, Path


class Moment(serializers.DateTimeField):
    """A date and time, however it is typed.

    Refuses the first hours of the year 1, which UTC cannot represent.
    """

    default_error_messages = {
        "invalid": NO_MOMENT,
        "date": NO_MOMENT,
        "overflow": _("This time is too long ago, or too far off."),
    }

    def to_internal_value(self, value: Any) -> Any:
        return moment_in(value) or super().to_internal_value(value)

    def enforce_timezone(self, value: Any) -> Any:
        """Raises ValidationError if the time has no UTC equivalent."""
        try:
            return super().enforce_timezone(value)
        except OverflowError:
            self.fail("overflow")


class Until(Moment):
    """A date and time, or a day alone, which lasts to its end."""

    def to_internal_value(self, value: Any) -> Any:
        return until(value) or super().to_internal_value(value)


class Day(serializers.DateField):
    """A day, however it is spelled."""

    default_error_messages = {"invalid": NO_DAY, "datetime": NO_DAY}

    def to_internal_value(self, value: Any) -> Any:
        return day_in(value) or super().to_internal_value(value)


_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d{1,3})?")


class Whole(serializers.IntegerField):
    """A whole number, however it is typed; Python's own marks between digits are none of it."""

    default_error_messages = {"invalid": NO_COUNT}

    def to_internal_value(self, data: Any) -> int:
        """Return the number. Raises ValidationError."""
        data = digits_of(data)
        if isinstance(data, str) and not _NUMBER.fullmatch(data):
            self.fail("invalid")
        return super().to_internal_value(data)


class Quantity(serializers.DecimalField):
    """A number with decimals, in the same way."""

    default_error_messages = {"invalid": NO_AMOUNT}

    def to_internal_value(self, data: Any) -> Decimal:
        """Return the number. Raises ValidationError."""
        data = digits_of(data)
        if isinstance(data, str) and not _NUMBER.fullmatch(data):
            self.fail("invalid")
        return super().to_internal_value(data)


class Truth(serializers.BooleanField):
    """``true`` or ``false``, which JSON has: no word or number stands for either."""

    default_error_messages = {"invalid": _("Say true or false.")}

    def to_internal_value(self, data: Any) -> bool:
        """Return the value. Raises ValidationError."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class StrictSerializer(serializers.Serializer[Any]):
    """An object of a request; an unknown member is an error."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the values. Raises ValidationError with every error."""
        if not isinstance(data, Mapping):
            wrong = ErrorDetail(str(_("Expected an object.")), "type")
            raise ValidationError({api_settings.NON_FIELD_ERRORS_KEY: [wrong]})
        errors: dict[str, Any] = {
            name: [ErrorDetail(str(_("There is no such field.")), "unknown")]
            for name in data if name not in self.fields
        }  # fmt: skip
        try:
            values = super().to_internal_value(data)
        except ValidationError as error:
            raise ValidationError({**errors, **_members(error)}) from None
        if errors:
            raise ValidationError(errors)
        return values


class Words(serializers.CharField):
    """A text; where it may be empty, null is the same, since answers have null for it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | ({"allow_null": True} if options.get("allow_blank") else {}))

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        """Whether nothing more is to be read, and the value."""
        if data is None and self.allow_null:
            return True, ""
        return super().validate_empty_values(data)


class Text(Words):
    """A text of a model's field, which checks its length itself when the verb judges the row.

    NUL and lone surrogates are refused with the body (``parsers.py``). So nothing is left to be
    checked here; the validators stay for the API's document.
    """

    def run_validators(self, value: Any) -> None:
        """Check nothing."""


_FIELDS: Final = {
    serializers.DateTimeField: Moment, serializers.DateField: Day, serializers.CharField: Text,
    serializers.IntegerField: Whole, serializers.DecimalField: Quantity,
    serializers.BooleanField: Truth,
}  # fmt: skip


class StrictModelSerializer(StrictSerializer, serializers.ModelSerializer[Any]):
    """The same, its fields made from a model."""

    serializer_field_mapping = {
        model_field: _FIELDS.get(field, field)
        for model_field, field in serializers.ModelSerializer.serializer_field_mapping.items()
    } | {UntilField: Until}


def _members(error: ValidationError) -> dict[str, Any]:
    if not isinstance(error.detail, dict):
        return {api_settings.NON_FIELD_ERRORS_KEY: error.detail}
    return error.detail


def require_shape(serializer: serializers.Serializer[Any], data: Any) -> dict[str, Any]:
    """Return the values. Raises Invalid with every error."""
    try:
        values: dict[str, Any] = serializer.run_validation(data)
    except ValidationError as error:
        raise Invalid(flatten(error.detail)) from error
    return values


def read_body(
    serializer: serializers.Serializer[Any], data: Any
) -> tuple[dict[str, Any], list[FieldError]]:
    """Return the values and the errors of a body.

    If there are errors, the valid parts are read all the same, so that a verb can check them and
    the caller learns all errors at once: the body is read again without the wrong parts, and
    with no required fields.
    """
    try:
        return serializer.run_validation(data), []
    except ValidationError as error:
        errors = list(flatten(error.detail))
        rest = _without(data, error.detail)
    if rest is empty:
        return {}, errors
    again = type(serializer)(partial=True)
    try:
        return again.run_validation(rest), errors
    except ValidationError as error:  # of a list of which no item could be read
        rest = {name: each for name, each in rest.items() if name not in _members(error)}
        return again.run_validation(rest), errors


# What stands for a value that is needed and could not be read; its mistake is named already.
_STAND_INS: Final[dict[type[serializers.Field[Any, Any, Any, Any]], Callable[[], Any]]] = {
    serializers.CharField: str,
    serializers.ListField: list,
    serializers.BooleanField: bool,
    serializers.IntegerField: int,
    serializers.DateField: lambda: timezone.localdate(now()),
}


def judged[R](serializer: serializers.Serializer[Any], data: Any, act: Callable[..., R]) -> R:
    """Do ``act`` with the values of a body. Raises Invalid with every mistake of shape and rules.

    Of a body with mistakes of shape ``act`` is given what could be read, so that it names those of
    its rules as well. The caller's transaction undoes what it did.
    """
    values, errors = read_body(serializer, data)
    if not errors:
        return act(**values)
    needed = _needed(serializer, values)
    found = [] if needed is None else mistakes_of(partial(act, **needed, **values))
    raise Invalid(merge(errors, [error for error in found if error.path]))


def _needed(
    serializer: serializers.Serializer[Any], values: Mapping[str, Any]
) -> dict[str, Any] | None:
    """What stands for the values that are missing; None if there is nothing for one of them."""
    made = {}
    for name, field in serializer.fields.items():
        if field.required and name not in values:
            kind = next((kind for kind in _STAND_INS if isinstance(field, kind)), None)
            if kind is None:
                return None
            made[name] = _STAND_INS[kind]()
    return made


def _without(data: Any, errors: Any) -> Any:
    """The data without the parts that ``errors`` name.

    For an item of a list stands ``{}``, or another item that is right if they are no objects.
    Returns ``empty`` if all of it is wrong.
    """
    if not isinstance(errors, dict) or api_settings.NON_FIELD_ERRORS_KEY in errors:
        return empty
    if isinstance(data, list):
        kept = [_without(each, errors[at]) if at in errors else each
                for at, each in enumerate(data)]  # fmt: skip
        right: Any = next((each for each in kept if each is not empty), {})
        instead = {} if isinstance(right, Mapping) else right
        return [instead if each is empty else each for each in kept]
    members = {name: _without(each, errors[name]) if name in errors else each
               for name, each in data.items()}  # fmt: skip
    return {name: each for name, each in members.items() if each is not empty}


def merge(shape: list[FieldError], rules: list[FieldError]) -> list[FieldError]:
    """Combine both, without the rules' errors about values that could not be read."""
    unread = {error.path for error in shape}
    return [*shape, *(error for error in rules if not _within(error.path, unread))]


def _within(path: Path, unread: set[Path]) -> bool:
    return any(path[:length] in unread for length in range(len(path) + 1))
