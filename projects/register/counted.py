"""The address of the projects that a figure of a bulletin counted, as recorded by its cut-off.

The list itself shows who serves each project, and so belongs to an upper room; it reads what is
asked for here.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from projects.house.blocks import Path, Period
from projects.record.days import YEARS, moment_in

PROVINCIAL: Final = "provincial"  # the key of the row of provincial key projects
CLASS: Final = "class"  # the first key of the row of a class of districts
NO_CLASS: Final = "none"


def moment_asked(at: datetime) -> str:
    """The moment as the address has it: in local time, to the minute or else exactly."""
    local = timezone.localtime(at).replace(tzinfo=None)
    whole = not local.second and not local.microsecond
    return local.isoformat(" ", "minutes" if whole else "auto")


def moment_in_address(text: str) -> datetime | None:
    """A moment as people write it, or exactly, as the address of a preview has it."""
    exact = None
    try:
        exact = parse_datetime(text)
    except ValueError:  # of the right form, but no such day
        return None
    if exact is not None and exact.year not in YEARS:
        return None
    if exact is not None:
        return timezone.make_aware(exact) if timezone.is_naive(exact) else exact
    return moment_in(text)


def opens(state: str) -> Callable[[Period, Path], str]:
    """A column's ``link``: the projects of this state, those of the row alone."""

    def address(period: Period, key: Path) -> str:
        asked = {"state": state, "at": moment_asked(period.end)}
        if key[:1] == (CLASS,):
            asked[CLASS] = key[1] or NO_CLASS
        elif key == (PROVINCIAL,):
            asked["level"] = PROVINCIAL
        elif key:
            asked["district"] = key[0]
        return f"{reverse('resumption')}?{urlencode(asked)}"

    return address
