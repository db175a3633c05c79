"""Builds the workbook of a kind that a clerk fills in."""

from datetime import date, datetime
from io import BytesIO
from typing import Any, Final

import xlsxwriter
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from coordination.intake.upload.columns import EXAMPLE, NUMBER, PROJECT, Column, columns_of
from coordination.tickets.filing.submit import MOST_AT_ONCE, MOST_LINES_AT_ONCE
from coordination.tickets.kinds.registry import KINDS
from projects.access.example_days import as_of_today
from projects.record.clock import now
from projects.register.places import PlaceField, place_of

_OPTIONS: Final = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
    "strings_to_numbers": False,
}  # fmt: skip
_FORMATS: Final[dict[type[Any], str]] = {
    models.DateField: "yyyy-mm-dd",
    models.DateTimeField: "yyyy-mm-dd hh:mm",
}
_TICKET_EXAMPLES: Final = {
    "contact_name": "王师傅", "contact_mobile": "13800138000", "project": "LY2020-001",
}  # fmt: skip
_WIDTH: Final = 18


def template(kind: str) -> bytes:
    """The workbook's bytes, in the active language."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, _OPTIONS)
    formats: dict[type[Any], Any] = {
        cls: book.add_format({"num_format": number}) for cls, number in _FORMATS.items()
    }
    formats |= {str: book.add_format({"num_format": "@"}), bool: book.add_format({"bold": True})}
    sheet = book.add_worksheet(str(KINDS[kind].label))
    sheet.freeze_panes(1, 2)
    for index, column in enumerate(columns_of(kind)):
        cell_format = formats.get(type(column.field), formats[str])
        is_number = column.is_a(models.DecimalField, models.IntegerField)
        sheet.set_column(index, index, _WIDTH, None if is_number else cell_format)
        sheet.write_string(0, index, column.heading, formats[bool])
        _write(sheet, 1, index, _example(kind, column), cell_format)
        _add_help(sheet, index, column)
    _write_notes(book.add_worksheet(_("Notes")), kind)
    book.close()
    return file.getvalue()


def _example(kind: str, column: Column) -> Any:
    """The value of the kind's example, as a clerk would write it."""
    if column is NUMBER:
        return str(EXAMPLE)
    if column.name == "title":
        return KINDS[kind].example.title
    line = as_of_today(dict(KINDS[kind].example.line)) if column.of_line else {}
    value = line.get(column.name)
    if value is None:
        value = _TICKET_EXAMPLES.get(column.name)
    if column.is_a(PlaceField) and value is not None:
        place = place_of(value, timezone.localdate(now()))
        return place.display_text if place else value
    if column.choices and value is not None:
        labels = {choice: str(label) for choice, label in column.choices}
        return labels.get(str(value).lower() if isinstance(value, bool) else value, value)
    return value


def _write(sheet: Any, row: int, index: int, value: Any, cell_format: Any) -> None:
    moment = _moment(value)
    if moment is not None:
        sheet.write_datetime(row, index, moment, cell_format)
    elif isinstance(value, int | float):
        sheet.write_number(row, index, value)
    elif value is not None:
        sheet.write_string(row, index, str(value))


def _moment(value: Any) -> date | datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = parse_date(value) or parse_datetime(value)
    except ValueError:
        return None
    return moment.replace(tzinfo=None) if isinstance(moment, datetime) else moment


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
    limits = {"tickets": MOST_AT_ONCE, "lines": MOST_LINES_AT_ONCE}
    for row, line in enumerate((
        _("One row is one line: one vehicle, one party of workers, one material."),
        _("Rows with the same “%(column)s” are one ticket; left empty, each row is a ticket.")
        % {"column": NUMBER.label},
        _("What belongs to the whole ticket is written in its first row."),
        _("“%(column)s” is the code of a project in which your enterprise takes part.")
        % {"column": PROJECT.label},
        _("Columns with a star must be filled in. The example row is not filed."),
        _("Days are dates of Excel, or written as 2020-03-09; moments as 2020-03-09 08:00."),
        _("Formulas are refused: paste their values."),
        _("At most %(tickets)s tickets and %(lines)s rows, and 2 MB.") % limits,
        *_help_texts(kind),
    )):  # fmt: skip
        sheet.write_string(row, 0, line)


def _help_texts(kind: str) -> list[str]:
    return [
        f"{column.label}: {column.field.help_text}"
        for column in columns_of(kind)
        if column.field is not None and column.field.help_text
    ]
