"""Questions of the hot paths: worked out once, then only asked.

Django makes a question's text anew each time, and PostgreSQL its plan. For what every request
asks, that is most of the cost. Here a question stays Django's own, with its joins, its columns and
its sealed fields, but its text is made once in each process and prepared once on each connection.
"""

import itertools
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper
from django.db.models import DateTimeField, Expression, Field, Lookup, QuerySet
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    get_related_populators,
)
from psycopg import RawCursor
from psycopg._preparing import Prepare
from psycopg._queries import PostgresQuery
from psycopg.errors import FeatureNotSupported
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8Dumper

_CONNECTION: Final = DEFAULT_DB_ALIAS
MOST: Final = 500  # texts that a connection keeps prepared; no desk has asked for a third of them
_serials: Final = itertools.count()


class Given(Expression):
    """A value that is given when the question is asked, by its name."""

    def __init__(self, name: str, kind: "Field[Any, Any] | None" = None) -> None:
        super().__init__(output_field=kind)
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Its place, and itself as what stands there until it is given."""
        return "%s", (self,)


GIVEN_AT: Final = Given("at", DateTimeField())


class AnyOf(Lookup):
    """It is one of the values given, however many they are; ``IN`` would be another text each."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        (left, lefts), (right, rights) = (
            self.process_lhs(compiler, connection), self.process_rhs(compiler, connection)
        )  # fmt: skip
        return f"{left} = ANY({right})", (*lefts, *rights)


class _Binding(RawCursor[tuple[Any, ...]]):
    """Binds on the server. Every whole number goes as one type: a text is not prepared for each."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self.adapters.register_dumper(int, Int8Dumper)

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(_numbered(query), params, **options)


type _Names = dict[tuple[bytes, tuple[int, ...]], bytes]
# What each connection has prepared. PostgreSQL keeps it though a transaction is undone; psycopg's
# own register would throw all of it away then, and would keep the text of whatever Django asks,
# with its values in it, whole files among them.
_names: WeakKeyDictionary[Any, _Names] = WeakKeyDictionary()


class _Preparing(_Binding):
    """Prepares with the first use of a text on its connection."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self._prepared = _names.setdefault(connection, {})

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Raises what the database raises; one whose rows have another shape now is made anew.

        That is so after a migration; in a transaction, which it ends, for the next to find.
        """
        if len(self._prepared) >= MOST:
            self._forget_all()
        try:
            return super().execute(query, params, **options)
        except FeatureNotSupported:
            self._forget_all()
            if self.connection.info.transaction_status is not TransactionStatus.IDLE:
                raise
            return super().execute(query, params, **options)

    def _get_prepared(
        self,
        pgq: PostgresQuery,
        _prepare: bool | None = None,  # noqa: FBT001 - psycopg calls it so
    ) -> tuple[Prepare, bytes]:
        """Psycopg's own question: whether to prepare this text, and its name."""
        key = (pgq.query, tuple(pgq.types))
        if key in self._prepared:
            return Prepare.YES, self._prepared[key]
        return Prepare.SHOULD, f"zhitongche_{next(_serials)}".encode()

    def _send_query_prepared(
        self, name: bytes, pgq: PostgresQuery, *, binary: bool | None = None
    ) -> None:
        """Psycopg's own step after the text was prepared, if it had to be."""
        self._prepared[pgq.query, tuple(pgq.types)] = name
        super()._send_query_prepared(name, pgq, binary=binary)

    def _forget_all(self) -> None:
        """Where a transaction has failed they stay, under names that are not used again."""
        self._prepared.clear()
        self.connection.pgconn.exec_(b"DEALLOCATE ALL")


@lru_cache(maxsize=512)
def _numbered(query: str) -> bytes:
    """With PostgreSQL's own names of the places; psycopg would look for them with each use."""
    count = itertools.count(1)
    return re.sub(
        "%[s%]", lambda found: "%" if found[0] == "%%" else f"${next(count)}", query
    ).encode()


def own_connection() -> BaseDatabaseWrapper:
    """This thread's own, and not the name that looks it up with each use."""
    return connections[_CONNECTION]


def ask(text: str, values: Sequence[Any], *, once: bool = False) -> list[tuple[Any, ...]]:
    """The rows that answer, if it is a question; logged and counted as any other of Django's.

    A statement that hardly comes ``once`` more is only bound, and not prepared.
    """
    database = _open_connection()
    raw = _Binding(database.connection) if once else _own_cursor(database)
    _counted(raw, database).execute(text, values)
    return raw.fetchall() if raw.description else []


