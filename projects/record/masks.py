"""How a person is shown to whoever need not know him: ``张**``, ``138****8000``."""

import re
from typing import Final

_NOTHING: Final = "—"
# A mobile, a resident ID number; not a part of a longer number.
_MOBILE: Final = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_ID_NUMBER: Final = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")


def mask_name(name: str) -> str:
    """The first character: a family name."""
    return f"{name[:1]}**" if name else _NOTHING


def mask_mobile(mobile: str) -> str:
    """The carrier's prefix, and the last four."""
    return f"{mobile[:3]}****{mobile[-4:]}" if mobile else _NOTHING


def mask_id_number(number: str) -> str:
    """The county, and the last four."""
    return f"{number[:6]}********{number[-4:]}" if number else _NOTHING


def mask_numbers(words: str) -> str:
    """Words in which nobody can be called, nor looked up, by a number that they hold."""
    words = _ID_NUMBER.sub(lambda found: mask_id_number(found[0]), words)
    return _MOBILE.sub(lambda found: mask_mobile(found[0]), words)


def without(words: str, names: list[str]) -> str:
    """The same without these names either: for what is kept after a purge."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        words = words.replace(name, mask_name(name))
    return mask_numbers(words)
