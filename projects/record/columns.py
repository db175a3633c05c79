"""The values that saving would write, column by column, for whoever writes many rows at once."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from types import NoneType
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.db import models as of_django
from django.db.models import Field, Model

from projects.record.days import UntilField
from projects.record.sealed_fields import SealedColumn
from projects.record.text_fields import ReadAsTyped

type AnyField = Field[Any, Any]

# A value of this type is written by such a field as it is, so the field need not be asked.
_AS_IT_IS: Final[dict[type[AnyField], type]] = {
    of_django.CharField: str,
    of_django.TextField: str,
    of_django.BooleanField: bool,
    of_django.IntegerField: int,
    of_django.PositiveIntegerField: int,
    of_django.PositiveSmallIntegerField: int,
    of_django.BigAutoField: int,
    of_django.ForeignKey: int,
    of_django.OneToOneField: int,
    of_django.DateTimeField: datetime,
    UntilField: datetime,
}


@cache
def written_fields(model: type[Model], *, with_key: bool) -> tuple[AnyField, ...]:
    """The fields that are written of a new row: all but what the database makes itself."""
    return tuple(
        each for each in model._meta.local_concrete_fields
        if not each.generated and (with_key or not each.primary_key)
    )  # fmt: skip


def values_of(field: AnyField, rows: Sequence[Model], *, is_new: bool = True) -> list[Any]:
    """What the field's ``pre_save`` and ``get_db_prep_save`` give for each row.

    Raises what the field raises, for example ValidationError.
    """
    database = connections[DEFAULT_DB_ALIAS]
    values = [field.pre_save(row, is_new) for row in rows]
    if _are_as_written(field, values):
        return values
    return [field.get_db_prep_save(each, database) for each in values]


def _are_as_written(field: AnyField, values: Sequence[Any]) -> bool:
    kind = _kind_of(field)
    if kind is None or not {*map(type, values)} <= {kind, NoneType}:
        return False
    return kind is not datetime or all(each is None or each.tzinfo for each in values)


def _kind_of(field: AnyField) -> type | None:
    """The type that the field writes as it is; what is read as typed was read by its verb."""
    if isinstance(field, ReadAsTyped) and not isinstance(field, SealedColumn):
        return str
    return _AS_IT_IS.get(type(field))


def mark_saved(rows: Sequence[Model]) -> None:
    """The rows are in the database now."""
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
