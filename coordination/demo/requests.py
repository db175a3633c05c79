"""The tickets of the demonstration: filed by enterprises with their keys, worked by the groups."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Final

from coordination.demo.catalogue import CUT_OFF_DAY
from coordination.demo.companies import HELPED
from coordination.demo.courses import COURSES, SEASONS, SEQUELS, Deed, Season, Who
from coordination.demo.diary import OPENING, Diary, later, moment
from coordination.demo.enrolment import Entry
from coordination.demo.people import Staff
from coordination.demo.wishes import wish
from coordination.staff.models import Officer
from coordination.tickets.filing.submit import submit
from coordination.tickets.flow import Verb
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.registry import perform
from projects.access.keys import issue_key
from projects.access.models import ApiKey
from projects.register.models import Enterprise

KEY_NAME: Final = "示例系统"
_LEFT_ALONE: Final = 5  # of what was open on 9 March one in so many is worked on no more


@dataclass
class Keyring:
    """One key for each enterprise that files, issued when it first does."""

    by: Officer
    keys: dict[int, ApiKey] = field(default_factory=dict)

    def key_of(self, enterprise: Enterprise) -> ApiKey:
        """The enterprise's key; its secret is nobody's."""
        if enterprise.pk not in self.keys:
            self.keys[enterprise.pk] = self._issued(enterprise) or self._issue(enterprise)
        return self.keys[enterprise.pk]

    def _issued(self, enterprise: Enterprise) -> ApiKey | None:
        own = ApiKey.objects.filter(enterprise=enterprise, name=KEY_NAME, revoked_at=None)
        return own.order_by("pk").first()

    def _issue(self, enterprise: Enterprise) -> ApiKey:
        key, _token = issue_key(enterprise=enterprise, name=KEY_NAME, by=self.by)
        return key


@dataclass(frozen=True)
class Filing:
    """One ticket of the data set on paper: when it is filed, and when each step is taken."""

    number: int
    kind: str
    at: datetime
    steps: tuple[tuple[datetime, Deed], ...]


@dataclass
class Case:
    """One ticket on its course; ``steps`` of it have been taken."""

    filing: Filing
    entry: Entry
    staff: Staff
    keyring: Keyring
    ticket: Ticket | None = None
    steps: int = 0

    @property
    def filed(self) -> Ticket:
        """The ticket, as it is now."""
        if self.ticket is None:
            raise AssertionError("a deed was noted before the filing")
        return self.ticket

    @property
    def is_over(self) -> bool:
        """Nothing of its course is left."""
        return self.ticket is not None and self.steps >= len(self.filing.steps)

    def file(self) -> None:
        """The owner files it for its project."""
        owner, filing = self.entry.owner, self.filing
        wanted = wish(filing.kind, filing.number, filing.at)
        self.ticket = submit(
            project=self.entry.project, enterprise=owner, **wanted, by=self.keyring.key_of(owner)
        )

    def do(self, step: int) -> None:
        """One step of the course, by whoever has to."""
        deed = self.filing.steps[step][1]
        self.steps = step + 1
        by = self._actor(deed.who)
        if deed.verb is Verb.FULFIL:
            self._fulfil(by, part=deed.part)
        elif deed.verb is Verb.WRITE_OFF and self.filed.ever_red:
            self._write_off_by_two(by, deed.inputs)
        else:
            inputs = {**deed.inputs, **self._settled_by(deed)}
            self.ticket = perform(deed.verb, ticket=self.filed, by=by, **inputs)

    def _write_off_by_two(self, by: Officer | ApiKey, inputs: dict[str, Any]) -> None:
        """What was ever overdue is signed for by the lead, and countersigned by the centre."""
        self.ticket = perform(Verb.SIGN_OFF, ticket=self.filed, by=by, **inputs)
        self.ticket = perform(Verb.COUNTERSIGN, ticket=self.filed, by=self.staff.duty_desk)

    def _actor(self, who: Who) -> Officer | ApiKey:
        if who is Who.FILER:
            return self.keyring.key_of(self.entry.owner)
        team = self.staff.team_of(self.filed.group_id)
        if who is Who.LEAD:
            return team.lead
        return self.filed.handler or team.liaisons[0]

    def _fulfil(self, by: Officer | ApiKey, *, part: bool) -> None:
        for line in KINDS[self.filed.kind].lines_of(self.filed.pk):
            met = line.asked // 2 if part else line.asked - line.met
            if met:
                self.ticket = perform(
                    Verb.FULFIL, ticket=self.filed, line=line.position, quantity=Decimal(met), by=by
                )

    def _settled_by(self, deed: Deed) -> dict[str, Any]:
        """The inputs that follow from the ticket itself."""
        if deed.verb is Verb.PASS_ON:
            teams = self.staff.teams
            ordinal = self.staff.team_of(self.filed.group_id).group.ordinal
            return {"group": teams[ordinal % len(teams)].group}
        if deed.verb is Verb.RESOLVE:
            lines = KINDS[self.filed.kind].lines_of(self.filed.pk)
            short = [line.position for line in lines if line.met < line.asked]
            return {"reasons": dict.fromkeys(short, "其余部分企业已自行解决（示例）。")}
        return {}


def _filing_time(season: Season, index: int) -> datetime:
    """Evenly over the season's days, in the morning or early afternoon."""
    days = (season.last - season.first).days + 1
    day = season.first + timedelta(days=index * days // season.count)
    latest = 8 if day == CUT_OFF_DAY else 6  # on the cut-off day a little later, still before it
    return moment(day, 9 + index % latest % 6, index * 11 % 60)


def _steps(
    season: Season, number: int, at: datetime, course: str
) -> Iterator[tuple[datetime, Deed]]:
    """The course from the filing on, and what follows of it once the demonstration runs."""
    for deed in COURSES[course]:
        at = later(at, deed.hours)
        yield at, deed
    if season.last > CUT_OFF_DAY or number % _LEFT_ALONE == 0:
        return
    at = later(OPENING, number * 3 % 30)
    for deed in SEQUELS.get(course, ()):
        at = later(at, deed.hours)
        yield at, deed


def filings() -> Iterator[Filing]:
    """Every ticket of the data set, on paper."""
    number = 0
    for season in SEASONS:
        for index in range(season.count):
            number += 1
            at, course = _filing_time(season, index), season.courses[index % len(season.courses)]
            yield Filing(number, season.kind, at, tuple(_steps(season, number, at, course)))


def cases_of(entries: list[Entry], staff: Staff) -> list[Case]:
    """Each ticket with its project; every seventh is for the project that was named."""
    keyring = Keyring(by=staff.duty_desk)
    due = [entry for entry in entries if entry.planned.is_due]
    helped = next(entry for entry in due if entry.planned.name == HELPED)
    cases = []
    for filing in filings():
        named = filing.kind == "vehicle_pass" and filing.number % 7 == 0
        entry = helped if named else due[filing.number * 7 % 120]
        cases.append(Case(filing, entry, staff, keyring))
    return cases


def note_requests(diary: Diary, cases: list[Case]) -> None:
    """Note every ticket with its whole course."""
    for case in cases:
        diary.note(case.filing.at, case.file)
        for step, (at, _deed) in enumerate(case.filing.steps):
            diary.note(at, partial(case.do, step))
