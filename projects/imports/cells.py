"""How a sheet's columns and values are written in the workbooks that go out.

A workbook written so is read again without a question, and changes nothing.
"""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import pgettext_lazy

from projects.files.sheet import Cell
from projects.house.imports import ImportColumn, ImportSheet, Kind
from projects.house.sheets import with_unit

_TRUTHS: Final = {True: pgettext_lazy("truth", "yes"), False: pgettext_lazy("truth", "no")}


def heading_of(column: ImportColumn) -> str:
    """The column's title, with the unit of its money in brackets."""
    return with_unit(column.title, column.unit)


def headings_of(declared: ImportSheet) -> list[str]:
    """The headings of all columns."""
    return [heading_of(each) for each in declared.columns]


def cell_of(column: ImportColumn, value: Any) -> Cell:
    """The value as a cell: numbers as numbers, a choice by its first word, all else as text."""
    if value is None or value == "":
        return None
    if column.kind == Kind.TRUTH:
        return str(_TRUTHS[bool(value)])
    if column.kind == Kind.CHOICE:
        words = column.choices.get(value)
        return words[0] if words else str(value)
    if column.kind in {Kind.MONEY, Kind.QUANTITY}:
        return Decimal(value)
    if column.kind == Kind.COUNT:
        return int(value)
    return value.isoformat() if isinstance(value, date) else str(value)
