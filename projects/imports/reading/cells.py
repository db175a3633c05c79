"""The value of a cell, by the kind of its column."""

from projects.files.workbooks.book import Cell
from projects.house.imports import ImportColumn, Kind
from projects.imports.reading.amounts import read_number
from projects.imports.reading.spans import read_day
from projects.imports.reading.value import Value, wrong
from projects.imports.reading.words import read_choice, read_code, read_text, read_truth


def read_cell(column: ImportColumn, cell: Cell, *, unit: str, year: int | None) -> Value:
    """What stands in a cell; ``unit`` is what the sheet has the column in.

    ``year`` is the one that the sheet names, if it does.
    """
    if cell.error:
        return wrong(column.name, "error-value", error=cell.error)
    if cell.strike or cell.value is None:
        return wrong(column.name, "struck" if cell.strike else "formula")
    return _of_kind(column, cell, unit, year) if cell.text else Value()


def _of_kind(column: ImportColumn, cell: Cell, unit: str, year: int | None) -> Value:
    match column.kind:
        case Kind.MONEY | Kind.QUANTITY | Kind.COUNT:
            return read_number(column, cell, unit)
        case Kind.DAY:
            return read_day(column, cell, year)
        case Kind.CHOICE:
            return read_choice(column, cell)
        case Kind.TRUTH:
            return read_truth(column, cell)
        case Kind.CODE:
            return read_code(column, cell)
    return read_text(cell, of_lines=column.kind is Kind.PROSE)
