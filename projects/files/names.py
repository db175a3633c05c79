"""What a file is called: by whoever sent it, as words to show and never as a path; and by us."""

import unicodedata
from typing import Final

from django.utils.translation import gettext as _

LONGEST_NAME: Final = 120


def clean_name(name: str) -> str:
    """The last part of a path, without what cannot be seen or turns the reading round."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(each for each in last if not unicodedata.category(each).startswith("C"))
    stem, dot, extension = " ".join(seen.split()).rpartition(".")
    return stem[: LONGEST_NAME - len(extension) - 1] + dot + extension[:LONGEST_NAME]


def extension_of(name: str) -> str:
    """What follows the last dot, in small letters."""
    return clean_name(name).rpartition(".")[2].lower()


def label_of(number: int, *, internal: bool) -> str:
    """What the desk calls it: those internal to it are counted by themselves, 内1, 内2."""
    return _("internal %(number)s") % {"number": number} if internal else str(number)
