"""What a field would say of a value that is plainly right, without asking it.

Of five hundred filings nearly every value is; a field's own way through its validators costs ten
times as much as looking. Whatever is not plainly right is asked of the field, which says the same.
"""

from collections.abc import Callable
from typing import Any, Final

from django.core.validators import ProhibitNullCharactersValidator
from rest_framework.exceptions import ValidationError
from rest_framework.fields import CharField, ChoiceField, Field, empty
from rest_framework.validators import ProhibitSurrogateCharactersValidator

from projects.record.predicates import none_objects

ASK: Final = object()
"""In place of a value: ask the field."""

type Look = Callable[[Any], Any]

# They find nothing in what is printable.
_OF_SIGNS: Final = (ProhibitNullCharactersValidator, ProhibitSurrogateCharactersValidator)


def looks_at(field: Field[Any, Any, Any, Any]) -> Look:
    """Gives the value as the field would, ``empty`` where it is left out, or ASK."""
    of_value = _of_value(field)
    is_optional = not (field.read_only or field.required) and field.default is empty

    def look(value: Any) -> Any:
        if value is empty:
            return empty if is_optional else ASK
        return of_value(value)

    return look


def _of_value(field: Field[Any, Any, Any, Any]) -> Look:
    if not field.read_only and type(field) is CharField:
        return _of_text(field)
    if not (field.read_only or field.validators) and type(field) is ChoiceField:
        values = field.choice_strings_to_values
        return lambda value: values.get(value, ASK) if type(value) is str and value else ASK
    return lambda _value: ASK


def _of_text(field: CharField) -> Look:
    blank, trims = ("" if field.allow_blank else ASK), field.trim_whitespace
    others: list[Any] = [each for each in field.validators if type(each) not in _OF_SIGNS]
    if any(getattr(each, "requires_context", False) for each in others):
        return lambda _value: ASK
    holds = none_objects(others, ValidationError)

    def look(value: Any) -> Any:
        if type(value) is not str or not value.isprintable():
            return ASK
        if not value:
            return blank
        said = value.strip() if trims else value
        return said if said and holds(said) else ASK

    return look