@contextmanager
def copying(database: BaseDatabaseWrapper, text: str) -> Iterator[Any]:
    """What takes the rows of a COPY; logged and counted as a question is.

    On a connection that is open, which nobody else uses meanwhile.
    """
    with database.wrap_database_errors, _Binding(database.connection) as raw:
        cursor = _counted(raw, database)
        logged = cursor.debug_sql(text) if isinstance(cursor, _Logged) else nullcontext()
        with logged, raw.copy(text) as sink:
            yield sink


def _open_connection() -> BaseDatabaseWrapper:
    """This thread's, as Django's own cursors begin."""
    database = own_connection()
    database.close_if_health_check_failed()
    database.ensure_connection()
    return database


_kept = threading.local()


def _own_cursor(database: BaseDatabaseWrapper) -> _Preparing:
    """One for each connection: it knows already how values of each type are sent."""
    found: _Preparing | None = getattr(_kept, "cursor", None)
    if found is None or found.connection is not database.connection:
        found = _kept.cursor = _Preparing(database.connection)
    return found


def _counted(raw: _Binding, database: BaseDatabaseWrapper) -> CursorWrapper:
    return _Logged(raw, database) if database.queries_logged else CursorWrapper(raw, database)


class _Logged(CursorDebugWrapper):
    """Logs the text that was prepared: nobody else sees it with its values."""

    def execute(self, sql: Any, params: Any = None) -> Any:
        with self.debug_sql(sql, params):
            return CursorWrapper.execute(self, sql, params)


class Prepared[Row]:
    """A question: its answers are rows of a model, with what is selected of others, or values."""

    def __init__(self, ask: Callable[[], QuerySet[Any, Row]]) -> None:
        """``ask`` is called once, when all models are there; it names values with ``Given``."""
        self._ask = ask

    @cached_property
    def _plan(self) -> "_Plan":
        return _Plan(self._ask())

    def all(self, **given: Any) -> list[Row]:
        """Every answer."""
        plan = self._plan
        values = [given[each.name] if isinstance(each, Given) else each for each in plan.values]
        return plan.rows(ask(plan.sql, values))

    def first(self, **given: Any) -> Row | None:
        """The first answer, or None."""
        return next(iter(self.all(**given)), None)


class _Plan:
    """The text, what stands in its places, and how a row is read: as Django reads it."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        compiler = queryset.query.get_compiler(using=_CONNECTION)
        self.sql, self.values = compiler.as_sql()
        columns = [column for column, _sql, _alias in compiler.select]
        self._converters = list(compiler.get_converters(columns).items())
        self._read = _reader_of(queryset, compiler)

    def rows(self, found: list[tuple[Any, ...]]) -> list[Any]:
        if not self._converters:
            return [self._read(each) for each in found]
        database = own_connection()
        return [self._read(self._converted(each, database)) for each in found]

    def _converted(self, found: tuple[Any, ...], database: BaseDatabaseWrapper) -> list[Any]:
        values = list(found)
        for place, (converters, expression) in self._converters:
            for convert in converters:
                values[place] = convert(values[place], expression, database)
        return values


def _reader_of(queryset: Any, compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """What makes a row of the values: one of the model, a tuple, or the one value alone."""
    kind = queryset._iterable_class  # noqa: SLF001 - nobody else says
    if kind is not ModelIterable:
        return itemgetter(0) if kind is FlatValuesListIterable else tuple
    return _model_reader(compiler.klass_info, compiler.select, compiler.annotation_col_map)


def _model_reader(
    info: dict[str, Any], select: Any, named: dict[str, int]
) -> Callable[[Sequence[Any]], Any]:
    """As Django's ModelIterable."""
    model, first, last = info["model"], info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column.target.attname for column, _sql, _alias in select[first:last]]
    related = get_related_populators(info, select, _CONNECTION)  # type: ignore[call-arg]  # the stubs are of the next Django

    def read(values: Sequence[Any]) -> Any:
        made = model.from_db(_CONNECTION, names, values[first:last])
        for each in related:
            each.populate(values, made)
        for name, place in named.items():
            setattr(made, name, values[place])
        return made

    return read
