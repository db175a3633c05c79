"""The figures of any history are those that plain Python counts from what was done.

``BULLETIN_HISTORIES=10000`` runs so many.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.bulletins.counting import count_blocks
from coordination.bulletins.week import SHANGHAI, week_to
from coordination.tickets.clocks.lights import Light, is_red
from coordination.tickets.clocks.past import clocks_at
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.queries_overdue import overdue_at, overdue_by
from coordination.tickets.verbs.handover import take_on
from coordination.tickets.verbs.registry import perform
from projects.progress.report import report
from projects.record.clock import clock_at
from projects.register.models import Project
from projects.register.registration import add_participant
from tests.coordination.groups.coverage_witness import coverage_told
from tests.factories.coordination import Desk, desk, filed, project

HISTORIES: Final = int(os.environ.get("BULLETIN_HISTORIES", "8"))
CUT_OFF = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
BEGIN = CUT_OFF - timedelta(days=14)
WEEK_BEGAN = CUT_OFF - timedelta(days=7)
KINDS = ("vehicle_pass", "worker_return", "material_supply")
ASKED = {"vehicle_pass": 1, "worker_return": 20, "material_supply": 380}  # by the lines filed
OPEN = {"submitted", "in_progress", "need_info", "resolved"}
OVER = {"closed", "declined", "withdrawn"}
INPUTS: dict[Verb, dict[str, Any]] = {
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
    Verb.FULFIL: {"line": 1, "quantity": Decimal(1)},
}
# The flow as the rules say it, said again; every step below is one that must succeed.
NEXT = {
    "submitted": (Verb.ACCEPT, Verb.ASK, Verb.DECLINE, Verb.WITHDRAW),
    "in_progress": (Verb.RESOLVE, Verb.RESOLVE, Verb.FULFIL, Verb.ASK, Verb.WITHDRAW),
    "need_info": (Verb.SUPPLEMENT, Verb.DECLINE, Verb.WITHDRAW),
    "resolved": (Verb.CONFIRM, Verb.WRITE_OFF, Verb.REDO),
    "closed": (Verb.REOPEN,),
    "declined": (Verb.REOPEN,),
    "withdrawn": (),
}
BY_CLIENT = {Verb.SUPPLEMENT, Verb.WITHDRAW, Verb.CONFIRM, Verb.REDO}
BY_LEAD = {Verb.WRITE_OFF, Verb.SIGN_OFF, Verb.REOPEN}


def writing_off(ticket: Ticket) -> Verb:
    """One signature, or one of the two that a ticket which was ever red takes."""
    if not ticket.ever_red:
        return Verb.WRITE_OFF
    return Verb.COUNTERSIGN if ticket.awaits_countersignature else Verb.SIGN_OFF


moves = st.tuples(st.integers(0, 2), st.integers(0, 59))
# What a report says: whether work goes on, of the workers those required and on site, and whose.
headcounts = st.none() | st.integers(0, 9)
reports = st.tuples(st.booleans(), headcounts, headcounts, st.integers(0, 4))
# A project that is to start so many days after the beginning, or next year.
starts = st.tuples(st.just("start"), st.integers(-3, 18) | st.just(400))
deeds = st.one_of(moves, moves, moves, st.sampled_from((*KINDS, "project")), reports, starts)
# Whole hours over 16 days: some fall on a boundary to the second, some after the cut-off.
histories = st.lists(
    st.tuples(st.integers(0, 16 * 24) | st.sampled_from([168, 336]), deeds),
    min_size=20, max_size=60,
).map(lambda steps: sorted(steps, key=lambda step: step[0]))  # fmt: skip


@dataclass
class Site:
    """A new start: when it was registered, its planned day, and what was reported of it when."""

    project: Project
    since: datetime
    day: date
    reports: list[tuple[datetime, bool, int | None, int | None]] = field(default_factory=list)

    def going_on(self, end: datetime) -> bool:
        """Reports were written in order, each for its own day, so the last one counts."""
        said = [resumed for at, resumed, *_workers in self.reports if at <= end]
        return said[-1] if said else False

    def has_started(self, end: datetime) -> bool:
        """On any day, by the last report of it."""
        last = {at.date(): resumed for at, resumed, *_workers in self.reports if at <= end}
        return any(last.values())

    def of_the_day(self, end: datetime) -> list[tuple[int | None, int | None]]:
        """The headcounts of each report of the day of the moment, as recorded by then."""
        return [
            (required, there)
            for at, _resumed, required, there in self.reports
            if at <= end and at.date() == end.date()
        ]


@dataclass
class Diary:
    """What was done, noted beside the database."""

    moves: list[tuple[datetime, int, str, str, str]] = field(default_factory=list)
    people: list[tuple[datetime, int]] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    projects: list[datetime] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    did: Counter[tuple[int, Verb]] = field(default_factory=Counter)
    red: dict[datetime, set[int]] = field(default_factory=dict)

    def file(self, at: datetime, here: Desk, kind: str) -> None:
        ticket = filed(here, kind)
        self.tickets.append(ticket)
        self.moves.append((at, ticket.pk, kind, "", ticket.status))

    def do(self, at: datetime, here: Desk, which: int, choice: int) -> None:
        ticket = Ticket.objects.get(pk=self.tickets[which % len(self.tickets)].pk)
        before, verbs = ticket.status, NEXT[ticket.status]
        if not verbs:
            return
        verb = verbs[choice % len(verbs)]
        verb = writing_off(ticket) if verb is Verb.WRITE_OFF else verb
        if self.did[ticket.pk, verb] == {Verb.FULFIL: ASKED[ticket.kind], Verb.ASK: 2}.get(verb):
            return
        self.did[ticket.pk, verb] += 1
        by = here.key if verb in BY_CLIENT else here.lead if verb in BY_LEAD else here.liaison
        by = here.director if verb is Verb.COUNTERSIGN else by
        after = perform(verb, ticket=ticket, by=by, **INPUTS[verb]).status
        self.moves.append((at, ticket.pk, ticket.kind, before, after))
        if verb is Verb.FULFIL and ticket.kind == "worker_return":
            self.people.append((at, 1))

    def write(self, at: datetime, here: Desk, deed: Any) -> None:
        if isinstance(deed, tuple) and isinstance(deed[0], bool):
            resumed, required, there, which = deed
            site = self.sites[which % len(self.sites)]
            report(
                project=site.project, day=at.date(), resumed=resumed, workers_required=required,
                workers_on_site=there, reason="更正", halt="" if resumed else "weather",
                by=here.liaison,
            )  # fmt: skip
            site.reports.append((at, resumed, required, there))
        elif isinstance(deed, tuple) and deed[0] == "start":
            day = BEGIN.date() + timedelta(days=deed[1])
            row = project(planned_resumption=day, phase="new_start")
            self.sites.append(Site(row, at, day))
        elif deed == "project":
            project()
            self.projects.append(at)
        elif isinstance(deed, str):
            self.file(at, here, deed)
        elif self.tickets:
            self.do(at, here, *deed)

    def open_at(self, at: datetime, kind: str) -> int:
        standing = {key: to for when, key, of, _was, to in self.moves if of == kind and when <= at}
        return sum(status in OPEN for status in standing.values())

    def tickets_of(self, kind: str) -> dict[str, int]:
        moves = [move for move in self.moves if move[2] == kind and move[0] <= CUT_OFF]
        week = [(was, to) for when, _key, _of, was, to in moves if when > WEEK_BEGAN]
        last = {key: to for _when, key, _of, _was, to in moves}
        return {
            "open_before": self.open_at(WEEK_BEGAN, kind),
            "filed": sum(was == "" for was, _to in week),
            "reopened": sum(was in OVER and to in OPEN for was, to in week),
            "ended": sum(was in OPEN and to in OVER for was, to in week),
            "open_after": self.open_at(CUT_OFF, kind),
            "cumulative_filed": sum(was == "" for *_move, was, _to in moves),
            "cumulative_settled": sum(status == "closed" for status in last.values()),
        }

    def people_returned(self) -> dict[str, int]:
        return {
            "cumulative": sum(number for at, number in self.people if at <= CUT_OFF),
            "this_week": sum(n for at, n in self.people if WEEK_BEGAN < at <= CUT_OFF),
        }

    def expected(self, end: datetime) -> list[Site]:
        """Those registered and planned to be at work by then."""
        return [each for each in self.sites if each.since <= end and each.day <= end.date()]

    def workers(self, end: datetime) -> tuple[int, int, int]:
        """How many of them state both headcounts by their last report of the day, and these."""
        last = [each.of_the_day(end)[-1] for each in self.expected(end) if each.of_the_day(end)]
        stated = [(a, b) for a, b in last if a is not None and b is not None]
        return len(stated), sum(each for each, _ in stated), sum(each for _, each in stated)


@contextmanager
def forgotten() -> Iterator[None]:
    """Each history begins with an empty record."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def planned_desk() -> Desk:
    """A desk whose project was planned to be at work by the beginning."""
    here = desk()
    here.project = project(planned_resumption=BEGIN.date(), phase="new_start")
    add_participant(
        project=here.project, enterprise=here.enterprise, role="owner", start=date(2020, 1, 1),
        by=here.director,
    )  # fmt: skip
    take_on(project=here.project, group=here.group, liaison=here.liaison, by=here.duty_desk)
    return here


