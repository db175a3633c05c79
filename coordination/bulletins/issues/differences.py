"""What changed between two wordings of a paragraph, as pieces that stay, went or came."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

# A Latin word, a number, a run of spaces, or any other character: Chinese is compared by these.
_TOKEN: Final = re.compile(r"[A-Za-z]+|\d+(?:[.,]\d+)*|\s+|.", re.DOTALL)


class Mark(StrEnum):
    """What became of a piece."""

    SAME = "same"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True)
class Piece:
    """Some text, and what became of it."""

    mark: Mark
    text: str


def differences(before: str, after: str) -> list[Piece]:
    """The pieces of both in their order; what was replaced is deleted before it is inserted.

    A single character that stayed between two changes counts as changed, so that a sentence that
    was written anew is not read in crumbs.
    """
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    pieces = list[Piece]()
    for begin, end, first, last, is_same in _runs(matcher.get_opcodes()):
        if is_same:
            pieces.append(Piece(Mark.SAME, "".join(old[begin:end])))
            continue
        for mark, tokens in ((Mark.DELETED, old[begin:end]), (Mark.INSERTED, new[first:last])):
            if tokens:
                pieces.append(Piece(mark, "".join(tokens)))
    return pieces


def before_of(pieces: Iterable[Piece]) -> list[Piece]:
    """The earlier wording, with what went marked."""
    return [each for each in pieces if each.mark != Mark.INSERTED]


def after_of(pieces: Iterable[Piece]) -> list[Piece]:
    """The later wording, with what came marked."""
    return [each for each in pieces if each.mark != Mark.DELETED]


type _Run = tuple[int, int, int, int, bool]


def _runs(codes: Sequence[tuple[str, int, int, int, int]]) -> Iterator[_Run]:
    """The runs that stayed and those that changed, neighbouring changes as one."""
    held: _Run | None = None
    for place, (tag, begin, end, first, last) in enumerate(codes):
        is_between = 0 < place < len(codes) - 1
        is_same = tag == "equal" and not (is_between and end - begin == 1)
        if held is not None and not is_same and not held[4]:
            held = (held[0], end, held[2], last, False)
            continue
        if held is not None:
            yield held
        held = (begin, end, first, last, is_same)
    if held is not None:
        yield held
