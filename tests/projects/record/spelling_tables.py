"""The tables of docs/spellings.md, from which the tests take their values."""

import re
from functools import cache
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "spellings.md"
REFUSED = "—"
_UNSEEN = re.compile(r"⟨U\+([0-9A-F]{4,6})⟩")


def rows_of(section: str) -> list[tuple[str, ...]]:
    """The rows of the table in the section whose heading ends so, without the row of headings."""
    return [row for title, row in _tables() if title.endswith(section)]


def of_type(name: str) -> list[tuple[str, str]]:
    """What is typed and what is stored, of one type of values."""
    found = [(typed, stored) for each, typed, stored in rows_of("How values are read")
             if each == name]  # fmt: skip
    assert found, f"{name} has no rows"
    return found


@cache
def _tables() -> list[tuple[str, tuple[str, ...]]]:
    section, found, body = "", [], False
    for line in DOCUMENT.read_text().splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ")
        elif not line.startswith("|"):
            body = False
        elif body:
            found.append((section, tuple(map(_cell, line.strip("|").split("|")))))
        else:
            body = line.startswith("|---")
    return found


def _cell(text: str) -> str:
    text = text.strip().strip("`").replace("⟨空⟩", "")
    return _UNSEEN.sub(lambda found: chr(int(found[1], 16)), text)
