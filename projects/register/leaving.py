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
# What keeps a participation from being deleted: of ids of projects, what their enterprises filed
# from that moment on (None: ever), the reasons by project and enterprise.
type FiledOn = Callable[[Iterable[int], datetime | None], dict[tuple[int, int], list[str]]]
FILED_ON: Final[list[FiledOn]] = []


def what_was_filed(
    projects: Iterable[int], since: datetime | None
) -> dict[tuple[int, int], list[str]]:
    """Of each project and enterprise, every reason, for people, why its part must stay."""
    keys, found = list(projects), dict[tuple[int, int], list[str]]()
    for each in FILED_ON if keys else ():
        for key, reasons in each(keys, since).items():
            found.setdefault(key, []).extend(reasons)
    return found


def what_stands_on(project: int) -> list[str]:
    """Every reason, for people, why the project cannot be removed as registered in error."""
    return [reason for each in STANDS_ON for reason in each([project]).get(project, [])]
