"""A sheet that a room imports from workbooks and exports again: its columns, and what a row means.

A room lists its sheets in its ``room.py``. The room ``imports`` reads the workbook, asks what it is
unsure of, shows what each row would change, and carries all of it out or nothing; the sheet's own
functions know what a row means. Nothing in here imports a model.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.utils.functional import Promise

type Text = str | Promise

YEAR: Final = "year"  # the name of the column of a sheet ``of_year`` in which a row states its year


class Kind(StrEnum):
    """What a column's cells are read as."""

    TEXT = "text"  # one line
    PROSE = "prose"  # several lines
    CODE = "code"  # a code of letters and digits, never a number
    MONEY = "money"  # Decimal, in the column's own ``unit`` whatever the sheet's is
    QUANTITY = "quantity"  # Decimal
    COUNT = "count"  # int
    DAY = "day"  # date
    CHOICE = "choice"  # one of the codes in ``choices``
    TRUTH = "truth"  # bool: whether something is done, or so


@dataclass(frozen=True)
class ImportColumn:
    """One column; ``title`` is its heading in what the desk exports.

    ``synonyms`` are other headings that mean it. ``unit`` of money is 亿元 or 万元, that of the
    value which the room gets. ``choices`` has the words that mean each code. A column that
    ``is_summed`` is compared with the total of the sheet. Of a row that is not registered yet, the
    cells of ``is_required`` columns must be filled; a sheet that has no ``is_key`` column is
    refused.
    """

    name: str
    title: Text
    kind: Kind = Kind.TEXT
    synonyms: tuple[str, ...] = ()
    unit: str = ""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_required: bool = False
    is_key: bool = False
    is_summed: bool = False


@dataclass(frozen=True)
class ImportRow:
    """A row as it was read: ``values`` by the names of the columns that the workbook has.

    An empty cell is None, and means "not stated", never "remove what is registered".
    """

    number: int  # of the row in the sheet
    values: Mapping[str, Any]


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Change:
    """A value that a row would change, as people read it; ``before`` is empty of a new row."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class CellError:
    """Why a row is refused: the name of the column, empty where it is the row as a whole."""

    column: str
    message: Text
    code: str


@dataclass(frozen=True)
class RowPlan:
    """What one row would do: to what (in words), and how."""

    row: ImportRow
    outcome: Outcome
    title: str
    changes: Sequence[Change] = ()
    errors: Sequence[CellError] = ()
    warnings: Sequence[Text] = ()  # to be looked at; they refuse nothing


@dataclass(frozen=True)
class ImportSheet:
    """A sheet. All functions take the officer as ``by`` and raise NotAllowed if he may not.

    ``plan`` says for each row, in order, what it would do at that moment; it writes nothing, and
    the number of its queries does not depend on the number of rows. ``carry_out`` does what is
    planned as new or changed, in the transaction that the caller has opened, and yields for each
    such row what ``undo`` needs, as JSON. ``undo`` takes these in reverse; it raises NotAllowed,
    saying why, where something else stands on one of them or a value was changed since. ``export``
    yields the values of every row in the register, by the names of the columns.

    ``stated`` are the columns whose value an officer may state once, for every row without one of
    its own; a day of these may stand above the table as well. One that is required is asked for.

    Where ``of_year``, each row is about one year: the one in its column ``YEAR``, or else the one
    that the sheet is about, which ``plan`` then finds in that column. Without such a column all
    rows are of the running year, and those of a sheet about another are refused.
    """

    name: str
    title: Text
    columns: tuple[ImportColumn, ...]
    permission: str
    plan: Callable[[Sequence[ImportRow], datetime, Any], list[RowPlan]]
    carry_out: Callable[[Sequence[RowPlan], datetime, Any], Iterator[Any]]
    undo: Callable[[Sequence[Any], datetime, Any], None]
    export: Callable[[Any], Iterable[Mapping[str, Any]]]
    order: int = 100
    of_year: bool = False
    stated: tuple[str, ...] = ()
    exported: Text = ""  # what the export is called, where it is more than what is registered

    def column(self, name: str) -> ImportColumn:
        """The column of that name. Raises KeyError."""
        return {each.name: each for each in self.columns}[name]
