"""What a cell was read as: its value, why it has none, and what should be said of it."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from projects.files.workbooks.notices import Notice, joined
from projects.house.imports import CellError, Text
from projects.record.text import compact

# In the form of ``compact``: what people write where they state nothing.
_NOTHING: Final = frozenset(
    (
        "-",
        "/",
        "\\",
        "无",
        "待定",
        "暂无",
        "未定",
        "待补充",
        "待填",
        "空",
        "N/A",
        "NA",
        "…",
        "……",
        "...",
    )
)
_LONGEST: Final = 12  # characters of such a word, with spaces around it
ERRORS: Final = {
    "error-value": _("This cell shows the error %(error)s."),
    "formula": _("This formula has no result yet. Enter its value, or save the workbook again."),
    "struck": _("This is struck through. Delete what does not hold, or remove the line."),
    "ditto": _("This repeats a cell, but there is nothing that it can repeat. Enter it."),
    "merged-number": _("One value is merged over several rows. Enter that of each row."),
    "digits": _("Excel has lost digits of this code. Enter it again, as text."),
    "code": _("Excel has made something else of this code. Enter it again, as text."),
    "number": _("This is no number. Enter it in digits, such as 12.5."),
    "whole-number": _("This is no whole number."),
    "unit": _("This cell has a unit that cannot be converted into %(unit)s."),
    "day": _("This is no day. Enter it as 2020-03-11."),
    "year-missing": _("Neither this cell nor the sheet names the year. Enter the year as well."),
    "month-missing": _("This is a year alone. Enter the month as well."),
    "month-or-ten": _("Excel shows 2020.1 for January and for October. Enter 2020-01 or 2020-10."),
    "choice": _("This is none of the words that are known here: %(choices)s."),
    "truth": _("Enter yes or no."),
}  # fmt: skip
# What is said of cells that are read otherwise than they may seem, and whether it must be seen.
REMARKS: Final = {
    "not-stated": (_("These cells say that nothing is stated. Nothing is changed by them."), False),
    "own-unit": (_("These cells have their own unit, and are read in it."), True),
    "with-note": (_("What else stands in these cells is not read."), True),
    "last-day": (
        _("These cells name no day. They are read as the last day of that time: a start that is "
          "planned for a month is in time until the month is over."),
        True,
    ),
    "serials": (_("These numbers are read as days of Excel's calendar."), False),
    "under-way": (_("What is under way is read as not done."), True),
    "not-needed": (_("What is not needed is read as not stated."), True),
}  # fmt: skip


@dataclass(frozen=True)
class Value:
    """What was read; ``remarks`` are the codes of what is said of the cell."""

    value: Any = None
    remarks: tuple[str, ...] = ()
    error: CellError | None = None


NOT_STATED: Final = Value(remarks=("not-stated",))


def wrong(column: str, code: str, **values: Any) -> Value:
    """A cell of this column that cannot be read."""
    message: Text = ERRORS[code]
    return Value(error=CellError(column, message % values if values else message, code))


def states_nothing(text: str) -> bool:
    """Whether it is a word or a sign for nothing."""
    return len(text) <= _LONGEST and compact(text) in _NOTHING


def remark(code: str, places: list[str], sheet: str) -> Notice:
    """The notice of cells of which this is said."""
    message, must_be_seen = REMARKS[code]
    return Notice(code, joined(places), message, loses=False, sheet=sheet, warns=must_be_seen)
