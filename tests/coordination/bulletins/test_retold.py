"""Handling, waiting projects, late facts and weeks of any history are as plain Python tells them.

``BULLETIN_HISTORIES=10000`` runs so many.
"""

import os
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.bulletins.counting import count_blocks
from coordination.bulletins.week import SHANGHAI, week_to
from coordination.tickets.flow import Verb
from coordination.tickets.models import Ticket
from coordination.tickets.verbs.registry import perform
from projects.progress.report import report
from projects.record.clock import clock_at
from projects.register.models import District, Project
from tests.coordination.bulletins.retold import WEEK, Deadline, Move, Notes, Said, Site
from tests.coordination.bulletins.test_histories import (
    ASKED,
    BY_CLIENT,
    BY_LEAD,
    INPUTS,
    KINDS,
    NEXT,
    forgotten,
    writing_off,
)
from tests.factories.coordination import Desk, desk, filed, project

HISTORIES: Final = int(os.environ.get("BULLETIN_HISTORIES", "8"))
CUT_OFF: Final = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
BEGIN: Final = CUT_OFF - 3 * WEEK
HOURS: Final = 22 * 24
DISTRICTS: Final = ("410305", "410311")
CHANGES: Final = {
    **NEXT,
    "submitted": (*NEXT["submitted"], Verb.ACCEPT, Verb.PASS_ON),
    "in_progress": (*NEXT["in_progress"], Verb.PASS_ON),
}
LIMITS: Final = {Verb.ASK: 2, Verb.PASS_ON: 2}
PRESSED: Final = {
    Verb.URGE: {"submitted", "in_progress"},
    Verb.SUPERVISE: {"submitted", "in_progress", "need_info"},
}

which, choice = st.integers(0, 9), st.integers(0, 59)
moves = st.tuples(st.just("move"), which, choice)
deeds = st.one_of(
    moves, moves, moves, moves,
    st.tuples(st.just("file"), st.sampled_from(KINDS)),
    st.tuples(st.just("press"), which, st.sampled_from(sorted(PRESSED))),
    st.tuples(st.just("site"), st.integers(-20, 20) | st.none(), st.sampled_from(DISTRICTS)),
    st.tuples(
        st.just("report"), which, st.integers(0, 9), st.booleans(),
        st.sampled_from(["", "钢材未到货", "工人未返岗"]),
    ),
    st.tuples(st.just("report"), which, st.integers(0, 1), st.booleans(), st.just("")),
)  # fmt: skip
# Whole hours: some fall on a cut-off to the second, some after the last.
histories = st.lists(
    st.tuples(st.integers(0, HOURS) | st.sampled_from([168, 336, 504]), deeds),
    min_size=20, max_size=70,
).map(lambda steps: sorted(steps, key=lambda step: step[0]))  # fmt: skip


