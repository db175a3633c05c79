"""The check-off ledger: any history, counted again by plain Python from what was done."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.bulletins.week import SHANGHAI, week_to
from coordination.tickets import block_tickets as weekly
from coordination.tickets.flow import ENDED, Verb
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.handover import hand_over, take_on
from coordination.tickets.verbs.registry import perform
from coordination.workbench.ledger.book import Ledger, ledger
from coordination.workbench.ledger.queries import By, Column, entries
from coordination.workbench.ledger.span import Span
from projects.record.clock import clock_at
from projects.register.registration import add_participant
from tests.factories.coordination import Desk, desk, filed, project

pytestmark = pytest.mark.django_db
END: Final = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
START: Final = END - timedelta(days=7)
BEGIN: Final = END - timedelta(days=14)
INSTANT: Final = timedelta(microseconds=1)
HISTORIES: Final = int(os.environ.get("LEDGER_HISTORIES", "10"))  # a full run asks for 10,000
KINDS: Final = ("vehicle_pass", "worker_return")
OPEN: Final = {"submitted", "in_progress", "need_info", "resolved"}
INPUTS: Final[dict[Verb, dict[str, Any]]] = {
    Verb.ACCEPT: {},
    Verb.ASK: {"question": "哪条路线"},
    Verb.SUPPLEMENT: {"answer": "连霍高速"},
    Verb.DECLINE: {"reason": "不属于"},
    Verb.WITHDRAW: {"reason": "已解决"},
    Verb.RESOLVE: {"result": "已协调", "reasons": {1: "无法满足"}},
    Verb.CONFIRM: {"satisfaction": 5},
    Verb.WRITE_OFF: {"follow_up": "已回访"},
    Verb.SIGN_OFF: {"follow_up": "已回访"},
    Verb.COUNTERSIGN: {},
    Verb.REDO: {"reason": "未放行"},
    Verb.REOPEN: {"reason": "再次出现"},
    Verb.PASS_ON: {"reason": "应由该组办理"},
    Verb.FULFIL: {"line": 1, "quantity": Decimal(1)},
}
NEXT: Final = {
    "submitted": (Verb.ACCEPT, Verb.ACCEPT, Verb.PASS_ON, Verb.ASK, Verb.DECLINE, Verb.WITHDRAW),
    "in_progress": (Verb.RESOLVE, Verb.RESOLVE, Verb.PASS_ON, Verb.ASK, Verb.WITHDRAW),
    "need_info": (Verb.SUPPLEMENT, Verb.DECLINE, Verb.WITHDRAW),
    "resolved": (Verb.CONFIRM, Verb.WRITE_OFF, Verb.REDO),
    "closed": (Verb.REOPEN,),
    "declined": (Verb.REOPEN,),
    "withdrawn": (),
}
BY_CLIENT: Final = {Verb.SUPPLEMENT, Verb.WITHDRAW, Verb.CONFIRM, Verb.REDO}
BY_CENTRE: Final = {Verb.WRITE_OFF, Verb.SIGN_OFF}
FATES: Final = {"closed": "written_off", "declined": "declined", "withdrawn": "withdrawn"}

moves = st.tuples(st.integers(0, 3), st.integers(0, 59))
deeds = st.one_of(moves, moves, moves, moves, st.sampled_from((*KINDS, "hand over")))
histories = st.lists(
    st.tuples(st.integers(0, 16 * 24) | st.sampled_from([168, 336]), deeds),
    min_size=15, max_size=50,
).map(lambda steps: sorted(steps, key=lambda step: step[0]))  # fmt: skip


@dataclass
class Known:
    """A ticket as the diary knows it."""

    pk: int
    kind: str
    group: int
    status: str = "submitted"


@dataclass
class Diary:
    """What was done, noted beside the database: (when, ticket, kind, group, column)."""

    here: Desk
    tickets: list[Known] = field(default_factory=list)
    noted: list[tuple[datetime, int, str, int, str]] = field(default_factory=list)
    stood: list[tuple[datetime, int, str, int, str]] = field(default_factory=list)
    serving: str = "own"
    did: Counter[tuple[int, Verb]] = field(default_factory=Counter)

    def note(self, at: datetime, ticket: Known, *columns: str) -> None:
        for column in columns:
            self.noted.append((at, ticket.pk, ticket.kind, ticket.group, column))
        self.stood.append((at, ticket.pk, ticket.kind, ticket.group, ticket.status))

    def write(self, at: datetime, deed: Any) -> None:
        if deed == "hand over":
            self.hand_over(at)
        elif isinstance(deed, str):
            ticket = Known(filed(self.here, deed).pk, deed, self.group_of(self.serving).pk)
            self.tickets.append(ticket)
            self.note(at, ticket, "filed")
        elif self.tickets:
            self.do(at, self.tickets[deed[0] % len(self.tickets)], deed[1])

    def group_of(self, side: str) -> Any:
        return self.here.group if side == "own" else self.here.other_group

    def move(self, at: datetime, ticket: Known, to: int) -> None:
        self.noted.append((at, ticket.pk, ticket.kind, ticket.group, "moved_out"))
        ticket.group = to
        self.note(at, ticket, "moved_in")

    def hand_over(self, at: datetime) -> None:
        before, here = self.group_of(self.serving).pk, self.here
        if here.project.assignments.filter(during__startswith=at).exists():
            return  # handed over at this very instant already
        self.serving = "other" if self.serving == "own" else "own"
        after = self.group_of(self.serving)
        liaison = here.liaison if self.serving == "own" else here.other_liaison
        hand_over(
            project=here.project, group=after, liaison=liaison, reason="调整", by=here.duty_desk
        )
        for ticket in self.tickets:
            if ticket.status in OPEN and ticket.group == before:
                self.move(at, ticket, after.pk)

    def do(self, at: datetime, ticket: Known, choice: int) -> None:
        verbs = NEXT[ticket.status]
        verb = verbs[choice % len(verbs)] if verbs else None
        if verb is Verb.WRITE_OFF:
            verb = writing_off(Ticket.objects.get(pk=ticket.pk))
        most = {Verb.ASK: 2, Verb.PASS_ON: 2}
        if verb is None or self.did[ticket.pk, verb] == most.get(verb, -1):
            return
        self.did[ticket.pk, verb] += 1
        inputs, is_own = dict(INPUTS[verb]), ticket.group == self.here.group.pk
        if verb is Verb.PASS_ON:
            inputs["group"] = self.here.other_group if is_own else self.here.group
        lead = self.here.lead if is_own else self.here.other_lead
        by = self.here.key if verb in BY_CLIENT else self.here.director
        if verb in BY_CENTRE:
            by = self.here.duty_desk
        elif verb not in BY_CLIENT and verb is not Verb.COUNTERSIGN:
            by = lead
        row = perform(verb, ticket=Ticket.objects.get(pk=ticket.pk), by=by, **inputs)
        before, ticket.status = ticket.status, str(row.status)
        if verb is Verb.PASS_ON:
            self.move(at, ticket, inputs["group"].pk)
        else:
            self.note(at, ticket, *columns_of(before, ticket.status))

    def standing(self, at: datetime) -> dict[int, tuple[str, int, str]]:
        return {pk: (kind, group, is_) for when, pk, kind, group, is_ in self.stood if when <= at}

    def count(self, place: int) -> dict[Any, Counter[str]]:
        """The ledger by kind (0) or by group (1)."""
        found: dict[Any, Counter[str]] = {}

        def add(key: Any, column: str) -> None:
            found.setdefault(key, Counter())[column] += 1

        for at, name in ((START, "before"), (END, "after")):
            for stood in self.standing(at).values():
                if stood[2] in OPEN:
                    add(stood[place], name)
                if name == "after" and stood[2] == "resolved":
                    add(stood[place], "awaiting")
        for at, _pk, kind, group, column in self.noted:
            is_shown = place == 1 or not column.startswith("moved")
            if START < at <= END and is_shown:
                add((kind, group)[place], column)
        return found


def writing_off(ticket: Ticket) -> Verb:
    """One signature, or one of the two that a ticket which was ever red takes."""
    if not ticket.ever_red:
        return Verb.WRITE_OFF
    return Verb.COUNTERSIGN if ticket.awaits_countersignature else Verb.SIGN_OFF


def columns_of(before: str, after: str) -> list[str]:
    if before in OPEN and after in FATES:
        return [FATES[after]]
    if before in FATES and after in OPEN:
        return ["reopened"]
    return ["settled"] if after == "resolved" != before else []


@contextmanager
def forgotten() -> Iterator[None]:
    """Each history begins with an empty record."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def plain(book: Ledger) -> dict[Any, Counter[str]]:
    return {row.key: +row.figures for row in book.rows if +row.figures}


