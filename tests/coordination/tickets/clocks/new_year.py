"""The turn of the year 2026 to 2027, of which no day off is entered yet.

31 December 2026 is a Thursday. By weekdays Friday 1 January is worked; it is off in truth.
"""

from datetime import date, datetime
from typing import Any

import pytest

from coordination.escalation.escalate import sweep
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.reckon_again import reckon_all_again
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at
from projects.worktime.calendar import SHANGHAI
from projects.worktime.models import CalendarOverride, CalendarYear
from tests.factories.coordination import Desk, desk, filed

NEW_YEAR = {date(2027, 1, 1): False}


def on(day: int, hour: int = 9, minute: int = 0, month: int = 1, year: int = 2027) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def december(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return on(day, hour, minute, 12, 2026)


def desk_without_years() -> Desk:
    """A desk that has entered no year; the test bed has entered the coming ones."""
    CalendarYear.objects.all().delete()
    with clock_at(december(28)):
        return desk()


@pytest.fixture
def at() -> Desk:
    """Such a desk, for the tests that import it."""
    return desk_without_years()


def file(at: Desk, moment: datetime, **values: Any) -> Ticket:
    with clock_at(moment):
        return filed(at, **values)


def do(verb: str, ticket: Ticket, by: Any, moment: datetime, **inputs: Any) -> Ticket:
    with clock_at(moment):
        perform(verb, ticket=ticket, by=by, **inputs)
    return Ticket.objects.get(pk=ticket.pk)


def handled(at: Desk) -> Ticket:
    """Accepted on Thursday 31 December; by weekdays due on Tuesday 5 January, 17:00."""
    ticket = file(at, december(31))
    return do("accept", ticket, at.liaison, december(31))


def enter(days: dict[date, bool] | None = None, year: int = 2027) -> None:
    """What the centre enters, without the admin."""
    for day, worked in (NEW_YEAR if days is None else days).items():
        CalendarOverride.objects.create(day=day, is_working=worked, reason="国办通知")
    CalendarYear.objects.create(year=year, source="国办发明电")


def reckoned(moment: datetime) -> int:
    with clock_at(moment):
        return reckon_all_again()


def swept(*moments: datetime) -> None:
    """The worker looks for steps of the ladder at each of these moments."""
    for moment in moments:
        with clock_at(moment):
            sweep()
