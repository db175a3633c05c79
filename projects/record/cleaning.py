"""Checking the fields of hundreds of rows: as a model does, and quickly where all is right.

A field's own way from ``to_python`` to its last validator costs ten times as much as looking.
What is not plainly right is checked by the model itself, which says what is wrong.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from django.db import models
from django.db.models import Field, Model

from projects.record.predicates import none_objects

type _Look = Callable[[Any], bool]

# What these fields leave as it is, where it is of this very type.
_KEPT: Final[tuple[tuple[Any, Any], ...]] = (
    (models.CharField, str), (models.TextField, str), (models.BooleanField, bool),
    (models.DateTimeField, datetime), (models.DateField, date), (models.IntegerField, int),
)  # fmt: skip


def clean_fields(row: Model, *, exclude: frozenset[str] = frozenset()) -> None:
    """As ``row.clean_fields``: raises ValidationError with every mistake by its field."""
    held = row.__dict__
    for name, is_right in _looks(type(row), exclude):
        if not is_right(held[name]):
            row.clean_fields(exclude=exclude)
            return


@cache
def _looks(model: type[Model], exclude: frozenset[str]) -> list[tuple[str, _Look]]:
    return [(field.attname, _looks_at(field)) for field in model._meta.fields  # noqa: SLF001 - Django's own way
            if field.name not in exclude and not field.generated]  # fmt: skip


def _looks_at(field: "Field[Any, Any]") -> _Look:
    """Whether cleaning would say nothing of the value, and leave it as it is."""
    own = next((type_ for kind, type_ in _KEPT if isinstance(field, kind)), None)
    if own is None or not _cleans_as_usual(field) or not field.editable:
        return lambda value: field.blank and value in field.empty_values
    chosen = frozenset(key for key, _label in field.flatchoices) if field.choices else None
    holds = none_objects(field.validators)
    may_be_blank, empty = bool(field.blank), field.empty_values

    def is_right(value: Any) -> bool:
        if type(value) is not own or value == "":
            return may_be_blank and value in empty
        return (chosen is None or value in chosen) and holds(value)

    return is_right


def _cleans_as_usual(field: "Field[Any, Any]") -> bool:
    """Nobody changed what cleaning does, of whatever kind it is."""
    own = type(field)
    base = next(kind for kind, _type in _KEPT if isinstance(field, kind))
    return (own.clean, own.validate, own.run_validators, own.to_python) == (
        Field.clean, Field.validate, Field.run_validators, base.to_python,
    )  # fmt: skip
