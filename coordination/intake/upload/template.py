"""The workbook that a clerk fills in, made from what a kind's lines ask for."""

from datetime import date, datetime
from io import BytesIO
from typing import Any, Final

import xlsxwriter
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from coordination.intake.upload.columns import EXAMPLE, NUMBER, PROJECT, Column, columns_of
from coordination.tickets.filing.submit import MOST_AT_ONCE, MOST_LINES_AT_ONCE
from coordination.tickets.kinds.registry import KINDS
from projects.access.example_days import as_of_today

_OPTIONS: Final = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
    "strings_to_numbers": False,
}  # fmt: skip
_FORMATS: Final[dict[type[Any], str]] = {
    models.DateField: "yyyy-mm-dd",
    models.DateTimeField: "yyyy-mm-dd hh:mm",
}
_ON_THE_TICKET: Final = {
    "contact_name": "王师傅", "contact_mobile": "13800138000", "project": "LY2020-001",
}  # fmt: skip
_WIDTH: Final = 18


def template(kind: str) -> bytes:
    """The file, in the language that is in force."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, _OPTIONS)
    formats: dict[type[Any], Any] = {
        cls: book.add_format({"num_format": shown}) for cls, shown in _FORMATS.items()
    }
    formats |= {str: book.add_format({"num_format": "@"}), bool: book.add_format({"bold": True})}
    sheet = book.add_worksheet(str(KINDS[kind].label))
    sheet.freeze_panes(1, 2)
    for place, column in enumerate(columns_of(kind)):
        kept = formats.get(type(column.field), formats[str])
        sheet.set_column(place, place, _WIDTH, None if _is_number(column) else kept)
        sheet.write_string(0, place, column.heading, formats[bool])
        _write(sheet, 1, place, _example(kind, column), kept)
        _offer(sheet, place, column)
    _write_notes(book.add_worksheet(_("Notes")), kind)
    book.close()
    return file.getvalue()


def _is_number(column: Column) -> bool:
    return column.is_a(models.DecimalField, models.IntegerField)


def _example(kind: str, column: Column) -> Any:
    """What the kind's own example says, as a clerk would write it."""
    if column is NUMBER:
        return str(EXAMPLE)
    if column.name == "title":
        return KINDS[kind].example.title
    line = as_of_today(dict(KINDS[kind].example.line)) if column.of_line else {}
    given = line.get(column.name)
    value = _ON_THE_TICKET.get(column.name) if given is None else given
    if column.offers and value is not None:
        named = {offer: str(label) for offer, label in column.offers}
        return named.get(str(value).lower() if isinstance(value, bool) else value, value)
    return value


def _write(sheet: Any, row: int, place: int, value: Any, kept: Any) -> None:
    moment = _moment(value)
    if moment is not None:
        sheet.write_datetime(row, place, moment, kept)
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value)
    elif value is not None:
        sheet.write_string(row, place, str(value))


def _moment(value: Any) -> date | datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = parse_date(value) or parse_datetime(value)
    except ValueError:
        return None
    return moment.replace(tzinfo=None) if isinstance(moment, datetime) else moment


def _offer(sheet: Any, place: int, column: Column) -> None:
    """A list to choose from, and what the field itself says of what is wanted."""
    if column.offers:
        sheet.data_validation(
            1, place, MOST_LINES_AT_ONCE, place,
            {"validate": "list", "source": [str(label) for _value, label in column.offers]},
        )  # fmt: skip
    if column.field is not None and column.field.help_text:
        sheet.write_comment(0, place, str(column.field.help_text))


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
        *_of_fields(kind),
    )):  # fmt: skip
        sheet.write_string(row, 0, line)


def _of_fields(kind: str) -> list[str]:
    return [
        f"{each.label}: {each.field.help_text}"
        for each in columns_of(kind)
        if each.field is not None and each.field.help_text
    ]