@pytest.mark.django_db
@settings(max_examples=HISTORIES, suppress_health_check=list(HealthCheck))
@given(histories)
def test_any_history(steps: list[tuple[int, Any]]) -> None:
    diary = Diary()
    with forgotten():
        with clock_at(BEGIN - timedelta(days=1)):
            here = planned_desk()
        diary.sites.append(Site(here.project, BEGIN - timedelta(days=1), BEGIN.date()))
        for hours, deed in steps:
            at = BEGIN + timedelta(hours=hours)
            with clock_at(at):
                diary.write(at, here, deed)
                diary.red[at] = {each.pk for each in Ticket.objects.all() if is_red(each, at)}
        blocks = count_blocks(week_to(CUT_OFF))
        coverage = coverage_told(CUT_OFF)
        overdue = {at: set(overdue_at(at).values_list("ticket", flat=True)) for at in diary.red}
        lit = {
            at: {each.number for each in clocks_at(at) if each.light == Light.RED}
            for at in diary.red
        }
        numbers = dict(Ticket.objects.values_list("pk", "number"))
        counted = {at: sum(overdue_by(at, "kind").values()) for at in diary.red}
    assert overdue == diary.red
    assert lit == {at: {numbers[pk] for pk in tickets} for at, tickets in diary.red.items()}
    assert counted == {at: len(tickets) for at, tickets in diary.red.items()}
    figures = {name: block["figures"] for name, block in blocks.items()}
    registered = 1 + sum(at <= CUT_OFF for at in diary.projects)
    registered += sum(each.since <= CUT_OFF for each in diary.sites)
    rows = {kind: diary.tickets_of(kind) for kind in KINDS}
    assert figures["tickets"] == {
        kind: row for kind, row in rows.items() if row["cumulative_filed"]
    }
    assert figures["people_returned"] == diary.people_returned()
    assert figures["coverage"] == coverage
    assert (figures["coverage"]["projects"], figures["coverage"]["served"]) == (registered, 2)
    assert figures["register"]["projects"] == registered
    assert figures["register"]["total_investment"] == f"{10 * registered}.00"
    planned = diary.expected(CUT_OFF)
    resumption, reporting = figures["resumption"], figures["reporting"]
    assert (resumption["planned"], resumption["resumed"]) == (
        len(planned), sum(each.going_on(CUT_OFF) for each in planned),
    )  # fmt: skip
    assert reporting["expected"] == len(planned)
    assert reporting["reported"] == sum(bool(each.of_the_day(CUT_OFF)) for each in planned)
    check_workers(figures["workers"], diary)
    check_starts(figures["starts"], diary)