class Told:
    """Does what a history says, and notes it."""

    def __init__(self, here: Desk) -> None:
        self.here = here
        self.notes = Notes()
        self.tickets: list[int] = []
        self.sites: list[Project] = []
        self.did: Counter[tuple[int, str]] = Counter()
        self.urged: set[tuple[int, date]] = set()

    def file(self, at: datetime, kind: str) -> None:
        ticket = filed(self.here, kind)
        self.tickets.append(ticket.pk)
        code = self.here.group.code
        self.notes.moves.append(Move(at, ticket.pk, "", "submitted", "", code))
        self._note_deadline(at, ticket)

    def site(self, at: datetime, planned_in: int | None, district: str) -> None:
        where = District.objects.get(code=district)
        planned = None if planned_in is None else at.date() + timedelta(days=planned_in)
        made = project(planned_resumption=planned, district=where)
        self.sites.append(made)
        self.notes.sites.append(
            Site(at, made.code, made.name, planned, (district, made.code), where.name)
        )

    def report(
        self, at: datetime, which: int, back: int, resumed: bool, problems: str  # noqa: FBT001 - as it was drawn
    ) -> None:  # fmt: skip
        if not self.sites:
            return
        site, day = self.sites[which % len(self.sites)], at.date() - timedelta(days=back)
        report(
            project=site, day=day, resumed=resumed, problems=problems, reason="更正",
            halt="" if resumed else "weather", by=self.here.director,
        )  # fmt: skip
        self.notes.reports.append(Said(at, site.code, day, resumed, problems))

    def press(self, at: datetime, which: int, verb: Verb) -> None:
        ticket = self._ticket(which)
        if ticket is None or ticket.status not in PRESSED[verb]:
            return
        if verb is Verb.URGE and (ticket.pk, at.date()) in self.urged:
            return
        if verb is Verb.URGE:
            self.urged.add((ticket.pk, at.date()))
            perform(verb, ticket=ticket, by=self.here.key)
        else:
            perform(verb, ticket=ticket, by=self.here.director, instruction="今日协调到位")
        self.notes.pressed.append((at, verb.value))

    def move(self, at: datetime, which: int, choice: int) -> None:
        ticket = self._ticket(which)
        if ticket is None or not CHANGES[ticket.status]:
            return
        verb = CHANGES[ticket.status][choice % len(CHANGES[ticket.status])]
        verb = writing_off(ticket) if verb is Verb.WRITE_OFF else verb
        most = ASKED[ticket.kind] if verb is Verb.FULFIL else LIMITS.get(verb)
        if self.did[ticket.pk, verb] == most:
            return
        self.did[ticket.pk, verb] += 1
        was, had, due = ticket.status, self._code(ticket), ticket.due_at
        inputs = self._inputs(verb, ticket, choice)
        after = perform(verb, ticket=ticket, by=self._actor(verb, ticket), **inputs)
        code = self._code(after)
        self._note_deadline(at, after)
        if (after.status, code) != (was, had):
            self.notes.moves.append(Move(at, ticket.pk, was, after.status, had, code))
        if verb is Verb.RESOLVE:
            in_time = None if due is None else at <= due
            self.notes.resolved.append((at, had, ticket.kind, in_time))
        if verb is Verb.CONFIRM:
            self.notes.answers.append((at, inputs["satisfaction"]))

    def _note_deadline(self, at: datetime, ticket: Ticket) -> None:
        """What the ticket's own row says of it just now, which the block may not ask later."""
        row = Ticket.objects.get(pk=ticket.pk)
        due = row.due_at or row.accept_due
        asked = at if row.status == "need_info" else None
        self.notes.deadlines.append(
            Deadline(at, row.pk, row.kind, self._code(row), row.status, due, asked)
        )

    def _ticket(self, which: int) -> Ticket | None:
        if not self.tickets:
            return None
        return Ticket.objects.get(pk=self.tickets[which % len(self.tickets)])

    def _code(self, ticket: Ticket) -> str:
        own, other = self.here.group, self.here.other_group
        return {own.pk: own.code, other.pk: other.code}[ticket.group_id or 0]

    def _is_own(self, ticket: Ticket) -> bool:
        return ticket.group_id == self.here.group.pk

    def _actor(self, verb: Verb, ticket: Ticket) -> Any:
        here = self.here
        if verb in BY_CLIENT:
            return here.key
        if verb is Verb.COUNTERSIGN:
            return here.director
        if verb in BY_LEAD or verb is Verb.PASS_ON:
            return here.lead if self._is_own(ticket) else here.other_lead
        return here.liaison if self._is_own(ticket) else here.other_liaison

    def _inputs(self, verb: Verb, ticket: Ticket, choice: int) -> dict[str, Any]:
        if verb is Verb.PASS_ON:
            to = self.here.other_group if self._is_own(ticket) else self.here.group
            return {"reason": "由另一组负责", "group": to}
        if verb is Verb.CONFIRM:
            return {"satisfaction": choice % 5 + 1}
        if verb is Verb.FULFIL:
            return {"line": 1, "quantity": Decimal(1)}
        return INPUTS[verb]


@pytest.mark.django_db
@settings(max_examples=HISTORIES, suppress_health_check=list(HealthCheck))
@given(histories)
def test_any_history(steps: list[tuple[int, tuple[Any, ...]]]) -> None:
    with forgotten():
        with clock_at(BEGIN - timedelta(days=1)):
            told = Told(desk())
        for hours, (what, *inputs) in steps:
            at = BEGIN + timedelta(hours=hours)
            with clock_at(at):
                getattr(told, what)(at, *inputs)
        for end in (CUT_OFF - WEEK, CUT_OFF):
            blocks = count_blocks(week_to(end))
            notes = told.notes
            assert {
                name: blocks[name]["figures"] for name in ("handling", "waiting", "late", "trend")
            } == {
                "handling": notes.handling(end, told.here.group.code),
                "waiting": notes.waiting(end),
                "late": notes.late(end),
                "trend": notes.trend(end),
            }
