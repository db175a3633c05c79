"""How numbers are read, wherever they are typed."""

import re
from typing import Any, Final

from projects.record.text import plain

_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")


def digits_of(value: Any) -> Any:
    """``1，２００`` as 1200: half width, without commas between thousands; all else unchanged."""
    if not isinstance(value, str):
        return value
    text = plain(value).strip()
    return text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
