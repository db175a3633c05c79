"""What a cell of a workbook means for a column: the value as a caller of the API would send it."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordination.intake.upload.columns import NUMBER, PROJECT, Column, values_by_text
from projects.files.workbooks.book import Cell
from projects.files.workbooks.serials import moment_of
from projects.record.days import UntilField
from projects.record.folding import fold
from projects.record.refusals import Text
from projects.record.text import compact, one_line
from projects.record.text_fields import Spelled
from projects.register.places import PlaceField

_SERIALS: Final = range(36_526, 73_051)  # the days of 2000 to 2099
_MOST_DIGITS: Final = 15  # Excel keeps no more of a number
UNUSABLE: Final[dict[str, Promise]] = {
    "formula": _("This formula has no result yet. Enter its value, or save the workbook again."),
    "error-value": _("This cell shows the error %(error)s."),
    "struck": _("This is struck through. Delete what does not hold, or remove the line."),
    "digits": _("Excel has lost the last digits of this number. Enter it again, as text."),
}


def why_unusable(column: Column, cell: Cell) -> tuple[Text, str] | None:
    """Why nothing can be filed of the cell, as a message and its code; None where something can."""
    if cell.error:
        return UNUSABLE["error-value"] % {"error": cell.error}, "error-value"
    if cell.strike:
        return UNUSABLE["struck"], "struck"
    if cell.value is None:
        return UNUSABLE["formula"], "formula"
    if is_number(column) or not isinstance(cell.value, Decimal):
        return None
    if cell.value == cell.value.to_integral() and len(cell.text.lstrip("-")) > _MOST_DIGITS:
        return UNUSABLE["digits"], "digits"
    return None


def is_number(column: Column) -> bool:
    """Whether the column counts or measures something."""
    return column.is_a(models.DecimalField, models.IntegerField)


def is_serial(column: Column, cell: Cell) -> bool:
    """Whether it is a day that lost its format: 43899 for 2020-03-09."""
    value = cell.value
    return isinstance(value, Decimal) and column.is_a(models.DateField) and int(value) in _SERIALS


def may_stand_alone(column: Column, cell: Cell) -> bool:
    """Whether it has a form that this column alone asks for: a plate, a day, one of the choices.

    Any other text might as well be a note.
    """
    if column is PROJECT:
        return cell.text.isascii()
    if column.choices:
        return fold(cell.text) in values_by_text(column)
    if column.is_a(PlaceField) or not (is_number(column) or column.is_a(Spelled, models.DateField)):
        return False
    try:
        column.field.clean(value_of(column, cell), None)  # type: ignore[union-attr]  # it is of a class
    except ValidationError:
        return False
    return True


def are_alike(left: Column, right: Column) -> bool:
    """Whether the same value may be meant for both: two days, two places, two answers."""
    if left.is_a(models.DateField):
        return right.is_a(models.DateField)
    return type(left.field) is type(right.field) and left.choices == right.choices and (
        bool(left.choices) or is_number(left) or left.is_a(Spelled)
    )  # fmt: skip


def choices_asked(column: Column) -> Text:
    """What to tell a clerk who has filled in none of the column's choices."""
    labels = "、".join(str(label) for _value, label in column.choices)
    return gettext("Enter one of these: %(choices)s.") % {"choices": labels}


def value_of(column: Column, cell: Cell) -> Any:
    """The value as a caller of the API would send it."""
    value = cell.value
    if is_serial(column, cell) and isinstance(value, Decimal):
        value = moment_of(float(value))
    if isinstance(value, datetime | time):
        return _moment(column, value)
    return value if isinstance(value, bool) else _text_of(column, cell)


def _text_of(column: Column, cell: Cell) -> Any:
    if column is NUMBER:
        return number_of(cell)
    if column is PROJECT:
        return one_line(cell.text).partition(" ")[0]
    if column.choices:
        return values_by_text(column).get(fold(cell.text), cell.text)
    return cell.text


def number_of(cell: Cell) -> str:
    """The ticket's number in the sheet: 1, 01 and the full-width 1 are one."""
    text = compact(cell.text)
    return str(int(text)) if text.isdecimal() else text


def _moment(column: Column, value: datetime | time) -> str:
    is_day = column.is_a(models.DateField) and not column.is_a(models.DateTimeField)
    is_day |= column.is_a(UntilField)  # Excel has no day but midnight
    if isinstance(value, datetime) and (is_day or not column.is_a(models.DateField)):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ")
    return value.isoformat()
