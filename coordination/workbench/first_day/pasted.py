"""Rows of officers as they are pasted: name, user name, post, group, telephone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.staff.models import ADMINISTRATORS, Role

MOST: Final = 50  # a password is slow to hash, on purpose
POSTS: Final = tuple(each for each in Role if each not in ADMINISTRATORS)
COLUMNS: Final = {
    "name": pgettext_lazy("person", "name"), "username": _("user name"), "post": _("post"),
    "group": _("service group"), "mobile": _("office phone"),
}  # fmt: skip
_HEADING: Final = frozenset({"姓名", "name"})
_COMMA: Final = re.compile("[,，]")


@dataclass(frozen=True)
class Row:
    """One officer; ``number`` is the line in which he was pasted, from 1 on."""

    number: int
    name: str
    username: str
    post: str
    group: str
    mobile: str
    too_many: bool = False  # cells


def rows_of(text: str) -> Iterator[Row]:
    """The rows of a text, cells apart by tabs or else commas; without empty lines and a heading."""
    for number, line in enumerate(text.splitlines(), start=1):
        parts = line.split("\t") if "\t" in line else _COMMA.split(line)
        cells = [each.strip() for each in parts]
        while cells and not cells[-1]:
            cells.pop()
        if not cells or cells[0].lower() in _HEADING:
            continue
        name, username, post, group, mobile = [*cells, *[""] * len(COLUMNS)][: len(COLUMNS)]
        yield Row(number, name, username, post, group, mobile, len(cells) > len(COLUMNS))
