"""Which headings mean which column: the sheet's own synonyms, and what officers have added.

Headings are compared by a key: folded, without units, and with years and months as what they are
to the sheet. In a sheet about 2020 ``２０２０年 计划投资（万元）`` has the key ``{Y}计划投资``,
and ``2019年底累计完成投资`` has ``{Y-1}底累计完成投资``.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Final

from projects.house.imports import ImportSheet
from projects.imports.reading.units import without_unit
from projects.record.folding import fold
from projects.record.text import compact

_YEAR: Final = re.compile(
    r"((?:19|20)\d\d)年度?|(本年|今年|当年)度?|(上年|去年)度?|\{Y([+-]\d)?\}(?:年度?)?"
)
_RANGE: Final = re.compile(r"(?:1|一)(?:月份?)?[-—~至到](?:\d{1,2}|\{[NM]\})月份?")
_MONTH: Final = re.compile(r"(?<!\d)(?:1[0-2]|0?[1-9])月份?|\{[NM]\}月份?|本月|当月")
_NUMBERED: Final = re.compile(r"(?<!\d)(?:1[0-2]|0?[1-9])月")  # a certain month
_TOKEN: Final = re.compile(r"(\{[^}]*\})")
THIS_YEAR, _THIS_MONTH, _MONTHS_SO_FAR = "{Y}", "{M}", "{1-M}"
# What may stand in place of this year, and of a month.
_OF_YEAR: Final = ("", "年", "年度")
_SERIALS: Final = frozenset(map(fold, ("序号", "序", "编号", "No.", "行号", "项次")))
_LEAST_ALIKE: Final = 0.72  # of two headings, by difflib
_LEAST_CONTAINED: Final = 0.5  # of the longer heading
_SHORTEST: Final = 2
_MOST_CANDIDATES: Final = 4


def years_in(text: str) -> list[int]:
    """The years that it names, in their order."""
    return [int(found[1]) for found in _YEAR.finditer(compact(text)) if found[1]]


def is_serial(heading: str) -> bool:
    """Whether it is the heading of the sheet's own serial numbers."""
    return fold(heading) in _SERIALS


def key_of(heading: str, year: int) -> str:
    """The key of a heading in a sheet about this year."""
    text = _YEAR.sub(lambda found: _year_token(found, year), without_unit(heading))
    text = _MONTH.sub(_THIS_MONTH, _RANGE.sub(_MONTHS_SO_FAR, text))
    return "".join(each if _TOKEN.fullmatch(each) else fold(each) for each in _TOKEN.split(text))


def _year_token(found: re.Match[str], year: int) -> str:
    if found[1]:
        apart = int(found[1]) - year
        return f"{{Y{apart:+d}}}" if apart else THIS_YEAR
    if found[3]:
        return "{Y-1}"
    return f"{{Y{found[4] or ''}}}"


def names_another_year(key: str) -> bool:
    """Whether the key has a year that is not the sheet's."""
    return "{Y-" in key or "{Y+" in key


class Vocabulary:
    """The known headings of one sheet, in a workbook about one year."""

    def __init__(self, declared: ImportSheet, added: Mapping[str, str], year: int) -> None:
        self.year = year
        self._names = {each.name for each in declared.columns}
        self._known = defaultdict[str, set[str]](set)
        self._of_month = dict[str, str]()  # a sheet may have a column for each month
        for column in declared.columns:
            for heading in (str(column.title), *column.synonyms):
                if _NUMBERED.search(heading):
                    self._of_month[_said(heading)] = column.name
                for key in _spellings(key_of(heading, year)):
                    self._known[key].add(column.name)
        for key, name in added.items():
            if name in self._names:
                self._known[key] = {name}

    def key(self, heading: str) -> str:
        """The key of a heading of the workbook."""
        return key_of(heading, self.year)

    def exact(self, heading: str) -> frozenset[str]:
        """The columns that the heading means."""
        if (name := self._of_month.get(_said(heading))) is not None:
            return frozenset({name})
        for spelling in _spellings(self.key(heading)):
            if spelling in self._known:
                return frozenset(self._known[spelling])
        return frozenset()

    def resembling(self, heading: str) -> tuple[str, ...]:
        """The columns that a heading of no column may mean, the most alike first."""
        key = _plain(self.key(heading))
        scores = dict[str, float]()
        for known, names in self._known.items():
            alike = _alike(key, _plain(known))
            for name in names:
                scores[name] = max(alike, scores.get(name, 0))
        found = sorted((-alike, name) for name, alike in scores.items() if alike)
        return tuple(name for _alike, name in found[:_MOST_CANDIDATES])


def _said(heading: str) -> str:
    """The heading with its month as it says it."""
    return fold(without_unit(heading))


def _spellings(key: str) -> Iterator[str]:
    """The key, and what says the same: this year and the month may be left out of a heading."""
    yield key
    years = [key.replace(THIS_YEAR, each) for each in _OF_YEAR] if THIS_YEAR in key else [key]
    for text in years:
        yield text.replace("年度底", "年底")
    if _THIS_MONTH in key:
        for text in years:
            yield text.replace(_THIS_MONTH, "月")


def _plain(key: str) -> str:
    """The key without years and months."""
    return _TOKEN.sub("", key)


def _alike(one: str, other: str) -> float:
    """How alike they are, at most 1; 0 where they are not."""
    short, long = sorted((one, other), key=len)
    if len(short) < _SHORTEST:
        return 0
    if short in long and len(short) >= _LEAST_CONTAINED * len(long):
        return len(short) / len(long)
    ratio = SequenceMatcher(None, one, other, autojunk=False).ratio()
    return ratio if ratio >= _LEAST_ALIKE else 0