SPAN: Final = Span(START, END)


@settings(max_examples=HISTORIES, suppress_health_check=list(HealthCheck))
@given(histories)
def test_any_history(steps: list[tuple[int, Any]]) -> None:
    with forgotten():
        with clock_at(BEGIN - timedelta(days=1)):
            diary = Diary(desk())
        for hours, deed in steps:
            at = BEGIN + timedelta(hours=hours)
            with clock_at(at):
                diary.write(at, deed)
        by_kind, by_group = ledger(by=By.KIND, span=SPAN), ledger(by=By.GROUP, span=SPAN)
        assert plain(by_kind) == diary.count(0)
        assert plain(by_group) == diary.count(1)
        assert by_kind.reconciles
        assert by_group.reconciles
        for book in (by_kind, by_group):
            for row in book.rows:
                for column in book.columns:
                    found = entries(column, SPAN, {book.by: row.key})
                    assert found.count() == row.figures[column], (row.key, column)
        figures = weekly.count(week_to(END))
        for row in by_kind.rows:
            assert row.figures[Column.BEFORE] == figures[str(row.key)]["open_before"]
            assert row.figures[Column.AFTER] == figures[str(row.key)]["open_after"]


def test_every_end_has_its_column() -> None:
    assert set(FATES) == {str(status) for status in ENDED}


