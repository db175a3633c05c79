"""A calendar year, read from the text of the State Council's notice. Uses no database.

The notice (国务院办公厅关于…年部分节假日安排的通知) has an item for each holiday: the days off, how
many there are, and the weekend days that are worked instead. Every sentence with a date must be
understood as a whole; what names no date is passed over, and said to be.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Final

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from projects.record.refusals import FieldError, Invalid
from projects.worktime.calendar import DAY, SATURDAY
from projects.worktime.notice_days import (
    LONGEST_RANGE,
    TO,
    Words,
    WrongError,
    days_between,
    say_day,
)

LONGEST: Final = 4000  # characters; the notices have some 600 to 1,100
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100

# 全国年节及纪念日放假办法, article 2: the holidays of all citizens.
_EXPECTED: Final = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")

_NUMBER = r"(?:\([一二三四五六七八九十]{1,2}\)|[一二三四五六七八九十]{1,2}[、.]|\d{1,2}[、.](?!\d))"
_NAME = r"[\u4e00-\u9fff、]{2,20}"
_ITEM: Final = re.compile(rf"{_NUMBER}?(?:({_NAME}):)?")
_SENTENCES: Final = re.compile(
    rf"[。;!]|(?<=[^一二三四五六七八九十(\d])(?={_NUMBER}(?:{_NAME}:|将?延长))"
)
_OFF: Final = re.compile(r"(?:放假|补休|调休|休息)(?:调休)?(?:(\d{1,2})天)?")
_WORKED: Final = re.compile(r"(?:照常|正常)?上班")
_REMARK: Final = re.compile(r"共(?:计)?(\d{1,2})天|不(?:再)?调休|与周末连休|(?:,|、)")
_LONGER: Final = re.compile(
    rf"(?:将)?(?:延长)?(?:\d{{4}}年)?({_NAME}?)(?:假期|放假)(?:延长)?{TO}(?=\d)"
)
_FROM_THEN: Final = re.compile(r"起(?:照常|正常)?上班")
_YEAR_NAMED: Final = re.compile(r"(?:关于|现将)(\d{4})年")
_YEAR: Final = re.compile(r"(\d{4})年")
_DOCUMENT: Final = re.compile(r"国办发(?:明电)?[〔\[(]\d{4}[〕\])]\d{1,3}号")
_SIGNATURE: Final = re.compile(r"国务院办公厅\d{4}年\d{1,2}月\d{1,2}日")
_ADVICE: Final = ("鼓励", "节假日期间", "各地区", "各单位")  # sentences that set no day
_PREAMBLE: Final = "通知如下"
_SAID: Final = re.compile(r"\d[日号]|放假|上班")


@dataclass(frozen=True)
class Holiday:
    """A holiday's days off and the days worked instead, in order.

    ``said`` is how many days off the notice itself counts, if it does.
    """

    name: str
    off: tuple[date, ...]
    worked: tuple[date, ...]
    said: int | None


@dataclass(frozen=True)
class Deviation:
    """A day from Monday to Friday that is off, or a weekend day that is worked; and why."""

    day: date
    is_working: bool
    reason: str


@dataclass(frozen=True)
class Notice:
    """What a notice says of a year; ``source`` is its document number, empty if not in the text.

    ``passed_over`` are the sentences that say nothing about working days.
    """

    year: int
    source: str
    holidays: tuple[Holiday, ...]
    passed_over: tuple[str, ...]

    def deviations(self) -> list[Deviation]:
        """Days unlike their weekday, in order; also those of the year before or after."""
        found = [
            Deviation(day, is_working, f"{each.name}调休" if is_working else each.name)
            for each in self.holidays
            for days, is_working in ((each.off, False), (each.worked, True))
            for day in days
            if is_working or day.weekday() < SATURDAY
        ]
        return sorted(found, key=lambda each: each.day)

    def working_days(self) -> int:
        """How many days of the year are worked."""
        unlike = {each.day: each.is_working for each in self.deviations()}
        return sum(unlike.get(day, day.weekday() < SATURDAY) for day in _days_of(self.year))


def _days_of(year: int) -> Iterator[date]:
    return days_between(date(year, 1, 1), date(year, 12, 31))


def read_notice(text: str) -> Notice:
    """The year as the notice's text has it.

    Raises Invalid with an error for each sentence that was not understood or contradicts itself or
    the calendar, and where the text is empty, too long, names no year, or lacks a holiday.
    """
    if len(text) > LONGEST:
        raise _invalid(
            _("The text is too long: %(number)d characters, and %(most)d are read at most.")
            % {"number": len(text), "most": LONGEST}
        )
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    if not plain:
        raise _invalid(_("Paste the text of the notice."))
    source = _DOCUMENT.search(plain)
    plain = _SIGNATURE.sub("。", _DOCUMENT.sub("。", plain))
    reader = _Reader(_year_of(plain))
    for sentence in filter(None, _SENTENCES.split(plain)):
        reader.read(sentence)
    reader.finish()
    holidays = tuple(each.holiday() for each in reader.found.values() if each.off)
    said = re.sub(r"[\[(](\d{4})[\])]", r"〔\1〕", source[0]) if source else ""
    return Notice(reader.year, said, holidays, tuple(reader.passed_over))


def _year_of(text: str) -> int:
    """That of the title; without a title the latest that a date names."""
    named = _YEAR_NAMED.search(text)
    years = [named[1]] if named else _YEAR.findall(text)
    if not years:
        raise _invalid(_("The text does not say for which year it is."))
    year = max(map(int, years))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _invalid(
            _("The year %(year)d is not between %(first)d and %(last)d.")
            % {"year": year, "first": FIRST_YEAR, "last": LAST_YEAR}
        )
    return year


def _invalid(*messages: str) -> Invalid:
    return Invalid([FieldError(("text",), each) for each in messages])


@dataclass
class _Found:
    """A holiday while its sentences are read."""

    name: str
    off: list[date] = field(default_factory=list)
    worked: list[date] = field(default_factory=list)
    said: int | None = None

    def holiday(self) -> Holiday:
        return Holiday(self.name, tuple(sorted(self.off)), tuple(sorted(self.worked)), self.said)


def _is_passed_over(sentence: str) -> bool:
    return (
        not _SAID.search(sentence) or sentence.startswith(_ADVICE) or _PREAMBLE in sentence
    )  # fmt: skip


class _Reader:
    """Reads the sentences one by one; collects what they say and what is wrong with them."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.found: dict[str, _Found] = {}
        self.passed_over: list[str] = []
        self.errors: list[str] = []
        self._name = ""

    def read(self, sentence: str) -> None:
        """Read one sentence, which may begin an item."""
        item = _ITEM.match(sentence)
        body = sentence[item.end() :] if item else sentence
        if item and item[1]:
            self._name = item[1]
        try:
            longer = _LONGER.match(body)
            if longer is not None and "延长" in longer[0]:
                self._lengthen(longer, body)
            elif _is_passed_over(body):
                self.passed_over.append(sentence)
            else:
                self._take(body)
        except WrongError as wrong:
            self.errors.append(
                _("“%(sentence)s”: %(wrong)s") % {"sentence": sentence, "wrong": wrong}
            )

    def _take(self, body: str) -> None:
        if not self._name:
            raise WrongError(_("It is not said which holiday this is."))
        words = Words(body, self.year, is_new_year="元旦" in self._name)
        off, worked, said = self._clauses(words)
        if said is not None and said != len(off):
            raise WrongError(_counted(said, len(off)))
        for day in worked:
            if day.weekday() < SATURDAY:
                raise WrongError(
                    _("%(day)s is a %(weekday)s, which is worked anyway.")
                    % {"day": say_day(day), "weekday": WEEKDAYS[day.weekday()]}
                )
        self._refuse_twice(off + worked)
        found = self.found.setdefault(self._name, _Found(self._name))
        found.off += off
        found.worked += worked
        if said is not None:
            found.said = (found.said or 0) + said

    def _clauses(self, words: Words) -> tuple[list[date], list[date], int | None]:
        """The days off, the days worked, and how many days off are said to be."""
        off: list[date] = []
        worked: list[date] = []
        said: int | None = None
        while not words.is_read:
            days = words.days()
            if days and words.take(_WORKED):
                worked += days
                continue
            clause = words.take(_OFF if days else _REMARK)
            if clause is None:
                raise _not_understood(words)
            off += days
            if clause[1]:
                said = int(clause[1])
        return off, worked, said

    def _refuse_twice(self, days: list[date]) -> None:
        known = {day for each in self.found.values() for day in (*each.off, *each.worked)}
        ordered = sorted(days)
        twice = known.intersection(days) | {a for a, b in pairwise(ordered) if a == b}
        if twice:
            raise WrongError(_("%(day)s is named twice.") % {"day": say_day(min(twice))})

    def _lengthen(self, longer: re.Match[str], body: str) -> None:
        """A holiday is longer than said before: a day worked instead may become one off."""
        name = longer[1]
        found = next((each for each in self.found.values() if name in each.name and each.off), None)
        if found is None:
            raise WrongError(
                _("“%(name)s” is lengthened, but its days off are not said before.")
                % {"name": name}
            )  # fmt: skip
        words = Words(body, self.year, at=longer.end())
        last, before = words.one_day(), max(found.off)
        if last is None or not DAY <= last - before < DAY * LONGEST_RANGE:
            raise WrongError(
                _("The days off end on %(day)s already, or the new end is wrong.")
                % {"day": say_day(before)}
            )
        added = list(days_between(before + DAY, last))
        found.said = None
        while not words.is_read:
            self._after_lengthening(words, last, len(found.off) + len(added))
        others = {day for each in self.found.values() if each is not found for day in each.off}
        if twice := others.intersection(added):
            raise WrongError(_("%(day)s is named twice.") % {"day": say_day(min(twice))})
        for each in self.found.values():
            each.worked = [day for day in each.worked if day not in added]
        found.off += added

    def _after_lengthening(self, words: Words, last: date, number: int) -> None:
        """When work begins again, and how many days off there are now."""
        begins = words.one_day()
        if begins is None:
            remark = words.take(_REMARK)
            if remark is None:
                raise _not_understood(words)
            if remark[1] and int(remark[1]) != number:
                raise WrongError(_counted(int(remark[1]), number))
        elif not words.take(_FROM_THEN):
            raise _not_understood(words)
        elif begins != last + DAY:
            raise WrongError(
                _("Work cannot begin on %(day)s if the days off end on %(last)s.")
                % {"day": say_day(begins), "last": say_day(last)}
            )

    def finish(self) -> None:
        """Raise Invalid where anything is wrong, or a holiday is missing."""
        if not self.errors and not self.found:
            raise _invalid(_("No holiday was found in the text."))
        named = "".join(each for each, found in self.found.items() if found.off)
        missing = [each for each in _EXPECTED if each not in named]
        if missing and not self.errors:  # else what is missing may be what was not understood
            self.errors.append(
                _("The text does not say the days off of: %(names)s. Paste the whole notice.")
                % {"names": "、".join(missing)}
            )
        if self.errors:
            raise _invalid(*self.errors)


def _counted(said: int, counted: int) -> str:
    return _("The notice counts %(said)d days off, but names %(counted)d.") % {
        "said": said, "counted": counted,
    }  # fmt: skip


def _not_understood(words: Words) -> WrongError:
    return WrongError(
        _("“%(words)s” was not understood.") % {"words": words.text[words.at :]}
    )  # fmt: skip
