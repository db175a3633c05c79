"""Which numbers an editor's words may have: those of the figures, and dates, times and ordinals."""

import re
from collections.abc import Iterable
from typing import Final

from projects.record.text import prose

_NUMBER: Final = re.compile(r"\d+(?:[,，]\d{3})*(?:\.\d+)?")
# A number of these is no figure: a date, a time of day, an issue, a group, a paragraph.
_NOT_A_FIGURE: Final = re.compile(
    r"\d{1,4}\s*(?:年|月|日|时|分|期|号|组)"
    r"|第\s*\d+"
    r"|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}:\d{2}"
    r"|[（(]\d{1,2}[）)]"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.|Feb\.|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.)\s+\d{1,2}(?:,\s*\d{4})?"
)


def numbers_in(text: str) -> list[str]:
    """Every number of a text in its order, without the separators of thousands."""
    return [re.sub("[,，]", "", each) for each in _NUMBER.findall(prose(text))]


def foreign_numbers(text: str, drafted: str) -> list[str]:
    """The numbers of an edited paragraph that its draft does not have in the same order.

    Numbers may be left out. Two that changed places are refused, because each belongs to the
    words about it.
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
