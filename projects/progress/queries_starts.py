"""Which projects of phase new start were planned to start, and which have started (开工)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.utils import timezone

from projects.progress.queries import ever_at_work
from projects.register.models import Phase
from projects.register.queries import register_at

# Planned to start by the end of the year, those carried over from earlier years among them;
# planned by the day; those that have started, of them
# those whose day had not come or is not set; those that should have and have not.
YEAR: Final = "year"
DUE: Final = "due"
STARTED: Final = "started"
EARLY: Final = "early"
OVERDUE: Final = "overdue"


def starts_at(at: datetime, known_at: datetime | None = None) -> Mapping[str, frozenset[int]]:
    """The ids of the projects by what is said of them, as recorded up to that moment.

    A project has started from the first day on that a report says that work goes on; a pause later
    takes nothing from it. With ``known_at`` by the reports that were recorded up to that moment.
    """
    day = timezone.localdate(at)
    rows = register_at(at).filter(phase=Phase.NEW_START)
    planned = dict(rows.values_list("project_id", "planned_resumption"))
    last = date(day.year, 12, 31)
    due = frozenset(
        key for key, planned_for in planned.items() if planned_for and planned_for <= day
    )
    going = ever_at_work(at, known_at).filter(project__in=list(planned)).distinct("project_id")
    started = set(going.order_by("project_id").values_list("project_id", flat=True))
    return {
        YEAR: frozenset(key for key, each in planned.items() if each and each <= last),
        DUE: due,
        STARTED: frozenset(started),
        EARLY: frozenset(started - due),
        OVERDUE: due - started,
    }
