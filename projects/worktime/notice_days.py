"""The days that a sentence of the State Council's notice names, read from left to right.

Uses no database. A date such as 2026年1月1日（周四）; lists and ranges of dates.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects.worktime.calendar import DAY

LONGEST_RANGE: Final = 31  # days
_DECEMBER: Final = 12
_DASH = r"[-‐-―−~〜～]+"
TO: Final = rf"(?:至|到|{_DASH})"
_DATE: Final = re.compile(
    rf"(?:(\d{{4}})年)?(?:(\d{{1,2}})月)?(\d{{1,2}})(?:[日号]|(?={TO}))(?:\(([^()]*)\))?"
)
_RANGE: Final = re.compile(TO)
_NEXT: Final = re.compile(r"[、,和及]*")
_WEEKDAY: Final = re.compile(r"(?:星期|周|礼拜)([一二三四五六日天])")


class WrongError(Exception):
    """Why a sentence cannot be taken as it is."""


def say_day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def days_between(first: date, last: date) -> Iterator[date]:
    return (first + DAY * number for number in range((last - first).days + 1))


@dataclass
class Words:
    """A sentence, and how far it is read; ``last`` is the date read last."""

    text: str
    year: int
    is_new_year: bool = False
    at: int = 0
    last: date | None = None

    @property
    def is_read(self) -> bool:
        return self.at >= len(self.text)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The pattern here, after which reading goes on."""
        found = pattern.match(self.text, self.at)
        if found is not None:
            self.at = found.end()
        return found

    def days(self) -> list[date]:
        """A list of days and ranges of days; empty if none stands here."""
        found: list[date] = []
        while (first := self.one_day()) is not None:
            found += self._up_to(first) if self.take(_RANGE) else [first]
            self.take(_NEXT)
        return found

    def _up_to(self, first: date) -> list[date]:
        last = self.one_day()
        if last is None:
            raise WrongError(_("The last day of a range is missing."))
        if not DAY <= last - first < DAY * LONGEST_RANGE:
            raise WrongError(
                _("From %(first)s to %(last)s is no range of days off.")
                % {"first": say_day(first), "last": say_day(last)}
            )
        return list(days_between(first, last))

    def one_day(self) -> date | None:
        """A date, whose weekday in brackets must be that of the calendar."""
        found = self.take(_DATE)
        if found is None:
            return None
        self.last = self._date(found)
        weekdays = _WEEKDAY.findall(found[4] or "")
        for each in weekdays:
            said = "一二三四五六日".index(each.replace("天", "日"))
            if said != self.last.weekday():
                raise WrongError(
                    _("%(day)s is a %(weekday)s, not a %(said)s.") % {
                        "day": say_day(self.last), "weekday": WEEKDAYS[self.last.weekday()],
                        "said": WEEKDAYS[said],
                    }
                )  # fmt: skip
        return self.last

    def _date(self, found: re.Match[str]) -> date:
        day, last = int(found[3]), self.last
        if found[2] is None and last is None:
            raise WrongError(_("The month of “%(day)s” is missing.") % {"day": found[0]})
        month = int(found[2]) if found[2] or last is None else last.month
        if found[1]:
            year = int(found[1])
        elif last is not None:
            year = last.year + (last.month == _DECEMBER and month == 1)
        else:  # days off around New Year's Day may begin in the year before
            year = self.year - (self.is_new_year and month == _DECEMBER)
        try:
            made = date(year, month, day)
        except ValueError:
            raise WrongError(_("There is no day “%(day)s”.") % {"day": found[0]}) from None
        if abs(made.year - self.year) > 1:
            raise WrongError(
                _("%(day)s does not belong to %(year)d.")
                % {"day": say_day(made), "year": self.year}
            )  # fmt: skip
        return made
