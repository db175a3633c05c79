"""The daily reports: each resumption on its day, and where everyone stood on the cut-off day."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial

from coordination.demo.amounts import seeded
from coordination.demo.catalogue import CUT_OFF_DAY, SILENT_ON_CUT_OFF_DAY
from coordination.demo.diary import Diary, moment
from coordination.demo.enrolment import Entry
from projects.progress.report import report

WAITING = ("等待施工人员到岗。", "原材料未到场。", "防疫物资储备不足，正在验收。")


def _deed(entry: Entry, day: date, *, resumed: bool, problems: str = "") -> Callable[[], object]:
    random = seeded(f"{entry.planned.code}/{day}")
    required = random.randint(40, 400)
    on_site = required * random.randint(55, 98) // 100 if resumed else required // 20
    assert entry.assignment is not None  # noqa: S101 - served on the first day
    return partial(
        report, project=entry.project, day=day, resumed=resumed, workers_required=required,
        workers_on_site=on_site, problems=problems, by=entry.assignment.liaison,
        investment=Decimal(random.randint(5, 300)) if resumed else Decimal(0),
    )  # fmt: skip


def _reported_at(day: date, index: int) -> tuple[date, int, int]:
    """In the afternoon before five, when reports are due."""
    return day, 15 + index % 2, index * 7 % 55


def note_reports(diary: Diary, entries: list[Entry], *, leave_out_report_of: str | None) -> None:
    """Note every report of the projects that are due; of one, the reports may be left out."""
    due = [entry for entry in entries if entry.planned.is_due]
    silent = [entry.planned.code for entry in due if not entry.planned.resumed_on]
    left_out = {leave_out_report_of, *silent[:SILENT_ON_CUT_OFF_DAY]}
    for index, entry in enumerate(due):
        if entry.planned.code in left_out:
            continue
        resumed_on = entry.planned.resumed_on
        problems = "" if resumed_on else WAITING[index % len(WAITING)]
        for day in sorted({resumed_on or CUT_OFF_DAY, CUT_OFF_DAY}):
            deed = _deed(entry, day, resumed=bool(resumed_on), problems=problems)
            diary.note(moment(*_reported_at(day, index)), deed)
