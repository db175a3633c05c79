"""A few rows of several tables written in one journey, and large numbers of them by COPY.

Columns, sealing and types are the models' own: what lies in the table is what ``bulk_create`` and
``save`` would have put there. A row that others name has its id beforehand (see ``reserve``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import chain
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from projects.record.beside import beside
from projects.record.columns import Column, is_odd
from projects.record.notation import copied
from projects.record.prepared import ask, copying, own_connection

FEW: Final = 12  # rows: up to here their statements are worth being prepared as one
MANY: Final = 20  # rows of one table: from here on COPY is faster

type Rows = Sequence[Model]
type _Statement = tuple[str, list[Any]]


def reserve(*sequences: str, many: int) -> list[tuple[int, ...]]:
    """The next ``many`` numbers of each sequence, smallest first; they are never given again."""
    each = ", ".join(["nextval(%s)"] * len(sequences))
    question = f"SELECT {each} FROM generate_series(1, %s)"  # noqa: S608 - places alone
    return sorted(ask(question, [*sequences, many]))


@cache
def sequence_of(model: type[Model]) -> str:
    """The sequence that numbers the model's rows."""
    meta = model._meta  # noqa: SLF001 - Django's own way
    return f"{meta.db_table}_{meta.pk.column}_seq"


def _values(columns: Sequence[Column], row: Model, *, add: bool) -> list[Any]:
    database = own_connection()
    return [each.value(row, database, add=add) for each in columns]


@dataclass(frozen=True)
class Update:
    """A statement that writes these columns of a row of the model, and no others."""

    model: type[Model]
    fields: tuple[str, ...]

    @cached_property
    def _columns(self) -> list[Column]:
        return [Column(self.model._meta.get_field(name)) for name in self.fields]  # type: ignore[arg-type]  # noqa: SLF001 - columns alone are named

    @cached_property
    def sql(self) -> str:
        """With a place for each value, and one for the row's id."""
        meta = self.model._meta  # noqa: SLF001 - Django's own way
        sets = ", ".join(f'"{each.name}" = %s' for each in self._columns)
        return f'UPDATE "{meta.db_table}" SET {sets} WHERE "{meta.pk.column}" = %s'  # noqa: S608 - names of our own models

    def values(self, row: Model) -> list[Any]:
        """What stands in the places."""
        return [*_values(self._columns, row, add=False), row.pk]


class _Table:
    """How rows of a model are inserted."""

    def __init__(self, name: str, columns: list[Column]) -> None:
        self.name, self._columns = name, columns
        self._names = ", ".join(f'"{each.name}"' for each in columns)
        self._attributes = [each.attribute for each in columns]
        self._perhaps_odd = [place for place, each in enumerate(columns) if each.may_be_odd]
        self._converted = dict[tuple[type, ...], list[int]]()

    @property
    def copy(self) -> str:
        return f'COPY "{self.name}" ({self._names}) FROM STDIN'

    def insert(self, rows: int) -> str:
        """So many at once, in their order."""
        places = ", ".join(["%s"] * len(self._columns))
        places = ", ".join([f"({places})"] * rows)
        return f'INSERT INTO "{self.name}" ({self._names}) VALUES {places}'  # noqa: S608 - names of our own models

    def values(self, row: Model, database: BaseDatabaseWrapper) -> list[Any]:
        """As they are sent: those alone are converted to which saving would do something."""
        _as_saved([row])
        values = list(map(row.__dict__.__getitem__, self._attributes))
        odd = [each for each in self._perhaps_odd if is_odd(values[each])]
        for place in chain(self._converted_of(tuple(map(type, values))), odd):
            values[place] = self._columns[place].value(row, database, add=True)
        return values

    def copied(self, rows: Rows, database: BaseDatabaseWrapper) -> bytes:
        """As COPY takes them."""
        _as_saved(rows)
        return copied(self._columns, rows, database)

    def _converted_of(self, types: tuple[type, ...]) -> list[int]:
        """The places of what must be converted, in a row that holds values of these types."""
        found = self._converted.get(types)
        if found is None:
            found = self._converted[types] = [
                place
                for place, (column, type_) in enumerate(zip(self._columns, types, strict=True))
                if not column.is_ready(type_)
            ]
        return found


def _as_saved(rows: Rows) -> None:
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 - as saving does


@cache
def _table(model: type[Model], *, numbered: bool) -> _Table:
    meta = model._meta  # noqa: SLF001 - Django's own way
    columns = [Column(each) for each in meta.local_concrete_fields
               if not each.generated and (numbered or each is not meta.pk)]  # fmt: skip
    return _Table(meta.db_table, columns)


@dataclass(frozen=True)
class _Step:
    """Rows of one table, to be inserted, or updated by ``update``."""

    rows: Rows
    update: Update | None = None

    @property
    def table(self) -> _Table:
        return _table(type(self.rows[0]), numbered=self.rows[0].pk is not None)

    @property
    def statement(self) -> _Statement:
        if self.update is not None:
            (row,) = self.rows
            return self.update.sql, self.update.values(row)
        table = self.table
        database = own_connection()
        values = [each for row in self.rows for each in table.values(row, database)]
        return table.insert(len(self.rows)), values


def write(*tables: Rows, changed: Iterable[tuple[Update, Model]] = ()) -> None:
    """Insert the rows, table by table in the order given, then update those ``changed``.

    Each of ``tables`` holds rows of one model. Joins the caller's transaction; what the database
    refuses is raised as Django raises it, and the transaction is over.
    """
    steps = [*(_Step(rows) for rows in tables if rows),
             *(_Step([row], update) for update, row in changed)]  # fmt: skip
    if sum(len(each.rows) for each in steps) <= FEW:
        _write_together([each.statement for each in steps])
    else:
        _write_in_turn(steps)


def write_in_turn(tables: Iterable[Rows]) -> None:
    """As ``write``, for the hundred: a table is made while PostgreSQL takes in the one before.

    So whatever makes the tables asks the database nothing.
    """
    _write_in_turn(_Step(rows) for rows in tables if rows)


def _write_together(statements: Sequence[_Statement]) -> None:
    """In one journey, and prepared as one: the same few come again and again."""
    if statements:
        text = _together(tuple(sql for sql, _values in statements))
        ask(text, [each for _sql, values in statements for each in values])


@lru_cache(maxsize=256)
def _together(statements: tuple[str, ...]) -> str:
    """All of them in one; which of them is carried out first is PostgreSQL's to choose."""
    *first, last = statements
    if not first:
        return last
    named = ", ".join(f"step_{number} AS ({each})" for number, each in enumerate(first))
    return f"WITH {named} {last}"


def _write_in_turn(steps: Iterable[_Step]) -> None:
    """One table after the other; while PostgreSQL takes one in, the next is made ready."""
    database = own_connection()
    with beside() as hand:
        for each in steps:
            if len(each.rows) >= MANY:
                table = each.table
                hand.do(_copy, database, table.copy, table.copied(each.rows, database))
            else:
                hand.finish()
                ask(*each.statement, once=True)


def _copy(database: BaseDatabaseWrapper, text: str, rows: bytes) -> None:
    with copying(database, text) as sink:
        sink.write(rows)
