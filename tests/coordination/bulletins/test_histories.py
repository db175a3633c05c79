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
from coordination.tickets.clocks.lights import is_red
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.queries_overdue import overdue_at, overdue_by
from coordination.tickets.verbs.handover import take_on
from coordination.tickets.verbs.registry import perform
from projects.progress.report import report
from projects.record.clock import clock_at
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
deeds = st.one_of(moves, moves, moves, st.sampled_from((*KINDS, "project")), st.booleans())
# Whole hours over 16 days: some fall on a boundary to the second, some after the cut-off.
histories = st.lists(
    st.tuples(st.integers(0, 16 * 24) | st.sampled_from([168, 336]), deeds),
    min_size=20, max_size=60,
).map(lambda steps: sorted(steps, key=lambda step: step[0]))  # fmt: skip


@dataclass
class Diary:
    """What was done, noted beside the database."""

    moves: list[tuple[datetime, int, str, str, str]] = field(default_factory=list)
    people: list[tuple[datetime, int]] = field(default_factory=list)
    reports: list[tuple[datetime, bool]] = field(default_factory=list)
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
        if isinstance(deed, bool):
            report(project=here.project, day=at.date(), resumed=deed, by=here.liaison)
            self.reports.append((at, deed))
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

    def going_on(self) -> bool:
        """Reports were written in order, each for its own day, so the last one counts."""
        said = [resumed for at, resumed in self.reports if at <= CUT_OFF]
        return said[-1] if said else False


@contextmanager
def forgotten() -> Iterator[None]:
    """Each history begins with an empty record."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def planned_desk() -> Desk:
    """A desk whose project was planned to be at work by the beginning."""
    here = desk()
    here.project = project(planned_resumption=BEGIN.date())
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
        for hours, deed in steps:
            at = BEGIN + timedelta(hours=hours)
            with clock_at(at):
                diary.write(at, here, deed)
                diary.red[at] = {each.pk for each in Ticket.objects.all() if is_red(each, at)}
        blocks = count_blocks(week_to(CUT_OFF))
        coverage = coverage_told(CUT_OFF)
        overdue = {at: set(overdue_at(at).values_list("ticket", flat=True)) for at in diary.red}
        counted = {at: sum(overdue_by(at, "kind").values()) for at in diary.red}
    assert overdue == diary.red
    assert counted == {at: len(tickets) for at, tickets in diary.red.items()}
    figures = {name: block["figures"] for name, block in blocks.items()}
    registered = 2 + sum(at <= CUT_OFF for at in diary.projects)
    rows = {kind: diary.tickets_of(kind) for kind in KINDS}
    assert figures["tickets"] == {
        kind: row for kind, row in rows.items() if row["cumulative_filed"]
    }
    assert figures["people_returned"] == diary.people_returned()
    assert figures["coverage"] == coverage
    assert (figures["coverage"]["projects"], figures["coverage"]["served"]) == (registered, 2)
    assert figures["register"]["projects"] == registered
    assert figures["register"]["total_investment"] == f"{10 * registered}.00"
    resumption = figures["resumption"]
    assert (resumption["planned"], resumption["resumed"]) == (1, int(diary.going_on()))
    on_the_day = any(at <= CUT_OFF and at.date() == CUT_OFF.date() for at, _ in diary.reports)
    assert figures["reporting"]["reported"] == int(on_the_day)
