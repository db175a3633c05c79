"""How many projects were planned to be at work and were, at several moments, in six queries.

The first moment is counted; for the later ones only what was recorded since is looked at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from projects.progress.models import DailyReport
from projects.progress.queries import reports_as_known_at
from projects.register.models import Phase, ProjectRevision
from projects.register.queries import exits_at, known_at, moves_between


@dataclass
class _Known:
    """Of each project its plan, its last report and whether it left, as recorded so far."""

    plans: dict[int, tuple[date | None, str]] = field(default_factory=dict)
    left: set[int] = field(default_factory=set)
    reports: dict[int, tuple[date, int, bool]] = field(default_factory=dict)

    def at(self, moment: datetime) -> tuple[int, int]:
        day = timezone.localdate(moment)
        planned = [
            project for project, (on, phase) in self.plans.items()
            if on is not None and on <= day and phase != Phase.PRELIMINARY
            and project not in self.left
        ]  # fmt: skip
        at_work = sum(project in self.reports and self.reports[project][2] for project in planned)
        return len(planned), at_work

    def move(self, project: int, *, has_left: bool) -> None:
        """The project left the register, or came back."""
        (self.left.add if has_left else self.left.discard)(project)

    def report(self, project: int, *said: Any) -> None:
        """A report of an earlier day than the last one changes nothing."""
        if project not in self.reports or said > self.reports[project]:
            self.reports[project] = said


def at_work_by_moment(moments: Sequence[datetime]) -> list[tuple[int, int]]:
    """Of each moment, given in their order: how many are planned to be at work, and how many are.

    The same as ``figures_at`` of the block of resumption counts for each of them.
    """
    first, last = moments[0], moments[-1]
    known = _Known()
    for row in known_at(first).values_list("project_id", "planned_resumption", "phase"):
        known.plans[row[0]] = row[1:]
    known.left = set(exits_at(first).values_list("project_id", flat=True))
    columns = ("project_id", "day", "revision", "resumed")
    for row in reports_as_known_at(first).values_list(*columns):
        known.report(*row)
    since: dict[str, Any] = {"recorded_at__gt": first, "recorded_at__lte": last}
    plans = _in_time(
        ProjectRevision.objects.filter(**since).order_by("recorded_at", "number"),
        "project_id",
        "planned_resumption",
        "phase",
    )
    reports = _in_time(DailyReport.objects.filter(**since).order_by("recorded_at"), *columns)
    moves = _InTime(moves_between(first, last))
    found = []
    for moment in moments:
        for row in plans.until(moment):
            known.plans[row[0]] = row[1:]
        for row in reports.until(moment):
            known.report(*row)
        for project, has_left in moves.until(moment):
            known.move(project, has_left=has_left)
        found.append(known.at(moment))
    return found


@dataclass
class _InTime:
    """Rows in the order of their time, taken up to one moment after the other."""

    rows: Sequence[tuple[Any, ...]]
    place: int = 0

    def until(self, moment: datetime) -> Iterator[tuple[Any, ...]]:
        while self.place < len(self.rows) and self.rows[self.place][0] <= moment:
            yield self.rows[self.place][1:]
            self.place += 1


def _in_time(rows: Any, *columns: str) -> _InTime:
    return _InTime(list(rows.values_list("recorded_at", *columns)))
