"""What upper rooms say of a project that is to leave the register.

They fill these in their ``room.py``; the register does not know by whom.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

# Why a project cannot be removed as registered in error: of ids, the reasons by project.
type StandsOn = Callable[[Iterable[int]], dict[int, list[str]]]
STANDS_ON: Final[list[StandsOn]] = []
# What ends with the project's exit, of whatever kind: of ids, at that moment, by that officer.
type EndsWith = Callable[[Iterable[int], datetime, Any], None]
ENDS_WITH: Final[list[EndsWith]] = []


def what_stands_on(project: int) -> list[str]:
    """Every reason, for people, why the project cannot be removed as registered in error."""
    return [reason for each in STANDS_ON for reason in each([project]).get(project, [])]
