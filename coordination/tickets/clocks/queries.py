"""Service hours, calendar and terms, read by one query."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from coordination.tickets.flow import RUNNING
from coordination.tickets.models import Ticket
from coordination.tickets.stages import Stage
from projects.record.refusals import FieldError, Invalid
from projects.worktime.calendar import Calendar, day_of, is_announced
from projects.worktime.models import CalendarYear
from projects.worktime.queries import COLUMNS, read_calendar
from projects.worktime.spans import Span

_LAST_QUARTER: Final = 10  # from this month on, deadlines begin to reach into the next year
_ROWS: Final = f"""
    SELECT {COLUMNS},
        (SELECT COALESCE(json_agg(json_build_array(stage, kind, urgency, amount, unit)), '[]')
                FROM tickets_term)::text
"""  # noqa: S608 - names of our own


@dataclass(frozen=True)
class Rules:
    """The calendar and the terms, as they are now."""

    calendar: Calendar
    terms: dict[tuple[str, str, str], Span]

    def term(self, stage: Stage, kind: str = "", urgency: str = "") -> Span:
        """The term in force: the row for the kind before any other, then that for the urgency."""
        for key in ((kind, urgency), (kind, ""), ("", urgency), ("", "")):
            if (stage.value, *key) in self.terms:
                return self.terms[stage.value, *key]
        raise Invalid([_missing(_("No term is set for this: the centre must enter it first."))])


def rules() -> Rules:
    """Everything that a clock runs by. Raises Invalid where the desk has no service hours."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS)
        found = _read(*cursor.fetchone())
    if not found.calendar.hours:
        raise Invalid([_missing(_("The centre must enter its service hours first."))])
    return found


def unknown_year(at: datetime) -> int | None:
    """The year that deadlines need and whose working days are not entered yet.

    That is the current one, or in its last quarter the next; None where both are known.
    """
    today = day_of(at)
    needed = [today.year, today.year + 1] if today.month >= _LAST_QUARTER else [today.year]
    unknown = [year for year in needed if not is_announced(year)]
    entered = set(CalendarYear.objects.filter(year__in=unknown).values_list("year", flat=True))
    return next((year for year in unknown if year not in entered), None)


def count_provisional() -> int:
    """How many tickets run on a provisional deadline."""
    return Ticket.objects.filter(
        awaits_year__isnull=False, due_is_provisional=True, status__in=RUNNING
    ).count()


def _missing(message: Any) -> FieldError:
    return FieldError(("urgency",), message, "terms-missing")


@lru_cache(maxsize=8)
def _read(hours: str, overrides: str, years: str, terms: str) -> Rules:
    """Built once for the same rows."""
    spans = {
        (stage, kind, urgency): Span(amount, unit)
        for stage, kind, urgency, amount, unit in json.loads(terms)
    }
    return Rules(read_calendar(hours, overrides, years), spans)