def check_workers(found: dict[str, Any], diary: Diary) -> None:
    stated, required, there = diary.workers(CUT_OFF)
    then = diary.workers(WEEK_BEGAN)
    expected = len(diary.expected(CUT_OFF))
    assert (found["expected"], found["stated"], found["unstated"]) == (
        expected, stated, expected - stated,
    )  # fmt: skip
    assert (found["required"], found["on_site"]) == (required, there)
    assert (found["rate"] is None) == (required == 0)
    assert found["change"] == {
        "stated": stated - then[0], "required": required - then[1], "on_site": there - then[2],
    }  # fmt: skip


def check_starts(found: dict[str, Any], diary: Diary) -> None:
    known = [each for each in diary.sites if each.since <= CUT_OFF]
    due = [each for each in known if each.day <= CUT_OFF.date()]
    started = [each for each in known if each.has_started(CUT_OFF)]
    before = [each for each in diary.sites if each.since <= WEEK_BEGAN]
    numbers = {name: found[name] for name in ("year", "due", "started", "early", "overdue", "new")}
    assert numbers == {
        "year": sum(each.day.year == CUT_OFF.year for each in known), "due": len(due),
        "started": len(started), "early": sum(each.day > CUT_OFF.date() for each in started),
        "overdue": sum(not each.has_started(CUT_OFF) for each in due),
        "new": len(started) - sum(each.has_started(WEEK_BEGAN) for each in before),
    }  # fmt: skip
