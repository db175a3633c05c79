"""The example row of a template, and the notes beside it: written there, known again when read."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from coordination.intake.upload.columns import (
    EXAMPLE,
    NUMBER,
    PROJECT,
    Column,
    columns_of,
    in_each_language,
)
from coordination.tickets.filing.submit import MOST_AT_ONCE, MOST_LINES_AT_ONCE
from coordination.tickets.kinds.registry import KINDS
from projects.access.example_days import as_of_today
from projects.files.workbooks.book import Cell
from projects.record.clock import now
from projects.register.places import PlaceField, place_of

_TICKET_EXAMPLES: Final = {
    "contact_name": "王师傅", "contact_mobile": "13800138000", "project": "LY2020-001",
}  # fmt: skip


def example_row(kind: str) -> dict[Column, Any]:
    """What the example holds, as of today and in the active language."""
    row = {column: _example(kind, column) for column in columns_of(kind)}
    return {column: value for column, value in row.items() if value not in (None, "")}


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
    if column.is_a(models.DateField) and value is not None:  # DateTimeField is a subclass
        return datetime.fromisoformat(value).replace(tzinfo=None)
    return value


def examples_of(kind: str) -> list[dict[Column, Any]]:
    """What the example holds, in each language."""
    rows = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            rows.append(example_row(kind))
    return rows


def is_example(cells: dict[Column, Cell], examples: Iterable[dict[Column, Any]]) -> bool:
    """Whether the row is still the template's example, of whichever day it was downloaded."""
    return any(_equals(cells, row) for row in examples)


def _equals(cells: dict[Column, Cell], row: dict[Column, Any]) -> bool:
    if cells.keys() != row.keys():
        return False
    apart = set[timedelta]()
    for column, value in row.items():
        shown = cells[column].value
        if isinstance(value, datetime) and isinstance(shown, datetime):
            apart.add(shown - value)
        elif isinstance(value, int | float | Decimal) and isinstance(shown, Decimal):
            if shown != Decimal(str(value)):
                return False
        elif cells[column].text != str(value):
            return False
    return len(apart) <= 1 and all(not each % timedelta(days=1) for each in apart)


@cache
def example_marks() -> set[str]:
    """The text that marks the example row, in every language."""
    return in_each_language(EXAMPLE)


def notes_of(kind: str) -> tuple[str, ...]:
    """The lines of the template's second sheet, in the active language."""
    limits = {"tickets": MOST_AT_ONCE, "lines": MOST_LINES_AT_ONCE}
    return (
        _("One row is one line: one vehicle, one party of workers, one material."),
        _("Rows with the same “%(column)s” are one ticket; left empty, each row is a ticket.")
        % {"column": NUMBER.label},
        _("What belongs to the whole ticket is written in its first row."),
        _("“%(column)s” is the code of a project in which your enterprise takes part.")
        % {"column": PROJECT.label},
        _("Columns with a star must be filled in. The example row is not filed."),
        _("Days are dates of Excel, or written as 2020-03-09; moments as 2020-03-09 08:00."),
        _("What a formula shows is filed. Hidden rows, other sheets and comments are not."),
        _("At most %(tickets)s tickets and %(lines)s rows, and 2 MB.") % limits,
        *_help_texts(kind),
    )  # fmt: skip


def are_notes(kind: str, texts: set[str]) -> bool:
    """Whether a sheet holds nothing but the template's notes, in one language or the other."""
    known = set[str]()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            known |= {line.strip() for line in notes_of(kind)}
    return texts <= known


def _help_texts(kind: str) -> list[str]:
    return [
        f"{column.label}: {column.field.help_text}"
        for column in columns_of(kind)
        if column.field is not None and column.field.help_text
    ]
