"""Days in cells, and months, quarters and years, of which the last day is meant.

Who plans to start "in March" has missed his plan when March is over. So what names a time without
a day, such as 2020.3, 3月, 3月底, 一季度 or 年底, is its last day; 月初 is the first, 中旬 the
twentieth, 上旬 the tenth, 月中 the fifteenth. So a planned start of 2020.3, which is read as 31
March, is kept by whoever starts on any day of March. What names no year is of the sheet's; where
the sheet names none either, the cell is refused.
"""

import re
from calendar import monthrange
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from projects.files.workbooks.book import Cell
from projects.files.workbooks.serials import moment_of
from projects.house.imports import ImportColumn
from projects.imports.reading.value import NOT_STATED, Value, states_nothing, wrong
from projects.record.days import YEARS, day_in, moment_in
from projects.record.text import compact

_SERIALS: Final = range(36_526, 73_051)  # the days of 2000 to 2099
_NOTE: Final = re.compile(r"[(（【\[].*[)）】\]]$")
_ENDING: Final = re.compile(
    r"(?:左右|以?前|之前)?(?:开工建设|开工|复工|开复工|竣工|完工|完成|投产|建成|投用)?$"
)
_MONTH: Final = re.compile(r"(?:(\d{4})[年./-])?(\d{1,2})月?份?(底|末|初|中|上旬|中旬|下旬)?")
_PACKED: Final = re.compile(r"(20\d\d)(0[1-9]|1[0-2])")
_DAY_OF_MONTH: Final = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?")
_QUARTER: Final = re.compile(r"(?:(\d{4})年?)?(?:第?([一二三四1-4])季度|Q([1-4]))[底末]?")
_HALF: Final = re.compile(r"(?:(\d{4})年?)?(上|下)半年")
_YEAR_END: Final = re.compile(r"(?:(\d{4})|本|今|当)?年[底末]")
_YEAR: Final = re.compile(r"\d{4}年?")
_QUARTERS: Final = {"一": 1, "二": 2, "三": 3, "四": 4}
_DAYS: Final = {"初": 1, "上旬": 10, "中": 15, "中旬": 20}
_DECEMBER, _JUNE = 12, 6
_ANY_YEAR: Final = 2000  # to see whether a text depends on the year; it has a 29 February


def read_day(column: ImportColumn, cell: Cell, year: int | None) -> Value:
    """The day of a cell in a sheet about that year; None where the sheet names no year."""
    if isinstance(cell.value, datetime):
        return _of_moment(cell.value.date(), shows_day=not cell.is_month)
    if isinstance(cell.value, Decimal):
        return _of_number(column, cell.value)
    if isinstance(cell.value, bool | time):
        return wrong(column.name, "day")
    return _of_text(column, cell.text, year)


def _of_moment(day: date, *, shows_day: bool) -> Value:
    """The day; the month's last of what Excel keeps as its first, and shows as the month."""
    if shows_day or day.day > 1:
        return Value(day)
    return Value(_in_month(day.year, day.month), ("last-day",))


def _of_number(column: ImportColumn, number: Decimal) -> Value:
    """A serial; or the month 2020.3 that Excel took for a number, of which 2020.1 may be two."""
    is_whole = number == number.to_integral()
    if is_whole and int(number) in _SERIALS:
        at = moment_of(float(number))
        return Value(at.date() if isinstance(at, datetime) else None, ("serials",))
    text = f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"
    if is_whole:
        return _of_text(column, text, None)
    if text.endswith(".1"):
        return wrong(column.name, "month-or-ten")
    found = _last_day(text, 0)
    return Value(found, ("last-day",)) if found else wrong(column.name, "day")


def _of_text(column: ImportColumn, typed: str, year: int | None) -> Value:
    if states_nothing(typed):
        return NOT_STATED
    found = _dated(column, typed, year or _ANY_YEAR)
    if year is None and found.error is None and found != _dated(column, typed, _ANY_YEAR + 1):
        return wrong(column.name, "year-missing")
    return found


def _dated(column: ImportColumn, typed: str, year: int) -> Value:
    text, remarks = compact(typed), tuple[str, ...]()
    if _NOTE.search(text) and (bare := _NOTE.sub("", text)):
        text, remarks = bare, ("with-note",)
    if day := _day(text, typed, year):
        return Value(day, remarks)
    text = _ENDING.sub("", text)
    if day := _day(text, text, year):
        return Value(day, remarks)
    if last := _last_day(text, year):
        return Value(last, (*remarks, "last-day"))
    return wrong(column.name, "month-missing" if _YEAR.fullmatch(text) else "day")


def _day(text: str, typed: str, year: int) -> date | None:
    if day := day_in(text):
        return day if day.year in YEARS else None
    if found := _DAY_OF_MONTH.fullmatch(text):
        return _date(year, int(found[1]), int(found[2]))
    moment = moment_in(typed)
    return moment.date() if moment else None


def _last_day(text: str, year: int) -> date | None:
    """The last day of a time that is named without one; None where it names none."""
    if found := _MONTH.fullmatch(text):
        return _in_month(found[1] or year, found[2], found[3]) if found[1] or "月" in text else None
    if found := _PACKED.fullmatch(text):
        return _in_month(found[1], found[2])
    if found := _QUARTER.fullmatch(text):
        quarter = found[3] or _QUARTERS.get(found[2]) or found[2]
        return _in_month(found[1] or year, 3 * int(quarter))
    if found := _HALF.fullmatch(text):
        return _in_month(found[1] or year, _JUNE if found[2] == "上" else _DECEMBER)
    found = _YEAR_END.fullmatch(text)
    return _in_month(found[1] or year, _DECEMBER) if found else None


def _in_month(of_year: str | int, of_month: str | int, part: str | None = None) -> date | None:
    """The last day of the month, or that of a part of it; None where no calendar has it."""
    year, month = int(of_year), int(of_month)
    if year not in YEARS or not 1 <= month <= _DECEMBER:
        return None
    return date(year, month, _DAYS.get(part or "") or monthrange(year, month)[1])


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # no calendar has it
        return None
