"""Plays the data set's events after the opening, as the clock passes them.

Each action runs once: its ticket's row or its report shows that it has. An action that is refused,
because a visitor has changed the ticket, is left out.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime
from functools import cache, partial

from coordination.demo.catalogue import WEIGHTS, batch
from coordination.demo.enrolment import Entry
from coordination.demo.models import DemoCase, DemoProgress
from coordination.demo.people import ORDINALS, STEMS, Staff, Team
from coordination.demo.reporting import accounts, schedule_reports
from coordination.demo.requests import Case, cases_of, filings
from coordination.demo.schedule import OPENING, Schedule
from coordination.groups.models import Assignment, ServiceGroup
from coordination.staff.models import Officer
from projects.record.clock import change, now
from projects.record.refusals import Refusal
from projects.register.models import District, Project, ProjectParticipant

log = logging.getLogger(__name__)


@cache
def moments() -> tuple[datetime, ...]:
    """Every time after the opening at which the data set has an action, in order."""
    reports = accounts(batch({code: code for code in WEIGHTS}))
    stepped = [at for filing in filings() for at, _action in filing.steps]
    every = {each.at for each in reports} | {each.at for each in filings()} | set(stepped)
    return tuple(sorted(each for each in every if each > OPENING))


class Player:
    """Plays due actions, repeatedly; only one process at a time may: see forward.py."""

    def __init__(self) -> None:
        self._actions: list[tuple[datetime, Callable[[], object]]] = []
        self._made_on: date | None = None

    def play_due(self) -> None:
        """Run the actions that are due and have not run."""
        progress, at = DemoProgress.objects.first(), now()
        if progress is None:
            return
        if not any(progress.played_until < moment <= at for moment in moments()):
            return
        for moment, action in self._actions_on(at.date()):
            if progress.played_until < moment <= at:
                action()
        DemoProgress.objects.filter(played_until__lt=at).update(played_until=at)

    def _actions_on(self, day: date) -> list[tuple[datetime, Callable[[], object]]]:
        """The actions in order; made anew each day, because assignments change."""
        if self._made_on != day:
            self._actions, self._made_on = _full_schedule().ordered(), day
        return self._actions


def _full_schedule() -> Schedule:
    """All actions of the data set, for the rows in the database."""
    entries, schedule = _entries(), Schedule()
    schedule_reports(schedule, entries)
    schedule.entries = [
        (at, place, _unless_refused(action)) for at, place, action in schedule.entries
    ]
    for case in cases_of(entries, _staff()):
        schedule.add(case.filing.at, partial(_file, case))
        for step, (at, _action) in enumerate(case.filing.steps):
            schedule.add(at, partial(_step, case, step))
    return schedule


def _unless_refused(action: Callable[[], object]) -> Callable[[], None]:
    def attempt() -> None:
        try:
            action()
        except Refusal as refusal:
            log.info("the demonstration leaves out an action: %s", refusal)

    return attempt


def _file(case: Case) -> None:
    """File the ticket, and record that it was filed."""
    with change():
        if DemoCase.objects.filter(number=case.filing.number).exists():
            return
        _unless_refused(case.file)()
        if case.ticket is not None:
            DemoCase.objects.create(number=case.filing.number, ticket=case.ticket)


def _step(case: Case, step: int) -> None:
    """Take one step of the scenario, and record it."""
    with change():
        row = DemoCase.objects.select_for_update().filter(number=case.filing.number).first()
        if row is None or row.steps > step:
            return
        case.ticket = row.ticket
        _unless_refused(partial(case.do, step))()
        row.steps = step + 1
        row.save()


def _entries() -> list[Entry]:
    """The projects of the batch as they are now, with their owner and assigned officers."""
    plan = batch(dict(District.objects.values_list("code", "name")))
    projects = {each.code: each for each in Project.objects.filter(batch__year=2020)}
    owning = ProjectParticipant.objects.filter(role="owner").select_related("enterprise")
    owners = {each.project_id: each.enterprise for each in owning.order_by("pk")}
    serving = Assignment.objects.select_related("liaison", "group").order_by("pk")
    latest = {each.project_id: each for each in serving}
    return [
        Entry(planned, row, owners[row.pk], latest.get(row.pk))
        for planned, row in ((each, projects[each.code]) for each in plan)
    ]


def _staff() -> Staff:
    """The officers of the desk, found by their user names."""
    officers = {each.username: each for each in Officer.objects.all()}
    staff = Staff(
        officers["director"], officers["dutydesk"], officers["leader1"], officers["district1"]
    )
    for ordinal in range(1, len(ORDINALS) + 1):
        liaisons = [officers[f"liaison{ordinal}{place}"] for place in range(1, len(STEMS) + 1)]
        group = ServiceGroup.objects.get(code=f"group{ordinal}")
        staff.teams.append(Team(group, officers[f"lead{ordinal}"], liaisons))
    return staff
