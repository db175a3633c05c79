"""Reads one sheet of an .xlsx file as a stream, until it holds more than may be."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any, Final, NamedTuple

from projects.files.sandbox.child import CannotReadError
from projects.files.workbooks.serials import moment_of
from projects.files.workbooks.strikes import Runs, strike_of
from projects.files.workbooks.wire import Found, Limits, held, moment, numeric
from projects.files.xml_stream import local, walk

type Box = list[int]  # first row, first column, last row, last column

_PLACE: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_LAST_COLUMN: Final = 16_384
_YES: Final = frozenset({"1", "true", "on"})
_UNSEEN: Final = 1  # a row so many points high, and less, or a column so many characters wide
_MOST_MERGED: Final = 50_000  # areas: ten in each row that may be filed


class Style(NamedTuple):
    """What a style says of its cells.

    Whether they show days or times, are struck through, and show a month without a day.
    """

    is_dated: bool
    is_struck: bool
    is_month: bool


_PLAIN: Final = Style(is_dated=False, is_struck=False, is_month=False)


class _Cut(Exception):  # noqa: N818 - not an error: the rest is not wanted
    """The sheet holds more than is read."""


@cache
def column_of(letters: str) -> int:
    """The number of a column: 2 for B. Raises CannotReadError."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    if not (letters.isascii() and letters.isalpha() and number <= _LAST_COLUMN):
        raise CannotReadError("damaged")
    return number


def place_of(text: str) -> tuple[int, int]:
    """Row and column of ``B7``. Raises CannotReadError."""
    found = _PLACE.fullmatch(text.replace("$", ""))
    if found is None:
        raise CannotReadError("damaged")
    return int(found[2]), column_of(found[1])


def box_of(text: str) -> Box:
    """First row, first column, last row and last column of ``A3:C5``. Raises CannotReadError."""
    first, _colon, last = text.partition(":")
    return [*place_of(first), *place_of(last or first)]


def _is_unseen(size: str | None) -> bool:
    return size is not None and float(size) < _UNSEEN


class SheetReader:
    """Collects what a sheet holds; one attribute for each thing that the XML says in passing."""

    def __init__(
        self,
        strings: Sequence[str],
        runs: Mapping[int, list[bool | None]],
        styles: Sequence[Style],
        *,
        since_1904: bool,
        limits: Limits,
    ) -> None:
        self.found = Found()
        self._strings, self._runs_of, self._styles = strings, runs, styles
        self._since_1904 = since_1904
        self._limits, self._cells = limits, limits.cells
        self._row, self._column, self._is_hidden = 0, 0, False
        self._kind, self._style = "n", _PLAIN
        self._text: list[str] = []
        self._runs = Runs()
        self._collects, self._has_value, self._is_formula, self._within_phonetic = (False,) * 4
        self._beginnings: dict[str, Callable[[dict[str, str]], None]] = {
            "c": self._begin_cell, "v": self._begin_value, "t": self._begin_value,
            "f": self._begin_formula, "row": self._begin_row, "rPh": self._begin_phonetic,
            "mergeCell": self._begin_merged, "col": self._begin_column,
            **{name: partial(self._runs.begin, name) for name in ("r", "rPr", "strike")},
        }  # fmt: skip

    def read(self, pieces: Iterable[bytes]) -> int:
        """Read the sheet's XML; returns how many cells more may be read of other sheets.

        Raises CannotReadError where it is damaged.
        """
        try:
            walk(pieces, begin=self._begin, end=self._end, text=self._add)
        except _Cut:
            self.found.is_cut = True
        return max(self._cells, 0)

    def _begin(self, name: str, values: dict[str, str]) -> None:
        begin = self._beginnings.get(local(name) if ":" in name else name)
        if begin is not None:
            begin(values)

    def _begin_value(self, _values: dict[str, str]) -> None:
        self._collects = not self._within_phonetic
        self._has_value = True

    def _begin_formula(self, _values: dict[str, str]) -> None:
        self._is_formula = True

    def _begin_phonetic(self, _values: dict[str, str]) -> None:
        self._within_phonetic = True

    def _begin_merged(self, values: dict[str, str]) -> None:
        self.found.merged.append(box_of(values.get("ref", "")))
        if len(self.found.merged) > _MOST_MERGED:
            raise CannotReadError("too-large")

    def _begin_row(self, values: dict[str, str]) -> None:
        row = int(values.get("r", self._row + 1))
        if row < self._row:
            raise CannotReadError("damaged")
        self._row, self._column = row, 0
        self._is_hidden = values.get("hidden") in _YES or _is_unseen(values.get("ht"))

    def _begin_column(self, values: dict[str, str]) -> None:
        if values.get("hidden") in _YES or _is_unseen(values.get("width")):
            self.found.hidden_columns.append([int(values["min"]), int(values["max"])])

    def _begin_cell(self, values: dict[str, str]) -> None:
        letters = values.get("r", "").rstrip("0123456789")
        self._column = column_of(letters) if letters else self._column + 1
        style = int(values.get("s", "0"))
        self._kind = values.get("t", "n")
        self._style = self._styles[style] if style < len(self._styles) else _PLAIN
        self._text = []
        self._has_value = self._is_formula = False

    def _add(self, text: str) -> None:
        if self._collects:
            self._text.append(text)
            self._runs.add(text)

    def _end(self, name: str) -> None:
        if ":" in name:
            name = local(name)
        if name in {"v", "t"}:
            self._collects = False
        elif name == "rPh":
            self._within_phonetic = False
        elif name == "c" and (self._has_value or self._is_formula):
            text, runs = "".join(self._text), self._runs.take()
            cell = self._cell(text)
            if cell is not None:
                if self._kind == "s" and text:
                    runs = self._runs_of.get(int(text), [])
                strike = strike_of(runs or [None], by_style=self._style.is_struck)
                self._keep([*cell, strike] if strike else cell)

    def _keep(self, cell: list[Any]) -> None:
        rows, self._cells = self.found.rows, self._cells - 1
        if not rows or rows[-1][0] != self._row:
            if len(rows) >= self._limits.rows:
                raise _Cut
            rows.append([self._row, []])
            if self._is_hidden:
                self.found.hidden_rows.append(self._row)
        if self._cells < 0:
            raise _Cut
        rows[-1][1].append([self._column, *cell])

    def _cell(self, text: str) -> list[Any] | None:
        """The cell as it is passed on, or None where it shows nothing."""
        if self._kind == "n":
            return self._number(text)
        if self._kind == "s":
            text = self._strings[int(text)] if text else ""
        if self._kind == "b":
            return ["b", text.strip() in _YES, self._is_formula]
        if self._kind == "e":
            return ["e", text, self._is_formula]
        if self._kind == "d":
            return ["d", text.strip().rstrip("Z"), self._is_formula]
        return held(text, is_formula=self._is_formula)

    def _number(self, text: str) -> list[Any] | None:
        if not text.strip():  # a formula that no program has calculated
            return ["n", None, True] if self._is_formula else None
        value = float(text)
        if self._style.is_dated:
            at = moment_of(value, since_1904=self._since_1904)
            if at is not None:
                return [*moment(at, is_month=self._style.is_month), self._is_formula]
        return numeric(value, is_formula=self._is_formula)
