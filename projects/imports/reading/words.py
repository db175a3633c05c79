"""Words in cells: one of the choices, yes or no, codes and texts."""

import re
from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Final

from projects.files.workbooks.book import Cell
from projects.house.imports import ImportColumn
from projects.imports.reading.value import NOT_STATED, Value, states_nothing, wrong
from projects.record.folding import fold
from projects.record.text import compact, one_line, prose

_MOST_DIGITS: Final = 15  # Excel keeps no more of a number
_SCIENTIFIC: Final = re.compile(r"\d(?:\.\d+)?E\+?\d+")
_NOTE: Final = re.compile(r"[(（【\[][^()（）【】\[\]]*[)）】\]]$")
_ENDING: Final = re.compile(r"(?:类|类别)?(?:项目|工程)?$")
_MOST_WORDS: Final = 8  # in a message
# In the form of ``compact``. What follows behind a comma is told by people, and not read.
_YES: Final = frozenset((
    "是", "有", "√", "✓", "✔", "☑", "Y", "YES", "TRUE", "1", "对", "已", "已办结", "已办", "办结",
    "已办理", "已完成", "完成", "已取得", "已批复",
))  # fmt: skip
_NO: Final = frozenset((
    "否", "无", "没有", "×", "X", "✗", "✘", "╳", "N", "NO", "FALSE", "0", "未", "未办结", "未办",
    "未办理", "未受理", "未完成", "未取得", "未批复", "不是",
))  # fmt: skip
_UNDER_WAY: Final = frozenset(("正在办理", "在办", "办理中", "正在办"))
_NOT_NEEDED: Final = frozenset(("不需办理", "不需要", "无需", "无需办理", "不涉及", "-", "/"))
_FIRST: Final = re.compile(r"([^,，:：;；。(（]+)[,，:：;；。(（].+")


def read_choice(column: ImportColumn, cell: Cell) -> Value:
    """The code of one of the column's choices."""
    if states_nothing(cell.text):
        return NOT_STATED
    words = _words(_frozen(column.choices))
    bare = _NOTE.sub("", compact(cell.text))
    for text, remarks in ((cell.text, ()), (bare, ("with-note",))):
        for spelling in (fold(text), fold(_ENDING.sub("", compact(text)))):
            if spelling in words:
                return Value(words[spelling], remarks)
    known = [each[0] for each in column.choices.values() if each]
    said = "、".join(known[:_MOST_WORDS]) + ("……" if len(known) > _MOST_WORDS else "")
    return wrong(column.name, "choice", choices=said)


def code_of(choices: Mapping[str, tuple[str, ...]], text: str) -> str:
    """The code of the choice that the whole text means; empty where it means none."""
    words = _words(_frozen(choices))
    return words.get(fold(text)) or words.get(fold(_ENDING.sub("", compact(text)))) or ""


type _Choices = tuple[tuple[str, tuple[str, ...]], ...]


def _frozen(choices: Mapping[str, tuple[str, ...]]) -> _Choices:
    return tuple(choices.items())


@lru_cache(maxsize=64)
def _words(choices: _Choices) -> Mapping[str, str]:
    found = {fold(word): code for code, words in choices for word in words}
    return {**{fold(code): code for code, _words in choices}, **found}


def read_truth(column: ImportColumn, cell: Cell) -> Value:
    """Whether something is done, or so."""
    if isinstance(cell.value, bool):
        return Value(cell.value)
    text = compact(cell.text)
    if found := _FIRST.fullmatch(text):
        first = _truth(found[1])
        return (
            Value(first.value, (*first.remarks, "with-note"))
            if first
            else wrong(column.name, "truth")
        )
    return _truth(text) or (NOT_STATED if states_nothing(text) else wrong(column.name, "truth"))


def _truth(text: str) -> Value | None:
    if text in _YES:
        return Value(value=True)
    if text in _NO:
        return Value(value=False)
    if text in _UNDER_WAY:
        return Value(value=False, remarks=("under-way",))
    return Value(remarks=("not-needed",)) if text in _NOT_NEEDED else None


def read_code(column: ImportColumn, cell: Cell) -> Value:
    """A code, unless Excel took it for a number or a day and lost some of it."""
    if isinstance(cell.value, bool | datetime | time):
        return wrong(column.name, "code")
    if isinstance(cell.value, Decimal):
        if cell.value != cell.value.to_integral() or cell.value < 0:
            return wrong(column.name, "code")
        too_long = len(cell.text) > _MOST_DIGITS
        return wrong(column.name, "digits") if too_long else Value(cell.text)
    if states_nothing(cell.text):
        return NOT_STATED
    text = compact(cell.text)
    return wrong(column.name, "digits") if _SCIENTIFIC.fullmatch(text) else Value(text)


def read_text(cell: Cell, *, of_lines: bool = False) -> Value:
    """A text of one line, or of several."""
    if states_nothing(cell.text):
        return NOT_STATED
    if isinstance(cell.value, datetime) and cell.value.time() == time.min:
        return Value(cell.value.date().isoformat())
    return Value(prose(cell.text) if of_lines else one_line(cell.text))
