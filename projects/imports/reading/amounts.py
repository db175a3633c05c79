"""Numbers in cells: amounts of money with their units, quantities and counts."""

import re
from datetime import datetime, time
from decimal import Decimal
from typing import Final

from projects.files.workbooks.book import Cell
from projects.house.imports import ImportColumn, Kind
from projects.imports.reading.units import COUNTERS, converted, is_money
from projects.imports.reading.value import NOT_STATED, Value, states_nothing, wrong
from projects.record.numbers import digits_of
from projects.record.text import compact, plain

_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_WITH_UNIT: Final = re.compile(r"(?:人民币|[¥￥])?([+-]?[\d,.]+)([^\d.,+-]*)")
_SPACED: Final = re.compile(r"(?<=\d)[ \u3000](?=\d{3}(?!\d))")
_MOST_DIGITS: Final = 20
_MOST: Final = Decimal(10) ** _MOST_DIGITS
_COUNTER: Final = re.compile(COUNTERS)


def read_number(column: ImportColumn, cell: Cell, unit: str) -> Value:
    """The number of a cell in the column's unit; ``unit`` is what the sheet has it in.

    A unit in the cell itself counts more.
    """
    if isinstance(cell.value, bool | datetime | time):
        return wrong(column.name, "number")
    if isinstance(cell.value, Decimal):
        return _measured(column, cell.value, unit, "")
    if states_nothing(cell.text):
        return NOT_STATED
    found = _WITH_UNIT.fullmatch(compact(_SPACED.sub("", plain(cell.text).strip())))
    digits = digits_of(found[1]) if found else ""
    if found is None or not _NUMBER.fullmatch(digits) or len(digits) > _MOST_DIGITS:
        return wrong(column.name, "number")
    return _measured(column, Decimal(digits), unit, found[2])


def has_own_unit(cell: Cell) -> bool:
    """Whether the cell says in which unit its amount is, or holds no amount at all."""
    if isinstance(cell.value, Decimal):
        return cell.value == 0
    found = _WITH_UNIT.fullmatch(compact(cell.text))
    return found is None or is_money(found[2])


def _measured(column: ImportColumn, number: Decimal, unit: str, own: str) -> Value:
    if not abs(number) < _MOST:
        return wrong(column.name, "number")
    if column.kind is Kind.MONEY:
        return _money(column, number, unit, own)
    if own and own != (column.unit or unit) and not _counts(column, own):
        return wrong(column.name, "unit", unit=column.unit or "—")
    if column.kind is Kind.QUANTITY:
        return Value(number)
    if number != number.to_integral():
        return wrong(column.name, "whole-number")
    return Value(int(number))


def _money(column: ImportColumn, number: Decimal, unit: str, own: str) -> Value:
    if own and not is_money(own):
        return wrong(column.name, "unit", unit=column.unit)
    if not (own or unit):  # zero, of which no unit need be known
        return Value(number)
    is_other = bool(own) and own.removesuffix("元") != unit.removesuffix("元")
    amount = converted(number, own or unit, column.unit)
    return Value(amount, ("own-unit",) if is_other else ())


def _counts(column: ImportColumn, own: str) -> bool:
    return column.kind is Kind.COUNT and bool(_COUNTER.fullmatch(own))
