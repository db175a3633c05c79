"""Reading a request's body: every wrong type is noted by its path, and what is right is kept.

A serializer stops at the first object that is wrong; here the rest is still read, so that the
verb can judge it, and the caller sees every mistake at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.fields import Field, SkipField, empty
from rest_framework.serializers import BaseSerializer, ListSerializer, Serializer

from projects.access.quick import ASK, Look, looks_at
from projects.record.refusals import FieldError, Invalid, Path

Read = tuple[Any, list[FieldError]]
_OWN: Final = "_zhitongche_plan"


def read_body(serializer: Serializer[Any], data: Any) -> tuple[dict[str, Any], list[FieldError]]:
    """The values that have the right shape, and what is wrong with the others."""
    values, errors = _read_object(serializer, data, ())
    return {} if values is empty else values, errors


def require_shape(serializer: Serializer[Any], data: Any) -> dict[str, Any]:
    """The values; raises Invalid where any has the wrong shape."""
    values, errors = read_body(serializer, data)
    if errors:
        raise Invalid(errors)
    return values


@dataclass(frozen=True)
class _Plan:
    """The fields of a serializer, each with how it is looked at before it is asked."""

    names: frozenset[str]
    fields: tuple[tuple[str, Field[Any, Any, Any, Any], Look | None], ...]


def _plan_of(serializer: BaseSerializer[Any]) -> _Plan:
    """Kept on the serializer, and gone with it: one that every request uses is looked into once."""
    plan: _Plan | None = vars(serializer).get(_OWN)
    if plan is None:
        fields: Mapping[str, Field[Any, Any, Any, Any]] = serializer.fields  # type: ignore[attr-defined]  # the stubs know the fields of Serializer alone
        looks = tuple((name, field, None if isinstance(field, BaseSerializer) else looks_at(field))
                      for name, field in fields.items())  # fmt: skip
        plan = vars(serializer)[_OWN] = _Plan(frozenset(fields), looks)
    return plan


def _read_object(serializer: BaseSerializer[Any], data: Any, path: Path) -> Read:
    if not isinstance(data, Mapping):
        return empty, [FieldError(path, _("Expected an object."), "type")]
    plan = _plan_of(serializer)
    errors: list[FieldError] = []
    if not plan.names.issuperset(data):
        errors += (
            FieldError((*path, name), _("There is no such field."), "unknown")
            for name in data
            if name not in plan.names
        )
    values: dict[str, Any] = {}
    for name, field, look in plan.fields:
        value = data.get(name, empty)
        found = look(value) if look is not None else ASK
        if found is ASK:
            found, wrong = _read_field(field, value, (*path, name))
            errors += wrong
        if found is not empty:
            values[name] = found
    return values, errors


def _read_field(field: Field[Any, Any, Any, Any], value: Any, path: Path) -> Read:
    if value is not empty and isinstance(field, ListSerializer):
        return _read_list(field, value, path)
    if value is not empty and isinstance(field, Serializer):
        return _read_object(field, value, path)
    try:
        return field.run_validation(value), []
    except SkipField:
        return empty, []
    except (ValidationError, DjangoValidationError) as error:
        return empty, _errors_of(error, path)
    except OverflowError:  # the first hours of the year 1 are, in UTC, those of no year
        return empty, [FieldError(path, _("This time is too long ago, or too far off."), "invalid")]


def _read_list(field: ListSerializer[Any], data: Any, path: Path) -> Read:
    if not isinstance(data, list):
        return empty, [FieldError(path, _("Expected a list."), "type")]
    child = field.child
    values, errors = [], []
    for index, each in enumerate(data):
        found, wrong = _read_object(child, each, (*path, index))  # type: ignore[arg-type]  # the stubs know a list's child as any field
        values.append({} if found is empty else found)
        errors += wrong
    return values, errors


def _errors_of(error: ValidationError | DjangoValidationError, path: Path) -> list[FieldError]:
    if isinstance(error, DjangoValidationError):
        return [FieldError(path, message, error.code or "invalid") for message in error.messages]
    detail: Any = error.detail
    found = detail if isinstance(detail, list) else [detail]
    return [FieldError(path, str(each), getattr(each, "code", None) or "invalid") for each in found]


def merge(shape: list[FieldError], rules: list[FieldError]) -> list[FieldError]:
    """Both, without the rules' complaints about what could not even be read."""
    unread = {error.path for error in shape}
    return [*shape, *(error for error in rules if not _within(error.path, unread))]


def _within(path: Path, unread: set[Path]) -> bool:
    return any(path[:length] in unread for length in range(1, len(path) + 1))
