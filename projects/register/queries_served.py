"""By whom projects are served, where the address of a list narrows it to that.

Nothing is known of that here: an upper room fills :data:`SERVED_BY`. A list of a lower room can so
open the rows of a figure that a group's or an officer's board shows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from projects.register.models import Project


@dataclass(frozen=True)
class Served:
    """Who serves: his name in the address and its value, for people, and his projects."""

    name: str
    value: str
    words: str
    projects: QuerySet[Project]


# The name in the address -> who has this value there, at a moment; None where nobody does.
SERVED_BY: Final[dict[str, Callable[[str, datetime], Served | None]]] = {}


def served_in(given: Mapping[str, Any], at: datetime) -> list[Served]:
    """Who is named in an address; a value that names nobody is left out."""
    found = (find(given[name], at) for name, find in SERVED_BY.items() if given.get(name))
    return [each for each in found if each is not None]
