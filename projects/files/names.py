"""Names of files: the sender's, which is only shown and never used as a path; and ours."""

import unicodedata
from typing import Final

from django.utils.translation import gettext as _

LONGEST_NAME: Final = 120


def clean_name(name: str) -> str:
    """The last part of a path, without invisible and bidirectional control characters."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(each for each in last if not unicodedata.category(each).startswith("C"))
    stem, dot, extension = " ".join(seen.split()).rpartition(".")
    return stem[: LONGEST_NAME - len(extension) - 1] + dot + extension[:LONGEST_NAME]


def extension_of(name: str) -> str:
    """The part after the last dot, in lower case."""
    return clean_name(name).rpartition(".")[2].lower()


def label_of(number: int, *, internal: bool) -> str:
    """The desk's label of an attachment; internal ones are numbered separately: 内1, 内2."""
    return _("internal %(number)s") % {"number": number} if internal else str(number)
