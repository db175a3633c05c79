"""Any history of a desk over the turn of a year that is entered later.

Each deadline, each judgement and each step of the ladder is what a slow witness says of it, before
the year is entered, between that and the reckoning, and after. ``HISTORIES=10000`` runs so many
(``make histories``); each shard has a seed of its own.
"""

import os
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from coordination.escalation.block_named import BLOCK
from coordination.tickets.clocks.lights import is_red
from coordination.tickets.models import Term, Ticket, TicketEvent
from coordination.tickets.verbs.reckon_again import reckon_all_again
from projects.flow.actors import SYSTEM
from projects.house.blocks import Period
from projects.record.audit import audit
from projects.record.clock import clock_at
from projects.worktime.models import CalendarOverride, CalendarYear
from tests.coordination.tickets.clocks.diary import OF_KINDS, Diary, Known
from tests.coordination.tickets.clocks.new_year import desk_without_years
from tests.coordination.tickets.clocks.test_histories import (
    any_of,
    check_clocks,
    check_lights,
    forgotten,
    minute,
    waits,
)
from tests.coordination.tickets.clocks.witness import (
    DAY,
    HOUR,
    Clock,
    Given,
    moment_of,
    number_of,
)
from tests.coordination.tickets.clocks.year_witness import UNKNOWN, YearClock
from tests.coordination.tickets.ranges_by_hand import Range, ranges_by_hand, ranges_on_record
from tests.factories.coordination import Desk

