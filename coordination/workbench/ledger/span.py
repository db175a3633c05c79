"""The periods of the ledger. Uses no database."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from projects.record.days import beginning_of

_MONTHS_OF_QUARTER: Final = 3


@dataclass(frozen=True)
class Span:
    """A period: start < t ≤ end, like a bulletin's week."""

    start: datetime
    end: datetime

    def until(self, moment: datetime) -> "Span":
        """The same period, cut off at the moment."""
        return Span(min(self.start, moment), min(self.end, moment))


def of_days(first: date, last: date) -> Span:
    """The period of these days, both included."""
    return Span(beginning_of(first), beginning_of(last + timedelta(days=1)))


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of its month."""
    return day.replace(day=1), _end_of_month(day.year, day.month)


def month_before(day: date) -> tuple[date, date]:
    """The first and the last day of the month before its own."""
    return month_of(day.replace(day=1) - timedelta(days=1))


def quarter_of(day: date) -> tuple[date, date]:
    """The first and the last day of its quarter."""
    first = (day.month - 1) // _MONTHS_OF_QUARTER * _MONTHS_OF_QUARTER + 1
    return date(day.year, first, 1), _end_of_month(day.year, first + _MONTHS_OF_QUARTER - 1)


def year_of(day: date) -> tuple[date, date]:
    """The first and the last day of its year."""
    return date(day.year, 1, 1), date(day.year, 12, 31)


def _end_of_month(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)
