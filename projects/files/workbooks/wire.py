"""What the reading process passes on: nothing that JSON could not hold.

A cell is its column, its kind, its value, whether a formula gave it, and, where it is struck
through, that it is (``strikes.py``). The kinds are those of Excel: ``s`` text, ``n`` number, ``b``
yes or no, ``d`` day or moment, ``m`` the same where a month is shown and no day, ``t`` time, ``e``
error.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, time
from math import isfinite
from typing import Any, Final

from projects.record.text import is_blank

_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Controls but tabs and ends of lines, and halves of characters: shown by nothing, kept by no JSON.
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Limits:
    """How much is read, counted in what holds something; a sheet with more is cut."""

    rows: int  # of one sheet
    cells: int  # of all sheets


@dataclass
class Found:
    """One sheet: each row that holds something, with its cells."""

    name: str = ""
    is_hidden: bool = False
    rows: list[Any] = field(default_factory=list)
    merged: list[list[int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[list[int]] = field(default_factory=list)
    comments: list[list[int]] = field(default_factory=list)
    has_drawings: bool = False
    is_cut: bool = False


def held(text: str, *, is_formula: bool = False) -> list[Any] | None:
    """A cell of text, or None where it shows nothing."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text)
    text = without_controls(text)
    return None if is_blank(text) else ["s", text, is_formula]


def without_controls(text: str) -> str:
    """The text without characters that nobody sees."""
    return _UNSEEN.sub("", text)


def numeric(value: float, *, is_formula: bool) -> list[Any]:
    """A cell of a number, with the fifteen digits that Excel shows: 0.1 + 0.2 is 0.3.

    What is too large for Excel is shown as its error.
    """
    if not isfinite(value):
        return ["e", "#NUM!", is_formula]
    return ["n", f"{value:.15g}", is_formula]


def moment(at: datetime | time, *, is_month: bool = False) -> list[str]:
    """Kind and value of a moment; ``is_month`` where its format shows no day."""
    if not isinstance(at, datetime):
        return ["t", at.isoformat()]
    return ["m" if is_month else "d", at.isoformat()]
