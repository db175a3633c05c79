"""Dates in workbooks: numbers that a format shows as days and times."""

import re
from datetime import datetime, time, timedelta
from typing import Final

# Formats that a workbook names by number alone; 27 to 36 and 50 to 58 are those of Chinese Excel.
_BUILT_IN: Final = frozenset([*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)])
_OF_MONTHS: Final = frozenset({17, 27, 36, 50, 52, 57})  # of those, as Chinese Excel has them
# What of a format is shown as it stands: quoted, escaped, colours, conditions, locales, spaces.
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^]]*\]', re.IGNORECASE)
_ELAPSED: Final = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_OF_DATES: Final = re.compile("[ymdhs]", re.IGNORECASE)
_NO_DAY: Final = re.compile("(?=.*[ye])(?=.*m)[^dhs]*", re.IGNORECASE)
_LAST: Final = 2_958_466  # the first number after 9999-12-31
_NO_LEAP_DAY: Final = 60  # Excel takes 1900 for a leap year: numbers below stand one day later
_DAY_SECONDS: Final = 24 * 60 * 60


def is_of_dates(number: int, code: str = "") -> bool:
    """Whether a format shows a day or a time. An elapsed time, such as ``[h]:mm``, is a number."""
    if not code:
        return number in _BUILT_IN
    first = _LITERAL.sub("", code.partition(";")[0])
    return bool(_OF_DATES.search(first)) and not _ELAPSED.search(first)


def is_of_months(number: int, code: str = "") -> bool:
    """Whether a format of dates shows the year and the month, and no day: ``yyyy年m月``."""
    if not code:
        return number in _OF_MONTHS
    first = _LITERAL.sub("", code.partition(";")[0])
    return bool(_NO_DAY.fullmatch(first))


def moment_of(serial: float, *, since_1904: bool = False) -> datetime | time | None:
    """The moment that a number stands for, to the second; None if it stands for none."""
    if since_1904:
        serial += 1462
    if not 0 <= serial < _LAST:
        return None
    days, seconds = divmod(round(serial * _DAY_SECONDS), _DAY_SECONDS)
    moment = datetime(1899, 12, 30) + timedelta(days=days, seconds=seconds)  # noqa: DTZ001 - as Excel has it
    if days == 0:
        return moment.time()
    return moment + timedelta(days=days < _NO_LEAP_DAY)
