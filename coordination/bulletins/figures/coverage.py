"""How many projects somebody answers for, one-to-one."""

from typing import Any

from coordination.bulletins.queries import register_at, served_at
from coordination.bulletins.week import Period


def count(period: Period) -> dict[str, Any]:
    """The projects on record at the cut-off, and those of them that were served."""
    return {
        "projects": register_at(period.end).count(),
        "served": served_at(period.end).count(),
    }
