"""The day that a sheet is about, as its title, the lines above its table or its name have it."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from projects.record.text import compact

# In the form of ``compact``. What goes on behind a dash is no day but a time of several.
_WHOLE: Final = re.compile(r"(?<!\d)(20\d\d)年(\d{1,2})月(\d{1,2})(?!\d)[日号]?(?P<on>[-—~至到])?")
_DASHED: Final = re.compile(
    r"(?<!\d)(20\d\d)(?P<between>[-./])(\d{1,2})(?P=between)(\d{1,2})(?!\d)(?P<on>[-—~至到])?"
)
_TOGETHER: Final = re.compile(r"(?<!\d)(20\d\d)([01]\d)([0-3]\d)(?!\d)(?P<on>[-—~至到])?")
_SHORT: Final = re.compile(r"(?<![\d年./-])(\d{1,2})月(\d{1,2})[日号](?P<on>[-—~至到])?")


def day_above(texts: Iterable[str], year: int | None) -> date | None:
    """The one day that the texts name; None where they name none, several, or a time of several.

    ``year`` is the one that the sheet names, for a day without its own; None: such a day is none.
    """
    found = {day for text in texts for day in _days_in(compact(text), year)}
    return found.pop() if len(found) == 1 else None


def _days_in(text: str, year: int | None) -> Iterator[date | None]:
    for pattern in (_WHOLE, _TOGETHER):
        for match in pattern.finditer(text):
            yield _day(match, int(match[1]), int(match[2]), int(match[3]))
    for match in _DASHED.finditer(text):
        yield _day(match, int(match[1]), int(match[3]), int(match[4]))
    for match in _SHORT.finditer(text):
        yield None if year is None else _day(match, year, int(match[1]), int(match[2]))


def _day(match: re.Match[str], year: int, month: int, day: int) -> date | None:
    if match["on"]:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
