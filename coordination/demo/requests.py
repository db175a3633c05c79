"""The tickets of the demonstration: filed by enterprises with their keys, worked by the groups."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from coordination.demo.catalogue import CUT_OFF_DAY
from coordination.demo.companies import HELPED
from coordination.demo.courses import COURSES, SEASONS, Deed, Season, Who
from coordination.demo.diary import Diary, later, moment
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

KEY_NAME = "示例系统"


@dataclass
class Keyring:
    """One key for each enterprise that files, issued when it first does."""

    by: Officer
    keys: dict[int, ApiKey] = field(default_factory=dict)

    def key_of(self, enterprise: Enterprise) -> ApiKey:
        """The enterprise's key; its secret is nobody's."""
        if enterprise.pk not in self.keys:
            key, _token = issue_key(enterprise=enterprise, name=KEY_NAME, by=self.by)
            self.keys[enterprise.pk] = key
        return self.keys[enterprise.pk]


@dataclass
class Case:
    """One ticket on its course."""

    entry: Entry
    staff: Staff
    keyring: Keyring
    ticket: Ticket | None = None

    @property
    def filed(self) -> Ticket:
        """The ticket, as it is now."""
        if self.ticket is None:
            raise AssertionError("a deed was noted before the filing")
        return self.ticket

    def file(self, wanted: dict[str, Any]) -> None:
        """The owner files it for its project."""
        owner = self.entry.owner
        self.ticket = submit(
            project=self.entry.project, enterprise=owner, **wanted, by=self.keyring.key_of(owner)
        )

    def do(self, deed: Deed) -> None:
        """One step of the course, by whoever has to."""
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
            met = line.asked // 2 if part else line.asked
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


def note_requests(diary: Diary, entries: list[Entry], staff: Staff) -> None:
    """Note every ticket with its whole course; every seventh is for the project that was named."""
    keyring = Keyring(by=staff.duty_desk)
    due = [entry for entry in entries if entry.planned.is_due]
    helped = next(entry for entry in due if entry.planned.name == HELPED)
    number = 0
    for season in SEASONS:
        for index in range(season.count):
            number += 1
            named = season.kind == "vehicle_pass" and number % 7 == 0
            entry = helped if named else due[number * 7 % 120]
            course = COURSES[season.courses[index % len(season.courses)]]
            case = Case(entry, staff, keyring)
            _note_case(
                diary,
                case,
                wish(season.kind, number, at := _filing_time(season, index)),
                at,
                course,
            )


def _note_case(
    diary: Diary, case: Case, wanted: dict[str, Any], at: datetime, course: tuple[Deed, ...]
) -> None:
    diary.note(at, partial(case.file, wanted))
    for deed in course:
        at = later(at, deed.hours)
        diary.note(at, partial(case.do, deed))
