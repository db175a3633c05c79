"""Any history of tickets whose deadlines cross into a year that is entered later.

``HISTORIES=10000`` runs so many. Each deadline, each judgement and each step of the ladder is
what a slow witness says of it.
"""

import os
from collections import Counter
from typing import Any, Final

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from coordination.escalation.escalate import sweep
from coordination.escalation.models import Annulment, Escalation
from coordination.tickets.anchors import audit
from coordination.tickets.clocks.lights import is_red
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.verbs.reckon_again import reckon_all_again
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at
from projects.record.refusals import NotAllowed
from projects.worktime.models import CalendarOverride, CalendarYear
from tests.coordination.tickets.clocks.diary import TERMS
from tests.coordination.tickets.clocks.new_year import desk_without_years
from tests.coordination.tickets.clocks.witness import (
    DAY,
    HOUR,
    Book,
    minute_of,
    moment_of,
    number_of,
)
from tests.coordination.tickets.clocks.year_witness import UNKNOWN, Told, is_right
from tests.factories.coordination import Desk, filed

HISTORIES: Final = int(os.environ.get("HISTORIES", "10"))
# In so many histories each judgement of a step must have come about.
ENOUGH: Final = 40
SEED: Final = int(os.environ.get("HISTORIES_SEED", "2027"))
BEGIN: Final = number_of(2026, 12, 31) * DAY + 9 * HOUR
DEEDS: Final = (
    *("accept",) * 5, "ask", *("supplement",) * 2, "resolve",
    *("sweep",) * 8, *("file",) * 3,
)  # fmt: skip
INPUTS: Final[dict[str, dict[str, Any]]] = {
    "ask": {"question": "哪条路线"}, "supplement": {"answer": "连霍高速"},
    "resolve": {"result": "已协调", "reasons": {1: "无法满足"}},
}  # fmt: skip
# The general terms alone: hours for acceptance, days for the rest.
GENERAL: Final = {key: term for key, term in TERMS.items() if not key[1]}

steps = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 6 * HOUR), st.integers(0, 2 * DAY), st.integers(DAY, 2 * DAY)),
        st.sampled_from(DEEDS), st.integers(0, 5),
    ),
    min_size=12, max_size=24,
)  # fmt: skip
# How many deeds come before the year is entered, and which of its first days are not as in a week.
entries = st.tuples(
    st.integers(4, 12), st.dictionaries(st.integers(0, 14), st.booleans(), max_size=5)
)


class History:
    """What happens, and what the witness makes of it."""

    def __init__(self, here: Desk) -> None:
        self.here, self.at = here, BEGIN
        self.book = Book(dict(GENERAL))
        self.entered: list[int] = []
        self.told: dict[int, Told] = {}
        self.did: Counter[str] = Counter()

    def begin(self) -> None:
        """Two tickets that are accepted in the old year, and due in the new one."""
        for _number in range(2):
            self.do("file", 0)
        for number in range(2):
            self.do("accept", number)

    def do(self, deed: str, which: int) -> None:
        with clock_at(moment_of(self.at)):
            if deed == "sweep":
                sweep()
            elif deed == "file" or not self.told:
                self.file()
            else:
                self.act(deed, list(self.told)[which % len(self.told)])

    def file(self) -> None:
        row = filed(self.here, "vehicle_pass", urgency="normal")
        told = Told(self.book, "vehicle_pass", "normal", self.entered)
        told.begin("accept", self.at)
        self.told[row.pk] = told

    def act(self, verb: str, pk: int) -> None:
        by = self.here.key if verb == "supplement" else self.here.liaison
        try:
            perform(verb, ticket=Ticket(pk=pk), by=by, **INPUTS.get(verb, {}))
        except NotAllowed:  # what a status or a ticket's past forbids is told elsewhere
            return
        self.did[verb] += 1
        told = self.told[pk]
        if verb == "accept":
            told.begin("handle", self.at)
        elif verb == "ask":
            told.ask(self.at)
        elif verb == "supplement":
            told.supplement(self.at)
        else:
            told.spans[-1].ended_at = self.at

    def enter(self, days: dict[int, bool]) -> None:
        """The days off are entered, and every provisional deadline is reckoned again."""
        for number, worked in days.items():
            day = UNKNOWN + number
            CalendarOverride.objects.create(
                day=moment_of(day * DAY).date(), is_working=worked, reason="国办通知"
            )
            self.book.days.append((self.at, day, worked))
        CalendarYear.objects.create(year=2027, source="国办发明电")
        self.entered.append(self.at)
        self.at += 1
        awaiting = Ticket.objects.filter(awaits_year=2027).count()
        with clock_at(moment_of(self.at)):
            assert reckon_all_again() == awaiting
            assert reckon_all_again() == 0
        for told in self.told.values():
            told.enter(self.at)


