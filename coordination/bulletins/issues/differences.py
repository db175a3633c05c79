"""What changed between two wordings of a paragraph, as pieces that stay, went or came."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise
from typing import Final

# A Latin word, a number, a run of spaces, or any other character: Chinese is compared by these.
_TOKEN: Final = re.compile(r"[A-Za-z]+|\d+(?:[.,]\d+)*|\s+|.", re.DOTALL)
_ENDS: Final = frozenset("。！？；.!?;")
MOST: Final = 40_000  # pairs of words, or of sentences, that are compared for one paragraph


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


type Code = tuple[str, int, int, int, int]
type Compare = Callable[[Sequence[str], Sequence[str]], Sequence[Code]]


def compared(old: Sequence[str], new: Sequence[str]) -> Sequence[Code]:
    """What stayed, went and came; its work grows with the product of the two lengths or faster."""
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def differences(before: str, after: str, compare: Compare = compared) -> list[Piece]:
    """The pieces of both in their order; what was replaced is deleted before it is inserted.

    A single character that stayed between two changes counts as changed, so that a sentence that
    was written anew is not read in crumbs. Words are compared, and in a long text sentences first:
    no more than ``MOST`` pairs in all, and what is beyond that counts as replaced.
    """
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    pieces = list[Piece]()
    for begin, end, first, last, is_same in _runs(_joined(_codes(old, new, compare))):
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


def _codes(old: Sequence[str], new: Sequence[str], compare: Compare) -> Iterator[Code]:
    """Compare what is between the beginning and the end that both have."""
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    end, last = len(old) - tail, len(new) - tail
    yield "equal", 0, head, 0, head
    for tag, begin, upto, first, to in _middle(old[head:end], new[head:last], compare):
        yield tag, begin + head, upto + head, first + head, to + head
    yield "equal", end, len(old), last, len(new)


def _shared(old: Sequence[str], new: Sequence[str]) -> int:
    """How many tokens both begin with."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(old), len(new)))


def _middle(old: Sequence[str], new: Sequence[str], compare: Compare) -> Iterator[Code]:
    if len(old) * len(new) <= MOST:
        yield from compare(old, new)
        return
    ends_old, ends_new = _sentences(old), _sentences(new)
    left = MOST - (len(ends_old) - 1) * (len(ends_new) - 1)
    if left < 0:
        yield "replace", 0, len(old), 0, len(new)
        return
    for tag, *places in compare(_texts(old, ends_old), _texts(new, ends_new)):
        begin, end = (ends_old[place] for place in places[:2])
        first, last = (ends_new[place] for place in places[2:])
        pairs = (end - begin) * (last - first)
        if tag != "replace" or pairs > left:
            yield tag, begin, end, first, last
            continue
        left -= pairs
        for kind, a, b, c, d in compare(old[begin:end], new[first:last]):
            yield kind, a + begin, b + begin, c + first, d + first


def _sentences(tokens: Sequence[str]) -> list[int]:
    """Where each sentence ends, after 0."""
    ends = [place for place, token in enumerate(tokens, 1) if token in _ENDS or "\n" in token]
    return [0, *ends, *([len(tokens)] if not ends or ends[-1] != len(tokens) else [])]


def _texts(tokens: Sequence[str], ends: Sequence[int]) -> list[str]:
    return ["".join(tokens[begin:end]) for begin, end in pairwise(ends)]


def _joined(codes: Iterable[Code]) -> list[Code]:
    """Without the empty ones, and neighbours that stayed as one."""
    found = list[Code]()
    for code in codes:
        tag, begin, end, first, last = code
        if begin == end and first == last:
            continue
        if found and found[-1][0] == tag == "equal":
            _tag, began, _end, began_new, _last = found.pop()
            found.append((tag, began, end, began_new, last))
        else:
            found.append(code)
    return found


type _Run = tuple[int, int, int, int, bool]


def _runs(codes: Sequence[Code]) -> Iterator[_Run]:
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
