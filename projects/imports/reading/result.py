"""What was read of a sheet: its rows, what is wrong in its cells, and what an officer is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from projects.files.workbooks.book import cell_name
from projects.files.workbooks.notices import Notice
from projects.house.imports import CellError, ImportRow, ImportSheet, Text

_AND: Final = ":"  # between a column's name and a unit, in an answer


class Reason(StrEnum):
    """Why a heading is asked for."""

    RESEMBLES = "resembles"  # no known heading is the same
    SEVERAL = "several"  # it is that of several columns, or several headings are that of one
    YEAR = "year"  # it names another year than the sheet's
    UNIT = "unit"  # nothing says in which unit its numbers are
    KEY = "key"  # no column identifies the rows, and this one may
    UNKNOWN = "unknown"  # it is like no known one


WHY_ASKED: Final = {
    Reason.RESEMBLES: _("This heading resembles a known one, but is not the same."),
    Reason.SEVERAL: _("More than one column may be meant, or this column stands there twice."),
    Reason.YEAR: _("This heading names another year than the sheet's."),
    Reason.UNIT: _("Nothing says in which unit these amounts are."),
    Reason.KEY: _("No column identifies the rows. Say which one does, if this is it."),
    Reason.UNKNOWN: _("This heading is not known. The column is not read."),
}


@dataclass(frozen=True)
class Matched:
    """A column of the workbook that is read.

    ``heading`` is what stands there, ``unit`` the one of its numbers, in which the sheet has them.
    """

    name: str
    heading: str
    unit: str = ""


@dataclass(frozen=True)
class Question:
    """What an officer is asked about a column; each of ``candidates`` may be the answer, or "".

    A candidate is the name of a column, or after a unit was missing ``total_investment:亿元``.
    ``key`` is what the vocabulary calls this heading, so that it is known the next time.
    """

    column: int
    heading: str
    candidates: tuple[str, ...]
    reason: Reason
    key: str

    @property
    def why(self) -> Text:
        """Why it is asked, for people."""
        return WHY_ASKED[self.reason]


@dataclass(frozen=True)
class TotalCheck:
    """A total of the sheet that is not the sum of its rows, in the unit of the column.

    ``column`` is empty where the number of rows is stated.
    """

    column: str
    cell: str
    stated: Decimal
    computed: Decimal


@dataclass
class SheetRead:
    """One sheet as it was read.

    While there are ``questions``, the columns that they are about are in no row. A cell that
    cannot be read is in ``errors``, and its value in no row. ``year`` is the one that the sheet is
    about. ``columns`` has the number of each column that is read. ``others`` are the columns that
    hold something and are not read; nothing waits for an answer about them. ``day`` is the one that
    stands above the table; ``stated`` has what holds of every row without a value of its own.
    """

    sheet: str
    sheets: Sequence[str]
    year: int
    matched: Mapping[int, Matched] = field(default_factory=dict)
    day: date | None = None
    stated: dict[str, Any] = field(default_factory=dict)
    rows: list[ImportRow] = field(default_factory=list)
    errors: dict[int, list[CellError]] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    others: list[Question] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    totals: list[TotalCheck] = field(default_factory=list)

    @property
    def columns(self) -> dict[str, int]:
        """The number of each column that is read, by its name."""
        return {each.name: index for index, each in self.matched.items()}

    def cell(self, row: int, column: str) -> str:
        """``B7``; of a column that the workbook does not have the row alone: ``7``."""
        index = self.columns.get(column)
        return str(row) if index is None else cell_name(row, index)


def answer_of(name: str, unit: str) -> str:
    """The answer that says both which column is meant and its unit."""
    return f"{name}{_AND}{unit}" if unit else name


def parts_of(answer: str) -> tuple[str, str]:
    """The column's name and the unit, each empty where the answer does not say it."""
    name, _colon, unit = answer.partition(_AND)
    return name, unit


def said_of(answer: str, declared: ImportSheet) -> str:
    """The answer as people read it: ``总投资（亿元）``. Raises KeyError."""
    name, unit = parts_of(answer)
    if not name:
        return str(_("Not read"))
    title = str(declared.column(name).title)
    return f"{title}（{unit}）" if unit else title
