"""Examples are written for one fixed day and shifted to today, so that they can be sent."""

import re
from datetime import date, timedelta
from typing import Any, Final

from django.utils import timezone

from projects.record.clock import now

WRITTEN_ON: Final = date(2020, 3, 9)
_DAY: Final = re.compile(r"(\d{4}-\d\d-\d\d)(T.*)?")


def as_of_today(example: Any) -> Any:
    """Return the example with each date and time shifted by today minus WRITTEN_ON."""
    return _moved(example, timezone.localdate(now()) - WRITTEN_ON)


def _moved(value: Any, by: timedelta) -> Any:
    if isinstance(value, dict):
        return {name: _moved(each, by) for name, each in value.items()}
    if isinstance(value, list):
        return [_moved(each, by) for each in value]
    found = _DAY.fullmatch(value) if isinstance(value, str) else None
    return value if found is None else f"{date.fromisoformat(found[1]) + by}{found[2] or ''}"
