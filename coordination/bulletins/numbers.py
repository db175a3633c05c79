"""Which numbers an editor's words may have: those of the figures, and dates, times and ordinals.

This finds slips, not an editor who means to mislead: another officer reviews the text. A number in
words such as 两成 or "a third" is not recognised.
"""

import re
from collections.abc import Iterable
from typing import Final

from projects.record.text import prose

# With what multiplies it, so that 3万 is not 3; and numbers in Chinese before a measure word.
_NUMBER: Final = re.compile(
    r"\d+(?:[,，]\d{3})*(?:\.\d+)?[万亿‰]?"
    r"|百分之[零〇一二三四五六七八九十百点]+"
    r"|[零〇一二两三四五六七八九十百千万亿]{2,}(?=[个起项人辆吨家次名元])"
)
_MONTHS: Final = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
)
_ALONE: Final = r"(?<![\d.,，])"
# A number of these is no figure: a date, a time of day, an issue, a group, an item of a list.
_NOT_A_FIGURE: Final = re.compile(
    rf"{_ALONE}(?:19|20)\d\d\s*年|{_ALONE}(?:1[0-2]|0?[1-9])\s*月(?!份?有|共)"
    rf"|{_ALONE}(?:[12]\d|3[01]|0?[1-9])\s*日|{_ALONE}(?:1\d|2[0-4]|0?\d)\s*时"
    rf"|{_ALONE}[0-5]?\d\s*分(?=[前后至，。、]|$)"
    rf"|第\s*\d{{1,4}}\s*(?=[期号组页条项季])"
    r"|(?:19|20)\d\d-\d{1,2}-\d{1,2}|(?:1\d|2[0-4]|0?\d):[0-5]\d"
    r"|^\s*(?:[（(]\d{1,2}[）)]|\d{1,2}[.．、])"
    rf"|(?:{_MONTHS})\s+\d{{1,2}}(?:,\s*(?:19|20)\d\d)?(?=[\s,.;)]*(?:$|[A-Z]|and|to|at|by|,))"
    rf"|\d{{1,2}}\s+(?:{_MONTHS})(?:\s+(?:19|20)\d\d)?",
    re.MULTILINE,
)


def numbers_in(text: str) -> list[str]:
    """Every number of a text in its order, without the separators of thousands."""
    return [re.sub("[,，]", "", each) for each in _NUMBER.findall(prose(text))]


def foreign_numbers(text: str, drafted: str) -> list[str]:
    """The numbers of an edited paragraph that its draft does not have in the same order.

    Numbers may be left out. Two that changed places are refused.
    """
    found = list[str]()
    left = numbers_in(drafted)
    for number in numbers_in(text):
        if number in left:
            left = left[left.index(number) + 1 :]
        else:
            found.append(number)
    return found


def unknown_numbers(text: str, figures: Iterable[str]) -> list[str]:
    """The numbers of a written chapter that are no figure of the issue, and no date or ordinal."""
    known = set(figures)
    rest = _NOT_A_FIGURE.sub(" ", prose(text))
    return [number for number in numbers_in(rest) if number not in known]
