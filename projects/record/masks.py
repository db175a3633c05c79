"""Masked names and numbers, for readers who need not know the person: ``张**``, ``138****8000``."""

import re
from typing import Final

_NOTHING: Final = "—"
# A mobile number or a resident ID number, not part of a longer number.
_MOBILE: Final = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_ID_NUMBER: Final = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")


def mask_name(name: str) -> str:
    """Keep the first character, the family name."""
    return f"{name[:1]}**" if name else _NOTHING


def mask_mobile(mobile: str) -> str:
    """Keep the first three digits and the last four."""
    return f"{mobile[:3]}****{mobile[-4:]}" if mobile else _NOTHING


def mask_id_number(number: str) -> str:
    """Keep the six digits of the county and the last four."""
    return f"{number[:6]}********{number[-4:]}" if number else _NOTHING


def mask_numbers(words: str) -> str:
    """Mask the mobile and resident ID numbers in a text."""
    words = _ID_NUMBER.sub(lambda found: mask_id_number(found[0]), words)
    return _MOBILE.sub(lambda found: mask_mobile(found[0]), words)


def without(words: str, names: list[str]) -> str:
    """Mask numbers and these names in a text that is kept after a purge."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        words = words.replace(name, mask_name(name))
    return mask_numbers(words)
