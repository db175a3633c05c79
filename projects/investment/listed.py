"""The address of the projects that a figure of investment counted, as recorded by its cut-off."""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse

from projects.house.blocks import Path, Period
from projects.register.counted import CLASS, NO_CLASS, PROVINCIAL, moment_asked

UNLIT: Final = "none"  # projects without a light
PHASE: Final = "phase"
TARGET: Final = "target"  # whether the running quarter has one
AIMED, NOT_AIMED = "set", "none"


def opens(light: str = "", by: str = "") -> Callable[[Period, Path], str]:
    """A column's ``link``: the projects of the row, with this light if one is named.

    ``by`` is what the row's key is; a class or the provincial ones say so themselves, and others
    are districts.
    """

    def address(period: Period, key: Path) -> str:
        asked: dict[str, Any] = {"at": moment_asked(period.end)}
        if light:
            asked["light"] = light
        if key[:1] == (CLASS,):
            asked[CLASS] = key[1] or NO_CLASS
        elif key == (PROVINCIAL,):
            asked["level"] = PROVINCIAL
        elif key:
            asked[by or "district"] = key[-1]
        return f"{reverse('investment')}?{urlencode(asked)}"

    return address