def worked(here: Desk, number: int) -> list[Ticket]:
    tickets = [filed(here) for _ in range(number)]
    for ticket in tickets:
        perform(Verb.ACCEPT, ticket=ticket, by=here.liaison)
    return tickets


def week_of_three(here: Desk) -> list[Ticket]:
    """Filed before: two; filed within: one. Of the three, one is passed on, one written off."""
    with clock_at(START - timedelta(days=1)):
        first, second = worked(here, 2)
    with clock_at(START + timedelta(days=1)):
        (third,) = worked(here, 1)
        perform(
            Verb.PASS_ON, ticket=first, by=here.liaison, group=here.other_group, reason="不属本组"
        )
        perform(Verb.RESOLVE, ticket=second, by=here.liaison, result="好", reasons={1: "无"})
        perform(Verb.WRITE_OFF, ticket=second, by=here.lead, follow_up="已回访")
    return [first, second, third]


def test_a_figure_opens_its_tickets() -> None:
    with clock_at(BEGIN):
        here = desk()
    first, second, third = week_of_three(here)
    scope = {By.GROUP: here.group.pk}
    opened = {
        column: sorted(entries(column, SPAN, scope).values_list("ticket_id", flat=True))
        for column in Column
    }
    nothing: dict[Column, list[int]] = {column: [] for column in Column}
    assert opened == nothing | {
        Column.BEFORE: [first.pk, second.pk],
        Column.FILED: [third.pk],
        Column.MOVED_OUT: [first.pk],
        Column.WRITTEN_OFF: [second.pk],
        Column.ENDED: [second.pk],
        Column.AFTER: [third.pk],
        Column.SETTLED: [second.pk],
        Column.IN_TIME: [second.pk],
        Column.OVERDUE: [third.pk],
        Column.FILED_IN_ALL: [first.pk, second.pk, third.pk],
        Column.SETTLED_IN_ALL: [second.pk],
    }


def test_a_handover_within_a_group_moves_nothing() -> None:
    with clock_at(BEGIN):
        here = desk()
    with clock_at(START + timedelta(days=1)):
        ticket = filed(here)
    with clock_at(START + timedelta(days=2)):
        hand_over(
            project=here.project, group=here.group, liaison=here.deputy, reason="轮岗",
            by=here.lead,
        )  # fmt: skip
    assert Ticket.objects.get(pk=ticket.pk).handler == here.deputy
    book = ledger(by=By.GROUP, span=SPAN)
    assert plain(book) == {here.group.pk: Counter(filed=1, after=1)}
    assert book.reconciles
    for column in (Column.MOVED_IN, Column.MOVED_OUT):
        assert not entries(column, SPAN, {}).exists()


