"""The numbers of tickets, ``20200309-000123``, and how people write them."""

import re
from typing import Final

from projects.record.text import compact
from projects.record.text_fields import LineField

_NUMBER: Final = re.compile(r"(\d{8})-?(\d{0,6})")


def read_number(text: str) -> str | None:
    """The number that was typed, or its beginning, with one plain hyphen; None if it is none."""
    found = _NUMBER.fullmatch(compact(text))
    return f"{found[1]}-{found[2]}" if found else None


def normalise_number(text: str) -> str:
    """The same; what is no number stays as it was typed, in one piece."""
    return read_number(text) or compact(text)


class NumberField(LineField):
    """A ticket's number. Looked for in every spelling, since Django reads what is looked for."""

    def read(self, text: str) -> str:
        return normalise_number(text)
