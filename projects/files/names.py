"""Names of files: the sender's, which is only shown and never used as a path; and ours."""

from typing import Final

from django.utils.translation import gettext as _

from projects.record.text import one_line

LONGEST_NAME: Final = 120


def clean_name(name: str) -> str:
    """The last part of a path, as a line of text."""
    last = one_line(name).replace("\\", "/").rpartition("/")[2].strip()
    stem, dot, extension = last.rpartition(".")
    return stem[: LONGEST_NAME - len(extension) - 1] + dot + extension[:LONGEST_NAME]


def extension_of(name: str) -> str:
    """The part after the last dot, in lower case."""
    return clean_name(name).rpartition(".")[2].lower()


def label_of(number: int, *, internal: bool) -> str:
    """The desk's label of an attachment; internal ones are numbered separately: 内1, 内2."""
    return _("internal %(number)s") % {"number": number} if internal else str(number)
