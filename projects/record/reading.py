"""Rows of models read by SQL that is written by hand, for the few questions that are asked most.

Django makes each statement anew, which takes it several times as long as asking a short one.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model

from projects.record.columns import AnyField

_ALL: Final[tuple[str, ...]] = ()


@cache
def columns_of(model: type[Model], alias: str, only: tuple[str, ...] = _ALL) -> str:
    """The columns of a table known as ``alias``, for a SELECT; ``only`` these attributes."""
    quoted = connection.ops.quote_name
    return ", ".join([f"{alias}.{quoted(str(each.column))}" for each in _fields(model, only)])


def _fields(model: type[Model], only: tuple[str, ...]) -> list[AnyField]:
    named = {each.attname: each for each in model._meta.concrete_fields}
    return [named[each] for each in only or named]


@cache
def attributes_of(model: type[Model], only: tuple[str, ...] = _ALL) -> tuple[str, ...]:
    """The attributes of a row, in the order of :func:`columns_of`."""
    return tuple(each.attname for each in _fields(model, only))


@cache
def _converters(
    model: type[Model], only: tuple[str, ...]
) -> tuple[tuple[int, Callable[..., Any]], ...]:
    """The places at which a field has its own way to read a value, with that way."""
    return tuple(
        (at, each.from_db_value) for at, each in enumerate(_fields(model, only))
        if hasattr(each, "from_db_value")
    )  # fmt: skip


def row_of[Row: Model](
    model: type[Row], values: Sequence[Any], only: tuple[str, ...] = _ALL
) -> Row:
    """The row whose columns (see :func:`columns_of`) have these values; others are deferred."""
    read = list(values)
    for at, convert in _converters(model, only):
        read[at] = convert(read[at], None, connection)
    return model.from_db(DEFAULT_DB_ALIAS, attributes_of(model, only), read)


def rows(statement: str, parameters: Any) -> list[tuple[Any, ...]]:
    """The answer to the statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
