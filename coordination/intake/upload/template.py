"""Builds the workbook of a kind that a clerk fills in."""

from datetime import datetime
from io import BytesIO
from typing import Any, Final

import xlsxwriter
from django.db import models
from django.utils.translation import gettext as _

from coordination.intake.upload.columns import Column, columns_of
from coordination.intake.upload.example import example_row, notes_of
from coordination.tickets.filing.submit import MOST_LINES_AT_ONCE
from coordination.tickets.kinds.registry import KINDS

_OPTIONS: Final = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
    "strings_to_numbers": False,
}  # fmt: skip
_FORMATS: Final[dict[type[Any], str]] = {  # the first that fits: a moment is also a day
    models.DateTimeField: "yyyy-mm-dd hh:mm",
    models.DateField: "yyyy-mm-dd",
}
_WIDTH: Final = 18


def template(kind: str) -> bytes:
    """The workbook's bytes, in the active language."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, _OPTIONS)
    formats: dict[type[Any], Any] = {
        cls: book.add_format({"num_format": number}) for cls, number in _FORMATS.items()
    }
    as_text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
    sheet = book.add_worksheet(str(KINDS[kind].label))
    sheet.freeze_panes(1, 2)
    example = example_row(kind)
    for index, column in enumerate(columns_of(kind)):
        cell_format = next((formats[cls] for cls in formats if column.is_a(cls)), as_text)
        is_number = column.is_a(models.DecimalField, models.IntegerField)
        sheet.set_column(index, index, _WIDTH, None if is_number else cell_format)
        sheet.write_string(0, index, column.heading, bold)
        _write(sheet, 1, index, example.get(column), cell_format)
        _add_help(sheet, index, column)
    _write_notes(book.add_worksheet(_("Notes")), kind)
    book.close()
    return file.getvalue()


def _write(sheet: Any, row: int, index: int, value: Any, cell_format: Any) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, index, value, cell_format)
    elif isinstance(value, int | float):
        sheet.write_number(row, index, value)
    elif value is not None:
        sheet.write_string(row, index, str(value))


def _add_help(sheet: Any, index: int, column: Column) -> None:
    """Add the list of choices, and the field's help text as a comment."""
    if column.choices:
        sheet.data_validation(
            1, index, MOST_LINES_AT_ONCE, index,
            {"validate": "list", "source": [str(label) for _value, label in column.choices]},
        )  # fmt: skip
    if column.field is not None and column.field.help_text:
        sheet.write_comment(0, index, str(column.field.help_text))


def _write_notes(sheet: Any, kind: str) -> None:
    sheet.set_column(0, 0, 100)
    for row, line in enumerate(notes_of(kind)):
        sheet.write_string(row, 0, line)
