"""Rows for the hundred that are made at once: what a model's own call gives, for a tenth of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import ForeignKey, Model
from django.db.models.base import ModelState


@dataclass(frozen=True)
class _Shape:
    """What a new row of a model holds before anything is said of it."""

    fixed: dict[str, Any]
    fresh: dict[str, Callable[[], Any]]  # made for each row: they could be changed in one of them
    relations: dict[str, tuple[str, str]]  # the column here, and which of the other row's it holds

    @property
    def size(self) -> int:
        """How many values a row holds, its state among them."""
        return len(self.fixed)


@cache
def _shape(model: type[Model]) -> _Shape:
    fixed: dict[str, Any] = {"_state": None}
    fresh, relations = dict[str, Callable[[], Any]](), {}
    for field in model._meta.concrete_fields:  # noqa: SLF001 - Django's own way
        if field.generated:
            continue  # the database's to say
        fixed[field.attname] = None
        if field.has_default() and callable(field.default):
            fresh[field.attname] = field.get_default
        else:
            fixed[field.attname] = field.get_default()
        if isinstance(field, ForeignKey):
            relations[field.name] = (field.attname, field.target_field.attname)
    return _Shape(fixed, fresh, relations)


def made[Row: Model](model: type[Row], **values: Any) -> Row:
    """An unsaved row, equal to ``model(**values)``; no signal is sent.

    Nor is the other side of a one-to-one told of it, or the kind of a related row looked at.

    ``values`` are by the names of fields, other rows among them, and of their columns. Raises
    TypeError for a name that is none.
    """
    shape, state = _shape(model), ModelState()
    held = shape.fixed.copy()
    held["_state"] = state
    for name, default in shape.fresh.items():
        if name not in values:
            held[name] = default()
    for name, (column, target) in shape.relations.items():
        if name in values:
            other = state.fields_cache[name] = values.pop(name)
            held[column] = None if other is None else getattr(other, target)
    held.update(values)
    if len(held) != shape.size:
        raise TypeError(f"{model.__name__} has not all of these fields: {', '.join(values)}")
    row = model.__new__(model)
    row.__dict__ = held
    return row


def relate(row: Model, **others: Model | None) -> None:
    """Give the row the rows that it names, as setting each of them would; see ``made``."""
    relations, held, state = _shape(type(row)).relations, row.__dict__, row._state  # noqa: SLF001 - Django's own way
    for name, other in others.items():
        column, target = relations[name]
        held[column] = None if other is None else getattr(other, target)
        state.fields_cache[name] = other
