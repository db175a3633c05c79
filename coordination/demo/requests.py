"""The tickets of the demonstration: filed by enterprises with their keys, worked by the groups."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Final

from coordination.demo.catalogue import CUT_OFF_DAY
from coordination.demo.companies import HELPED
from coordination.demo.enrolment import Entry
from coordination.demo.filing_inputs import filing_inputs
from coordination.demo.people import Staff
from coordination.demo.scenarios import SCENARIOS, SEQUELS, TICKET_BATCHES, Action, TicketBatch, Who
from coordination.demo.schedule import OPENING, Schedule, later, moment
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
_LEFT_ALONE: Final = 5  # one in so many tickets open on 9 March stays open


@dataclass
class DemoKeys:
    """One key for each enterprise that files, issued at its first filing."""

    by: Officer
    keys: dict[int, ApiKey] = field(default_factory=dict)

    def key_of(self, enterprise: Enterprise) -> ApiKey:
        """The enterprise's key; its secret is discarded."""
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
    """One ticket of the data set: when it is filed, and when each step is taken."""

    number: int
    kind: str
    at: datetime
    steps: tuple[tuple[datetime, Action], ...]


@dataclass
class Case:
    """One ticket with its scenario, of which ``steps`` have been taken."""

    filing: Filing
    entry: Entry
    staff: Staff
    keys: DemoKeys
    ticket: Ticket | None = None
    steps: int = 0

    @property
    def filed(self) -> Ticket:
        """The ticket, as it is now."""
        if self.ticket is None:
            raise AssertionError("an action was scheduled before the filing")
        return self.ticket

    @property
    def is_over(self) -> bool:
        """Whether no step of its scenario is left."""
        return self.ticket is not None and self.steps >= len(self.filing.steps)

    def file(self) -> None:
        """The owner files it for its project."""
        owner, filing = self.entry.owner, self.filing
        wanted = filing_inputs(filing.kind, filing.number, filing.at)
        self.ticket = submit(
            project=self.entry.project, enterprise=owner, **wanted, by=self.keys.key_of(owner)
        )

    def do(self, step: int) -> None:
        """Take one step of the scenario, by the person of the step's role."""
        action = self.filing.steps[step][1]
        self.steps = step + 1
        by = self._actor(action.who)
        if action.verb is Verb.FULFIL:
            self._fulfil(by, part=action.part)
        elif action.verb is Verb.WRITE_OFF and self.filed.ever_red:
            self._write_off_by_two(by, action.inputs)
        else:
            inputs = {**action.inputs, **self._dependent_inputs(action)}
            self.ticket = perform(action.verb, ticket=self.filed, by=by, **inputs)

    def _write_off_by_two(self, by: Officer | ApiKey, inputs: dict[str, Any]) -> None:
        """Write off a ticket that was overdue: signed by the lead, countersigned by the centre."""
        self.ticket = perform(Verb.SIGN_OFF, ticket=self.filed, by=by, **inputs)
        self.ticket = perform(Verb.COUNTERSIGN, ticket=self.filed, by=self.staff.duty_desk)

    def _actor(self, who: Who) -> Officer | ApiKey:
        if who is Who.FILER:
            return self.keys.key_of(self.entry.owner)
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

    def _dependent_inputs(self, action: Action) -> dict[str, Any]:
        """The inputs that depend on the ticket."""
        if action.verb is Verb.PASS_ON:
            teams = self.staff.teams
            ordinal = self.staff.team_of(self.filed.group_id).group.ordinal
            return {"group": teams[ordinal % len(teams)].group}
        if action.verb is Verb.RESOLVE:
            lines = KINDS[self.filed.kind].lines_of(self.filed.pk)
            short = [line.position for line in lines if line.met < line.asked]
            return {"reasons": dict.fromkeys(short, "其余部分企业已自行解决（示例）。")}
        return {}


def _filing_time(batch: TicketBatch, index: int) -> datetime:
    """A time of filing: evenly over the batch's days, in the morning or early afternoon."""
    days = (batch.last - batch.first).days + 1
    day = batch.first + timedelta(days=index * days // batch.count)
    latest = 8 if day == CUT_OFF_DAY else 6  # on the cut-off day later, but before the cut-off
    return moment(day, 9 + index % latest % 6, index * 11 % 60)


def _steps(
    batch: TicketBatch, number: int, at: datetime, scenario: str
) -> Iterator[tuple[datetime, Action]]:
    """The steps of the scenario, and those that follow once the demonstration runs."""
    for action in SCENARIOS[scenario]:
        at = later(at, action.hours)
        yield at, action
    if batch.last > CUT_OFF_DAY or number % _LEFT_ALONE == 0:
        return
    at = later(OPENING, number * 3 % 30)
    for action in SEQUELS.get(scenario, ()):
        at = later(at, action.hours)
        yield at, action


def filings() -> Iterator[Filing]:
    """Every ticket of the data set, without the database."""
    number = 0
    for batch in TICKET_BATCHES:
        for index in range(batch.count):
            number += 1
            at = _filing_time(batch, index)
            scenario = batch.scenarios[index % len(batch.scenarios)]
            yield Filing(number, batch.kind, at, tuple(_steps(batch, number, at, scenario)))


def cases_of(entries: list[Entry], staff: Staff) -> list[Case]:
    """Each ticket with its project; every seventh pass is for the project that the city named."""
    keys = DemoKeys(by=staff.duty_desk)
    due = [entry for entry in entries if entry.planned.is_due]
    helped = next(entry for entry in due if entry.planned.name == HELPED)
    cases = []
    for filing in filings():
        named = filing.kind == "vehicle_pass" and filing.number % 7 == 0
        entry = helped if named else due[filing.number * 7 % 120]
        cases.append(Case(filing, entry, staff, keys))
    return cases


def schedule_requests(schedule: Schedule, cases: list[Case]) -> None:
    """Add the filing and all steps of every ticket to the schedule."""
    for case in cases:
        schedule.add(case.filing.at, case.file)
        for step, (at, _action) in enumerate(case.filing.steps):
            schedule.add(at, partial(case.do, step))
