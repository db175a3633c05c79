"""New rows in COPY's notation, made column by column.

Most columns of many new rows hold one value, or are all of one type: that is found out once for a
column, where row by row it would be asked of each value.
"""

from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from operator import itemgetter
from types import NoneType
from typing import Any, Final

from django.db import DataError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from psycopg.adapt import PyFormat, Transformer

from projects.record.canonical import as_json
from projects.record.columns import Column
from projects.record.sealed_fields import SealedColumn

type Rows = Sequence[Model]

_NULL: Final = "\\N"
_SEAM: Final = "\0"  # what no text of PostgreSQL's holds
_MARKS: Final = {
    "\\": r"\\", "\b": r"\b", "\t": r"\t", "\n": r"\n", "\v": r"\v", "\f": r"\f", "\r": r"\r",
}  # fmt: skip


def copied(columns: Sequence[Column], rows: Rows, database: BaseDatabaseWrapper) -> bytes:
    """The rows, of which there is one at least, with a line for each."""
    said = [
        _dumped(column, rows, database) if values is None else _said(column, rows, values, database)
        for column, values in zip(columns, _values(columns, rows), strict=True)
    ]
    return ("\n".join(map("\t".join, zip(*said, strict=True))) + "\n").encode()


def _values(columns: Sequence[Column], rows: Rows) -> Iterable[Sequence[Any] | None]:
    """What the rows hold, by column: read row by row, while a row is at hand."""
    names = [each.attribute for each in columns]
    read = itemgetter(*names) if len(names) > 1 else lambda held: (held[names[0]],)
    try:
        return zip(*map(read, map(vars, rows)), strict=True)
    except KeyError:  # rows that were read without a column
        return repeat(None, len(names))


def _said(
    column: Column, rows: Rows, values: Sequence[Any], database: BaseDatabaseWrapper
) -> list[str]:
    if isinstance(column.field, SealedColumn):  # what is sealed looks different each time
        return _plain(column.field.get_prep_values(values))
    distinct = values[:1] if len(set(map(id, values))) == 1 else values
    said = _as_it_is(column, distinct)
    if said is None:
        return _dumped(column, rows, database)
    return said * len(rows) if len(said) == 1 else said


def _as_it_is(column: Column, values: Sequence[Any]) -> list[str] | None:
    """Of values to which saving does nothing; None where it does something to any."""
    if column.are_ready(values):
        return _plain(values)
    if column.are_documents(values):
        return _marked([as_json(each).decode() for each in values])
    if column.are_lists_of_texts(values):
        return _marked(_arrays(values))
    return None


def _plain(values: Sequence[Any]) -> list[str]:
    """Values of one type, and Nones."""
    types = set(map(type, values))
    said = ["t" if each else "f" for each in values] if bool in types else list(map(str, values))
    if any(issubclass(each, str) for each in types):
        said = _marked(said)
    if NoneType in types:
        return [_NULL if value is None else text for value, text in zip(values, said, strict=True)]
    return said


def _marked(texts: Sequence[str]) -> list[str]:
    """What would end a value or a row is written otherwise. Raises DataError where one has NUL."""
    joined = _SEAM.join(texts)
    if joined.count(_SEAM) >= len(texts):
        raise DataError("a text may not contain NUL")
    for mark, said in _MARKS.items():
        joined = joined.replace(mark, said)
    return joined.split(_SEAM)


def _arrays(lists: Sequence[Sequence[str]]) -> list[str]:
    """Each text in quotes."""
    together = "".join(chain.from_iterable(lists))
    if "\\" in together or '"' in together:
        lists = [[each.replace("\\", "\\\\").replace('"', '\\"') for each in texts]
                 for texts in lists]  # fmt: skip
    return ['{"' + '","'.join(texts) + '"}' if texts else "{}" for texts in lists]


def _dumped(column: Column, rows: Rows, database: BaseDatabaseWrapper) -> list[str]:
    """As Django saves each, and psycopg writes it down."""
    with_types = Transformer(database.connection)

    def said(row: Model) -> str | None:
        value = column.value(row, database, add=True)
        dumped = None if value is None else with_types.get_dumper(value, PyFormat.TEXT).dump(value)
        return None if dumped is None else bytes(dumped).decode()

    return _plain(list(map(said, rows)))