def test_a_ticket_that_nobody_served_moves_in_once_it_is_taken_on() -> None:
    with clock_at(BEGIN):
        here, site = desk(), project()
        owns: dict[str, Any] = {"enterprise": here.enterprise, "role": "owner"}
        add_participant(project=site, start=BEGIN.date(), by=here.director, **owns)
    with clock_at(START + timedelta(days=1)):
        filed(here, project=site)
    with clock_at(START + timedelta(days=2)):
        take_on(project=site, group=here.group, liaison=here.liaison, by=here.duty_desk)
    book = ledger(by=By.GROUP, span=SPAN)
    assert plain(book) == {
        None: Counter(filed=1, moved_out=1), here.group.pk: Counter(moved_in=1, after=1),
    }  # fmt: skip
    assert book.reconciles


@pytest.mark.parametrize(
    ("moment", "figures"),
    [
        (START - INSTANT, Counter(before=1, after=1)),
        (START, Counter(before=1, after=1)),  # the last instant of the period before
        (START + INSTANT, Counter(filed=1, after=1)),
        (END, Counter(filed=1, after=1)),
        (END + INSTANT, Counter()),
    ],
)
def test_a_period_begins_after_its_start_and_holds_its_end(
    moment: datetime, figures: Counter[str]
) -> None:
    with clock_at(BEGIN):
        here = desk()
    with clock_at(moment):
        filed(here)
    book = ledger(by=By.GROUP, span=SPAN)
    assert plain(book) == ({here.group.pk: figures} if figures else {})
    for column, number in figures.items():
        assert entries(Column(column), SPAN, {By.GROUP: here.group.pk}).count() == number


def test_a_past_period_stays_as_it_was() -> None:
    with clock_at(BEGIN):
        here = desk()
    *_others, third = week_of_three(here)
    before = {by: plain(ledger(by=by, span=SPAN)) for by in By}
    with clock_at(END + timedelta(hours=1)):
        perform(Verb.WITHDRAW, ticket=third, by=here.key, reason="不需要了")
        hand_over(
            project=here.project, group=here.other_group, liaison=here.other_liaison,
            reason="调整", by=here.duty_desk,
        )  # fmt: skip
    assert {by: plain(ledger(by=by, span=SPAN)) for by in By} == before


def test_a_scope_narrows_and_shows_the_moves_of_its_group() -> None:
    with clock_at(BEGIN):
        here = desk()
    week_of_three(here)
    own = ledger(by=By.KIND, span=SPAN, scope={By.GROUP: here.group.pk})
    assert plain(own) == {
        "vehicle_pass": Counter(before=2, filed=1, moved_out=1, written_off=1, after=1, settled=1)
    }
    everywhere = ledger(by=By.PROJECT, span=SPAN, scope={By.KIND: "vehicle_pass"})
    assert plain(everywhere) == {
        here.project.pk: Counter(before=2, filed=1, written_off=1, after=2, settled=1)
    }
    assert Column.MOVED_IN not in everywhere.columns


def test_a_row_that_does_not_reconcile_says_by_how_much() -> None:
    with clock_at(BEGIN):
        here = desk()
    week_of_three(here)
    book = ledger(by=By.GROUP, span=SPAN)
    assert book.reconciles
    book.rows[0].figures[Column.AFTER] += 2
    assert book.rows[0].difference == 2
    assert not book.reconciles


@pytest.mark.parametrize("by", list(By))
def test_as_many_queries_for_three_tickets_as_for_thirty(by: By) -> None:
    with clock_at(BEGIN):
        here, other = desk(), desk()
    week_of_three(here)
    with CaptureQueriesContext(connection) as few:
        ledger(by=by, span=SPAN)
    with clock_at(START + timedelta(days=2)):
        worked(here, 9)
    week_of_three(other)
    with CaptureQueriesContext(connection) as many:
        ledger(by=by, span=SPAN)
    assert len(few) == len(many) <= 6