def check_clocks(history: History) -> None:
    for row in Ticket.objects.all():
        told = history.told[row.pk]
        by_stage = {span.stage: span for span in told.spans}
        dues = [row.accept_due and minute_of(row.accept_due), row.due_at and minute_of(row.due_at)]
        assert dues == [
            by_stage[stage].due if stage in by_stage else None for stage in ("accept", "handle")
        ]
        assert row.due_is_provisional == told.spans[-1].is_provisional
        if row.answer_due is not None:
            assert minute_of(row.answer_due) == told.answer_due
            assert row.answer_is_provisional == told.is_answer_provisional
        red = row.ever_red or is_red(row, moment_of(history.at))
        assert red == told.was_red(history.at), row.pk


def check_ladder(history: History) -> None:
    """Of tickets whose steps were all given for one deadline, in days."""
    if not history.entered:
        assert Annulment.objects.count() == 0
        return
    entered = history.entered[0]
    annulled = set(Annulment.objects.values_list("escalation", flat=True))
    for pk, told in history.told.items():
        rows = list(Escalation.objects.filter(ticket=pk).order_by("recorded_at", "pk"))
        before = [row for row in rows if minute_of(row.recorded_at) <= entered]
        span = told.spans[-1]
        is_one = len({row.due for row in before}) == 1 and span.stage == "handle"
        if not is_one or span.pauses or not span.was_provisional or span.start > entered:
            assert span.was_provisional or not annulled & {row.pk for row in before if
                minute_of(row.due) == span.due}  # fmt: skip
            continue
        if min(minute_of(row.recorded_at) for row in before) < span.start:
            continue  # of the acceptance
        standing: dict[str, int] = {}
        for row in before:
            minute = minute_of(row.recorded_at)
            right = is_right(
                history.book, span.due, row.level, minute=minute, given=standing, at=history.at
            )
            assert right == (row.pk not in annulled), (row.level, row.recorded_at)
            history.did["annulled" if not right else "standing"] += 1
            if right:
                standing[row.level] = minute


@pytest.mark.django_db
@pytest.mark.timeout(1800)
def test_any_turn_of_the_year() -> None:
    here = desk_without_years()
    did: Counter[str] = Counter()

    @seed(SEED)
    @settings(max_examples=HISTORIES, database=None, suppress_health_check=list(HealthCheck))
    @given(steps, entries)
    def run(told: list[tuple[int, str, int]], entry: tuple[int, dict[int, bool]]) -> None:
        with transaction.atomic():
            history = History(here)
            history.begin()
            for number, (wait, deed, which) in enumerate(told):
                history.at += wait
                if number == entry[0]:
                    history.enter(entry[1])
                history.do(deed, which)
            check_clocks(history)
            check_ladder(history)
            assert list(audit()) == []
            rows = TicketEvent.objects.filter(verb="reckon_again").values_list("ticket", flat=True)
            assert len(rows) == len(set(rows))
            did.update(history.did)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            transaction.set_rollback(True)

    run()
    assert did["accept"], did
    if HISTORIES >= ENOUGH:
        assert did["annulled"], did
        assert did["standing"], did
