"""What the data set has of the time after its opening, played as the clock passes it.

Each deed is done once: its ticket's row or its report says that it was. A deed that the desk
refuses by now, because a visitor was there before, is left out.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime
from functools import cache, partial

from coordination.demo.catalogue import WEIGHTS, batch
from coordination.demo.diary import OPENING, Diary
from coordination.demo.enrolment import Entry
from coordination.demo.models import DemoCase, DemoProgress
from coordination.demo.people import ORDINALS, STEMS, Staff, Team
from coordination.demo.reporting import accounts, note_reports
from coordination.demo.requests import Case, cases_of, filings
from coordination.groups.models import Assignment, ServiceGroup
from coordination.staff.models import Officer
from projects.record.clock import change, now
from projects.record.refusals import Refusal
from projects.register.models import District, Project, ProjectParticipant

log = logging.getLogger(__name__)


@cache
def moments() -> tuple[datetime, ...]:
    """Every moment after the opening at which the data set has something happen, in order."""
    told = accounts(batch({code: code for code in WEIGHTS}))
    stepped = [at for filing in filings() for at, _deed in filing.steps]
    every = {each.at for each in told} | {each.at for each in filings()} | set(stepped)
    return tuple(sorted(each for each in every if each > OPENING))


class Player:
    """Plays what is due, again and again; by one process at a time: see forward.py."""

    def __init__(self) -> None:
        self._deeds: list[tuple[datetime, Callable[[], object]]] = []
        self._made_on: date | None = None

    def play_due(self) -> None:
        """Do what is due by now and was not done."""
        progress, at = DemoProgress.objects.first(), now()
        if progress is None or not _has_moment(progress.played_until, at):
            return
        for moment, deed in self._deeds_on(at.date()):
            if progress.played_until < moment <= at:
                deed()
        DemoProgress.objects.filter(played_until__lt=at).update(played_until=at)

    def _deeds_on(self, day: date) -> list[tuple[datetime, Callable[[], object]]]:
        """In order; made anew each day, as who serves which project changes."""
        if self._made_on != day:
            self._deeds, self._made_on = _whole_diary().ordered(), day
        return self._deeds


def _has_moment(after: datetime, until: datetime) -> bool:
    return any(after < each <= until for each in moments())


def _whole_diary() -> Diary:
    """Everything of the data set, on the rows of the database."""
    entries, diary = _entries(), Diary()
    note_reports(diary, entries, leave_out_report_of=None)
    diary.entries = [(at, place, _unless_refused(deed)) for at, place, deed in diary.entries]
    for case in cases_of(entries, _staff()):
        diary.note(case.filing.at, partial(_file, case))
        for step, (at, _deed) in enumerate(case.filing.steps):
            diary.note(at, partial(_step, case, step))
    return diary


def _unless_refused(deed: Callable[[], object]) -> Callable[[], None]:
    def attempt() -> None:
        try:
            deed()
        except Refusal as refusal:
            log.info("the demonstration leaves a deed out: %s", refusal)

    return attempt


def _file(case: Case) -> None:
    """File the ticket, and note that it was."""
    with change():
        if DemoCase.objects.filter(number=case.filing.number).exists():
            return
        _unless_refused(case.file)()
        if case.ticket is not None:
            DemoCase.objects.create(number=case.filing.number, ticket=case.ticket)


def _step(case: Case, step: int) -> None:
    """Take one step of the course, and note that it was."""
    with change():
        row = DemoCase.objects.select_for_update().filter(number=case.filing.number).first()
        if row is None or row.steps > step:
            return
        case.ticket = row.ticket
        _unless_refused(partial(case.do, step))()
        row.steps = step + 1
        row.save()


def _entries() -> list[Entry]:
    """The projects of the batch as they are now, with their owner and who answers for them."""
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
    """Everybody who works at the desk, by their names for logging in."""
    officers = {each.username: each for each in Officer.objects.all()}
    staff = Staff(officers["director"], officers["dutydesk"])
    for ordinal in range(1, len(ORDINALS) + 1):
        liaisons = [officers[f"liaison{ordinal}{place}"] for place in range(1, len(STEMS) + 1)]
        group = ServiceGroup.objects.get(code=f"group{ordinal}")
        staff.teams.append(Team(group, officers[f"lead{ordinal}"], liaisons))
    return staff
