"""What a file was called by whoever sent it: kept as words to show, never as a path."""

import unicodedata
from typing import Final

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
