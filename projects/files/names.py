"""Names of files: the sender's, which is only shown and never used as a path; and ours."""

import re
from collections.abc import Collection, Sequence
from typing import Final

from django.utils.translation import gettext as _

from projects.record.text import one_line

LONGEST_NAME: Final = 120
_ENDING: Final = re.compile(r"\.(?=[0-9]*[A-Za-z])([A-Za-z0-9]{1,8})[. ]*$")


def clean_name(name: str) -> str:
    """The last part of a path, as a line of text."""
    last = one_line(name).replace("\\", "/").rpartition("/")[2].strip()
    stem, dot, extension = last.rpartition(".")
    return stem[: LONGEST_NAME - len(extension) - 1] + dot + extension[:LONGEST_NAME]


def extension_of(name: str) -> str:
    """The letters after the last dot, in lower case; dots at the end are not counted.

    What follows a dot but is no ending, as in 2020.3.9现场, does not count either.
    """
    found = _ENDING.search(clean_name(name))
    return found[1].lower() if found else ""


def named_as(name: str, endings: Sequence[str], all_endings: Collection[str]) -> str:
    """The name with one of the endings of its type: its own, or the first instead of another's."""
    name = clean_name(name).rstrip(". ")
    ending = extension_of(name)
    if ending in endings:
        return name
    stem = name[: -len(ending) - 1] if ending in all_endings else name
    return clean_name(f"{stem}.{endings[0]}")


def label_of(number: int, *, internal: bool) -> str:
    """The desk's label of an attachment; internal ones are numbered separately: 内1, 内2."""
    return _("internal %(number)s") % {"number": number} if internal else str(number)
