"""The daily reports: resumptions, all projects on the cut-off day, and each day after."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Final

from coordination.demo.amounts import seeded
from coordination.demo.catalogue import (
    CUT_OFF_DAY,
    LAST_DAY,
    OPENS_ON,
    SILENT_ON_CUT_OFF_DAY,
    Planned,
)
from coordination.demo.enrolment import Entry
from coordination.demo.schedule import Schedule, moment
from projects.progress.models import DailyReport
from projects.progress.report import report

WAITING = ("等待施工人员到岗。", "原材料未到场。", "防疫物资储备不足，正在验收。")
_WORKED: Final = 5  # days of a week
_SATURDAY: Final = 5
# One in so many projects at work reports on a working day, and on a Monday.
_SHARE, _SHARE_ON_MONDAYS = 6, 2


@dataclass(frozen=True)
class Account:
    """One project's report for one day, and when it is filed."""

    planned: Planned
    day: date
    at: datetime
    resumed: bool
    problems: str = ""


def _reported_at(day: date, index: int) -> datetime:
    """A time in the afternoon before five, when reports are due."""
    return moment(day, 15 + index % 2, index * 7 % 55)


def _to_the_cut_off(due: list[Planned], left_out: set[str]) -> Iterator[Account]:
    for index, planned in enumerate(due):
        if planned.code in left_out:
            continue
        resumed_on = planned.resumed_on
        problems = "" if resumed_on else WAITING[index % len(WAITING)]
        for day in sorted({resumed_on or CUT_OFF_DAY, CUT_OFF_DAY}):
            at = _reported_at(day, index)
            yield Account(planned, day, at, bool(resumed_on), problems)


def _resumes_on(planned: Planned, place: int) -> date | None:
    """The day after the cut-off on which each remaining project resumes.

    Two overdue projects on each working day; those planned for later on their planned day.
    """
    if planned.is_due:
        working_days = place // 2
        return OPENS_ON + timedelta(days=working_days + 2 * ((working_days + 1) // _WORKED))
    return planned.planned_resumption


def _after_the_cut_off(everything: list[Planned]) -> Iterator[Account]:
    """Reports of each working day: of projects resuming, still waiting, and some at work."""
    place = 0
    for index, planned in enumerate(everything):
        if planned.planned_resumption is None or planned.planned_resumption > LAST_DAY:
            continue
        resumed_on = planned.resumed_on
        if resumed_on is None:
            resumed_on = _resumes_on(planned, place)
            place += planned.is_due
        yield from _days_of(planned, index, resumed_on)


def _days_of(planned: Planned, index: int, resumed_on: date | None) -> Iterator[Account]:
    for day in (OPENS_ON + timedelta(days=n) for n in range((LAST_DAY - OPENS_ON).days + 1)):
        resumed = resumed_on is not None and resumed_on <= day
        if not (day == resumed_on or _reports(index, day, resumed=resumed)):
            continue
        problems = "" if resumed else WAITING[index % len(WAITING)]
        yield Account(planned, day, _reported_at(day, index), resumed, problems)


def _reports(index: int, day: date, *, resumed: bool) -> bool:
    if day.weekday() >= _SATURDAY:
        return False
    share = _SHARE if day.weekday() else _SHARE_ON_MONDAYS
    return not resumed or (index + day.toordinal()) % share == 0


def accounts(batch: list[Planned]) -> list[Account]:
    """Every report of the data set."""
    due = [planned for planned in batch if planned.is_due]
    silent = [planned.code for planned in due if not planned.resumed_on]
    left_out = set(silent[:SILENT_ON_CUT_OFF_DAY])
    return [*_to_the_cut_off(due, left_out), *_after_the_cut_off(batch)]


def invested(planned: Planned, day: date) -> Decimal:
    """An example of what the project has invested in the month so far, in 万元.

    A twelfth of the year's plan by the end of the month, in proportion to its days.
    """
    whole = planned.annual * 10_000 / 12
    return (whole * day.day / monthrange(day.year, day.month)[1]).quantize(Decimal(1))


def _say(entry: Entry, account: Account) -> None:
    """File the report, unless the day was reported already, by this data set or a visitor."""
    reports = DailyReport.objects.filter(project=entry.project, day=account.day)
    if account.at >= moment(OPENS_ON, 0) and reports.exists():
        return
    random = seeded(f"{entry.planned.code}/{account.day}")
    required = random.randint(40, 400)
    on_site = required * random.randint(55, 98) // 100 if account.resumed else required // 20
    assert entry.assignment is not None  # noqa: S101 - served on the first day
    report(
        project=entry.project, day=account.day, resumed=account.resumed,
        workers_required=required, workers_on_site=on_site, problems=account.problems,
        by=entry.assignment.liaison,
        month_investment=invested(entry.planned, account.day) if account.resumed else Decimal(0),
    )  # fmt: skip


def schedule_reports(schedule: Schedule, entries: list[Entry]) -> None:
    """Add every report to the schedule."""
    by_code = {entry.planned.code: entry for entry in entries}
    batch = [entry.planned for entry in entries]
    for account in accounts(batch):
        entry = by_code[account.planned.code]
        schedule.add(account.at, partial(_say, entry, account))