HISTORIES: Final = int(os.environ.get("HISTORIES", "5"))
SEED: Final = int(os.environ.get("HISTORIES_SEED", "2027"))
AT_ONCE: Final = 250  # histories of a shard, at most
SHARDS: Final = -(-HISTORIES // AT_ONCE)
# In so many histories each of these must have come about while a deadline was provisional.
ENOUGH: Final = 200
COMMON: Final = frozenset({
    "accept", "ask", "supplement", "extend", "regrade", "pass_on", "resolve", "redo", "reopen",
    "lapse", "late answer", "escalate", "explain", "duplicate", "revive", "urge", "decline",
    "annulled", "standing", "named", "corrected",
})  # fmt: skip
WEEK: Final = 7 * DAY
CUT_OFF: Final = number_of(2026, 12, 28) * DAY + 17 * HOUR  # a Monday
FIRST: Final = number_of(2026, 12, 29)
DEEDS: Final = (
    *("verb",) * 50, *("skip",) * 10, *("file",) * 5, *("lapse_all",) * 4, *("climb",) * 10,
    *("settle",) * 3, "hand_over", "edit_day", "edit_term",
)  # fmt: skip
steps = st.tuples(waits, st.sampled_from(DEEDS), any_of, any_of, any_of)
histories = st.tuples(
    st.integers(FIRST, UNKNOWN), st.integers(8 * HOUR, 17 * HOUR),
    st.lists(steps, min_size=14, max_size=34),
)  # fmt: skip
# After which of the deeds the year is entered, and which of its first days are not as in a week.
entries = st.tuples(
    st.integers(6, 20), st.dictionaries(st.integers(0, 9), st.sampled_from([False, False, True]),
                                        max_size=6)
)  # fmt: skip


def clock_of(ticket: Known) -> YearClock:
    assert isinstance(ticket.clock, YearClock)
    return ticket.clock


@dataclass
class YearDiary(Diary):
    """A history in which a year is entered once."""

    entered: list[int] = field(default_factory=list)
    namings: list[tuple[Known, Given]] = field(default_factory=list)

    def clock_of(self, kind: str, urgency: str) -> Clock:
        return YearClock(self.book, kind, urgency, entered=self.entered)

    def begin(self) -> None:
        """Three tickets of the old year, of which two are accepted."""
        for number in range(3):
            self.write("file", number, number % 2, 0)
        for ticket in self.tickets[:2]:
            with clock_at(moment_of(self.at)):
                self.do(ticket, "accept", 0)

    def write(self, deed: str, which: int, pick: int, choice: int) -> None:
        """As a rule the worker has given what is due before anybody does anything."""
        if choice % 3 and any(each.clock.step_due(self.at) for each in self.tickets):
            super().write("climb", 0, 0, 0)
        super().write(deed, which, pick, choice)

    def enter(self, days: dict[int, bool]) -> None:
        """Staff enter the days off of the year; deadlines stay until they are reckoned again."""
        for number, worked in days.items():
            day = UNKNOWN + number
            CalendarOverride.objects.update_or_create(
                day=moment_of(day * DAY).date(), defaults={"is_working": worked, "reason": "国办"}
            )
            self.book.days.append((self.at, day, worked))
        CalendarYear.objects.create(year=2027, source="国办发明电")
        self.entered.append(self.at)
        self.at += 1

    def settle(self, _which: int, _extra: int) -> None:
        """The worker reckons every provisional deadline again whose year is entered."""
        waiting = [each for each in self.tickets if self.entered and clock_of(each).awaits]
        assert reckon_all_again() == len(waiting)
        assert reckon_all_again() == 0
        for ticket in waiting:
            self.note(ticket, "reckon_again", SYSTEM, {})

    def note(self, ticket: Known, verb: str, by: Any, inputs: dict[str, Any]) -> None:
        super().note(ticket, verb, by, inputs)
        if verb == "escalate" and inputs["level"] == "L3":
            self.namings.append((ticket, clock_of(ticket).steps[-1]))
        if verb == "reckon_again":
            self.did["annulled"] += len(ticket.clock.annulled)
            self.did["standing"] += len(ticket.clock.standing)


def lived(here: Desk, history: tuple[Any, ...], entry: tuple[int, dict[int, bool]]) -> YearDiary:
    day, minutes, told = history
    diary = YearDiary(here, at=day * DAY + minutes)
    diary.begin()
    for number, (wait, deed, *chosen) in enumerate(told):
        diary.at += wait
        if number == entry[0]:
            diary.enter(entry[1])
        diary.write(deed, *chosen)
    if diary.entered:
        diary.write("settle", 0, 0, 0)
    return diary


def check_years(diary: YearDiary, rows: dict[int, Ticket], clocks: dict[int, Clock]) -> None:
    """What is provisional, what is awaited, and what became of each deadline."""
    events = TicketEvent.objects.filter(verb="reckon_again").values_list("ticket", "payload")
    reckoned = dict(events)
    assert len(reckoned) == len(events)
    for ticket in diary.tickets:
        row, moment = rows[ticket.pk], moment_of(diary.at)
        is_surely_red = is_red(row, moment) and not row.due_is_provisional
        found = (
            row.due_is_provisional, row.answer_is_provisional, minute(row.answer_due),
            row.awaits_year, row.was_surely_red or is_surely_red,
        )  # fmt: skip
        payload = reckoned.get(ticket.pk, {})
        settled = [*payload.get("earlier", ()), *([payload["clock"]] if "clock" in payload else ())]
        for clock in (clocks[ticket.pk], ticket.clock):
            assert isinstance(clock, YearClock)
            is_surely_red = clock.light(diary.at) == "red" and not clock.is_provisional
            assert found == (
                clock.is_provisional, clock.is_answer_provisional,
                None if clock.asked_at is None else clock.answer_due,
                2027 if clock.awaits else None, clock.was_surely_red or is_surely_red,
            )  # fmt: skip
            assert {each["run"]: minute(each["due"]) for each in settled} == clock.settled
        assert sorted(payload.get("annulled", ())) == sorted(
            row.escalations.filter(annulment__isnull=False).values_list("pk", flat=True)
        )


def check_bulletins(diary: YearDiary, ranges: list[Range]) -> None:
    """Whom the bulletin of each week names and corrects, counted by hand."""
    for end in range(CUT_OFF, diary.at + 8 * DAY, WEEK):
        period = Period(moment_of(end - WEEK), moment_of(end))
        found = BLOCK.count(period)
        assert list(BLOCK.imbalances(found)) == []
        counted = named_by_hand(diary, ranges, end)
        assert {name: found[name] for name in ("given", "annulled", "corrections")} == {
            name: counted[name] for name in ("given", "annulled", "corrections")
        }
        for name in ("tickets", "withdrawn"):
            assert [(each["number"], each["group"]) for each in found[name]] == counted[name]
        diary.did.update(named=found["named"], corrected=found["corrected"])


def named_by_hand(diary: YearDiary, ranges: list[Range], end: int) -> dict[str, Any]:
    names = {each.pk: each.name for each in (diary.here.group, diary.here.other_group)}
    groups = [
        [row["group_id"] for row in ranges
            if row["ticket_id"] == each.pk and row["began_at"] <= moment_of(step.at)][-1]
        for each, step in diary.namings
    ]  # fmt: skip
    rows = [
        (each.number, step.at, clock_of(each).annulled.get(step, 10**9), names[group])
        for (each, step), group in zip(diary.namings, groups, strict=True)
    ]

    def count(until: int, known_at: int) -> int:
        return sum(until - WEEK < at <= until and gone > known_at for _n, at, gone, _g in rows)

    given = [row for row in rows if end - WEEK < row[1] <= end]
    late = [row for row in rows if row[1] <= end - WEEK < row[2] <= end]
    weeks = sorted({each for _n, at, _gone, _g in late for each in cut_offs_from(at)[:1]})
    return {
        "given": len(given),
        "annulled": sum(gone <= end for _n, _at, gone, _g in given),
        "tickets": [(number, group) for number, _at, gone, group in given if gone > end],
        "withdrawn": [(number, group) for number, _at, _gone, group in late],
        "corrections": [
            {
                "week": str(moment_of(week).date()), "before": count(week, end - WEEK),
                "annulled": count(week, end - WEEK) - count(week, end), "after": count(week, end),
            }
            for week in weeks
        ],
    }  # fmt: skip


def cut_offs_from(minute: int) -> range:
    """The ends of the weeks from that of the minute on."""
    return range(CUT_OFF + -((CUT_OFF - minute) // WEEK) * WEEK, 10**8, WEEK)


@pytest.mark.django_db
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("shard", range(SHARDS))
def test_any_turn_of_the_year(shard: int) -> None:
    here = desk_without_years()
    for (stage, kind, urgency), (amount, unit) in OF_KINDS.items():
        Term.objects.create(stage=stage, kind=kind, urgency=urgency, amount=amount, unit=unit)
    did: Counter[str] = Counter()
    share = HISTORIES // SHARDS + (shard < HISTORIES % SHARDS)

    @seed(SEED * 1000 + shard)
    @settings(max_examples=share, database=None, suppress_health_check=list(HealthCheck))
    @given(histories, entries)
    def run(history: tuple[Any, ...], entry: tuple[int, dict[int, bool]]) -> None:
        with forgotten():
            diary = lived(here, history, entry)
            rows = {row.pk: row for row in Ticket.objects.select_related("extension_asked_by")}
            clocks = check_clocks(diary, rows)
            check_years(diary, rows, clocks)
            check_lights(clocks, rows, diary.at)
            ranges = ranges_by_hand()
            assert ranges_on_record() == ranges
            check_bulletins(diary, ranges)
            assert list(audit()) == []
        did.update(diary.did)

    run()
    if share >= ENOUGH:
        assert {each for each in did if did[each]} >= COMMON, did
        assert did["grant"] + did["deny"], did
