"""What the reading process passes on: nothing that JSON could not hold.

A cell is its column, its kind, its value, whether a formula gave it, and, where it is struck
through, that it is (``strikes.py``). The kinds are those of Excel: ``s`` text, ``n`` number, ``b``
yes or no, ``d`` day or moment, ``t`` time, ``e`` error.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, Final

from projects.record.text import is_blank

_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


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
    return None if is_blank(text) else ["s", text, is_formula]


def number(value: float) -> str:
    """A number with the fifteen digits that Excel shows: 0.1 + 0.2 is 0.3."""
    return f"{value:.15g}"


def moment(at: datetime | time) -> list[str]:
    """Kind and value of a moment."""
    return ["d" if isinstance(at, datetime) else "t", at.isoformat()]
