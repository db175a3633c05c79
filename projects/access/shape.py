"""Reading a request's body by DRF's serializers, so that every mistake is named by its path."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.fields import empty
from rest_framework.settings import api_settings

from projects.access.problems import flatten
from projects.record.refusals import FieldError, Invalid, Path


class Moment(serializers.DateTimeField):
    """A date and time; refuses the first hours of the year 1, which UTC cannot represent."""

    default_error_messages = {
        "overflow": _("This time is too long ago, or too far off."),
    }

    def enforce_timezone(self, value: Any) -> Any:
        """Raises ValidationError if the time has no UTC equivalent."""
        try:
            return super().enforce_timezone(value)
        except OverflowError:
            self.fail("overflow")


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


class Text(serializers.CharField):
    """A text of a model's field, which checks its length itself when the verb judges the row.

    NUL and lone surrogates are refused with the body (``parsers.py``). So nothing is left to be
    checked here; the validators stay for the API's document.
    """

    def run_validators(self, value: Any) -> None:
        """Check nothing."""


_FIELDS: Final = {serializers.DateTimeField: Moment, serializers.CharField: Text}


class StrictModelSerializer(StrictSerializer, serializers.ModelSerializer[Any]):
    """The same, its fields made from a model."""

    serializer_field_mapping = {
        model_field: _FIELDS.get(field, field)
        for model_field, field in serializers.ModelSerializer.serializer_field_mapping.items()
    }


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
    try:
        return type(serializer)(partial=True).run_validation({} if rest is empty else rest), errors
    except ValidationError:
        return {}, errors


def _without(data: Any, errors: Any) -> Any:
    """The data without the parts that ``errors`` name; an item of a list leaves ``{}`` behind.

    Returns ``empty`` if all of it is wrong.
    """
    if not isinstance(errors, dict) or api_settings.NON_FIELD_ERRORS_KEY in errors:
        return empty
    if isinstance(data, list):
        kept = [_without(each, errors[at]) if at in errors else each
                for at, each in enumerate(data)]  # fmt: skip
        return [{} if each is empty else each for each in kept]
    members = {name: _without(each, errors[name]) if name in errors else each
               for name, each in data.items()}  # fmt: skip
    return {name: each for name, each in members.items() if each is not empty}


def merge(shape: list[FieldError], rules: list[FieldError]) -> list[FieldError]:
    """Combine both, without the rules' errors about values that could not be read."""
    unread = {error.path for error in shape}
    return [*shape, *(error for error in rules if not _within(error.path, unread))]


def _within(path: Path, unread: set[Path]) -> bool:
    return any(path[:length] in unread for length in range(1, len(path) + 1))
