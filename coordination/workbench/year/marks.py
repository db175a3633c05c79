"""Days that were clicked in the working calendar, as an address carries them. No database."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from projects.worktime.calendar import Calendar
from projects.worktime.month import FIRST, LAST

MOST: Final = 400  # days: a year, and a little of the next
_WORKED, _OFF = "w", "r"
_MARK: Final = re.compile(rf"(\d{{8}})([{_WORKED}{_OFF}])")

type Marks = Mapping[date, bool]


def read_marks(text: str) -> dict[date, bool]:
    """The days and whether each is to be worked, from ``20270205r.20270214w``.

    What is no such day is passed over: nobody types this.
    """
    found: dict[date, bool] = {}
    for digits, state in _MARK.findall(text)[:MOST]:
        try:
            day = date.fromisoformat(digits)
        except ValueError:
            continue
        if FIRST <= day <= LAST:
            found[day] = state == _WORKED
    return found


def write_marks(marks: Marks) -> str:
    """The text of which ``read_marks`` reads them again."""
    states = {True: _WORKED, False: _OFF}
    return ".".join(f"{day:%Y%m%d}{states[marks[day]]}" for day in sorted(marks))


def differing(marks: Marks, calendar: Calendar) -> dict[date, bool]:
    """Those that are not so already."""
    return {
        day: is_working
        for day, is_working in sorted(marks.items())
        if calendar.is_working(day) != is_working
    }


def toggled(marks: Marks, day: date, calendar: Calendar) -> dict[date, bool]:
    """The marks after one click on the day: what is clicked back is no longer marked."""
    return differing({**marks, day: not marks.get(day, calendar.is_working(day))}, calendar)
