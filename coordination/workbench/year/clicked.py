"""What entering clicked days would change in the working calendar."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from coordination.workbench.year.marks import Marks, differing
from projects.worktime.calendar import DAY, SATURDAY, Calendar, announced
from projects.worktime.models import CalendarOverride
from projects.worktime.queries import working_calendar


@dataclass(frozen=True)
class Run:
    """Days that are entered for one reason: days off with only days off between them, or one day.

    ``days`` are those of which a row is written; ``reason`` what is entered of them now.
    """

    days: tuple[date, ...]
    is_working: bool
    reason: str

    @property
    def first(self) -> date:
        """The first of the days."""
        return self.days[0]

    @property
    def last(self) -> date:
        """The last of the days."""
        return self.days[-1]


@dataclass(frozen=True)
class DaysPlan:
    """What would be entered: ``runs`` get rows, ``removed`` are as their notice or weekday again.

    ``calendar`` is the working calendar afterwards.
    """

    changes: Marks
    runs: tuple[Run, ...]
    rows: tuple[CalendarOverride, ...]  # of the changed days, as they are now
    calendar: Calendar

    @property
    def removed(self) -> list[CalendarOverride]:
        """The rows that are no longer needed."""
        written = {day for run in self.runs for day in run.days}
        return [each for each in self.rows if each.day not in written]

    @property
    def mark(self) -> str:
        """Differs whenever something else would be done."""
        rows = [(each.pk, each.day, each.is_working, each.reason) for each in self.rows]
        said = repr((sorted(self.changes.items()), [run.days for run in self.runs], rows))
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    def working_days(self, year: int) -> int:
        """How many days of the year are worked afterwards."""
        first, days = date(year, 1, 1), (date(year + 1, 1, 1) - date(year, 1, 1)).days
        return sum(self.calendar.is_working(first + timedelta(number)) for number in range(days))


def usual(day: date) -> bool:
    """Whether the day is worked where the staff entered nothing of it."""
    official = announced(day)
    return day.weekday() < SATURDAY if official is None else official


def plan_days(marks: Marks) -> DaysPlan:
    """Compare the clicked days with what is entered; writes nothing."""
    calendar = working_calendar()
    changes = differing(marks, calendar)
    after = with_marks(calendar, changes)
    rows = tuple(CalendarOverride.objects.filter(day__in=list(changes)).order_by("day"))
    written = [day for day, is_working in changes.items() if is_working != usual(day)]
    reasons = {each.day: each.reason for each in rows}
    return DaysPlan(changes, tuple(_runs(written, after, reasons)), rows, after)


def with_marks(calendar: Calendar, marks: Marks) -> Calendar:
    """The calendar as it would be with these days entered."""
    return replace(calendar, overrides={**calendar.overrides, **marks})


def _runs(days: list[date], after: Calendar, reasons: Mapping[date, str]) -> Iterator[Run]:
    waiting: list[date] = []
    for day in days:
        if waiting and not _belong_together(waiting[-1], day, after):
            yield _run(waiting, after, reasons)
            waiting = []
        waiting.append(day)
    if waiting:
        yield _run(waiting, after, reasons)


def _belong_together(one: date, other: date, after: Calendar) -> bool:
    number = (other - one).days
    return not any(after.is_working(one + DAY * each) for each in range(number + 1))


def _run(days: list[date], after: Calendar, reasons: Mapping[date, str]) -> Run:
    said = {reasons.get(day, "") for day in days}
    return Run(tuple(days), after.is_working(days[0]), said.pop() if len(said) == 1 else "")
