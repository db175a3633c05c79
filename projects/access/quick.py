"""What a field would say of a value that is plainly right, without asking it.

Of five hundred filings nearly every value is; a field's own way through its validators costs ten
times as much as looking. Whatever is not plainly right is asked of the field, which says the same.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.core.validators import ProhibitNullCharactersValidator
from rest_framework import ISO_8601
from rest_framework.exceptions import ValidationError
from rest_framework.fields import CharField, ChoiceField, DateField, Field, empty
from rest_framework.settings import api_settings
from rest_framework.validators import ProhibitSurrogateCharactersValidator

from projects.record.predicates import none_objects

ASK: Final = object()
"""In place of a value: ask the field."""

type Look = Callable[[Any], Any]

# They find nothing in what is printable.
_OF_SIGNS: Final = (ProhibitNullCharactersValidator, ProhibitSurrogateCharactersValidator)


def looks_at(field: Field[Any, Any, Any, Any]) -> Look:
    """Gives the value as the field would, ``empty`` where it is left out, or ASK."""
    is_optional = not (field.read_only or field.required) and field.default is empty
    return _look_of(field, left_out=empty if is_optional else ASK)


def _look_of(field: Field[Any, Any, Any, Any], left_out: Any) -> Look:
    if field.read_only:
        return lambda value: left_out if value is empty else ASK
    if type(field) is CharField:
        return _at_text(field, left_out)
    if type(field) is ChoiceField and not field.validators:
        return _at_choice(field, left_out)
    if type(field) is DateField and not field.validators and _is_plain_iso(field):
        return _at_date(left_out)
    return lambda value: left_out if value is empty else ASK


def _at_choice(field: ChoiceField, left_out: Any) -> Look:
    values = field.choice_strings_to_values

    def look(value: Any) -> Any:
        if type(value) is str and value:
            return values.get(value, ASK)
        return left_out if value is empty else ASK

    return look


def _at_text(field: CharField, left_out: Any) -> Look:
    blank, trims = ("" if field.allow_blank else ASK), field.trim_whitespace
    others: list[Any] = [each for each in field.validators if type(each) not in _OF_SIGNS]
    if any(getattr(each, "requires_context", False) for each in others):
        return lambda value: left_out if value is empty else ASK
    holds = none_objects(others, ValidationError)

    def look(value: Any) -> Any:
        if type(value) is not str:
            return left_out if value is empty else ASK
        if not value:
            return blank
        said = value.strip() if trims else value
        return said if said and said.isprintable() and holds(said) else ASK

    return look


def _is_plain_iso(field: DateField) -> bool:
    formats = getattr(field, "input_formats", api_settings.DATE_INPUT_FORMATS)
    return list(formats) == [ISO_8601]


def _at_date(left_out: Any) -> Look:
    def look(value: Any) -> Any:
        if type(value) is not str:
            return left_out if value is empty else ASK
        try:
            return date.fromisoformat(value)
        except ValueError:
            return ASK

    return look
