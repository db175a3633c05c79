"""Which cells are struck through: as a whole, by their style, or in part, by the runs of a text."""

from collections.abc import Iterable
from typing import Final

WHOLE: Final = "whole"
PART: Final = "part"
_OFF: Final = frozenset({"0", "false", "off"})


def is_on(values: dict[str, str]) -> bool:
    """Whether an element such as ``<strike/>`` says yes."""
    return values.get("val", "1") not in _OFF


def strike_of(runs: Iterable[bool | None], *, by_style: bool) -> str:
    """``whole``, ``part`` or nothing; a run that says nothing of it (None) is as the cell is."""
    struck = {by_style if each is None else each for each in runs}
    if True not in struck:
        return ""
    return PART if False in struck else WHOLE


class Runs:
    """Collects the runs of a text in .xlsx, by the names of its elements."""

    def __init__(self) -> None:
        self._found: list[bool | None] = []
        self._current: bool | None = None

    def begin(self, name: str, values: dict[str, str]) -> None:
        """Take note of an element that begins."""
        if name == "r":
            self._current = None
        elif name == "rPr":
            self._current = False
        elif name == "strike":
            self._current = is_on(values)

    def add(self, text: str) -> None:
        """Add text of the current run; white space shows no strike."""
        if not text.isspace():
            self._found.append(self._current)

    def take(self) -> list[bool | None]:
        """The runs of the text that has ended; empty where it is all of one."""
        found, self._found, self._current = self._found, [], None
        return found if set(found) != {None} else []
