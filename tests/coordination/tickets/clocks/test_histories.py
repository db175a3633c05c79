"""Any history of a desk: each clock and ladder is what a slow witness says, and the ledger
reconciles.

Where each ticket stood, and when, is what its events say.

``HISTORIES=10000`` runs so many (``make histories``); each shard has a seed of its own.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from coordination.tickets.clocks.account import account_of, reckoned_of
from coordination.tickets.clocks.lights import Light, light_of, lit
from coordination.tickets.models import Term, Ticket, TicketEvent
from coordination.tickets.ranges import wrong_ranges
from coordination.workbench.ledger.book import ledger
from coordination.workbench.ledger.queries import By
from coordination.workbench.ledger.span import Span
from projects.record.clock import clock_at
from tests.coordination.tickets.clocks.by_hand import counted, moves_of
from tests.coordination.tickets.clocks.diary import OF_KINDS, Diary
from tests.coordination.tickets.clocks.witness import (
    DAY,
    HOUR,
    Clock,
    Given,
    minute_of,
    moment_of,
    number_of,
)
from tests.coordination.tickets.ranges_by_hand import ranges_by_hand, ranges_on_record
from tests.factories.coordination import Desk, desk

HISTORIES: Final = int(os.environ.get("HISTORIES", "30"))
SEED: Final = int(os.environ.get("HISTORIES_SEED", "2020"))
AT_ONCE: Final = 250  # histories of a shard, at most
# In so many histories each of these must have come about: else they say little of clocks.
ENOUGH: Final = 200
COMMON: Final = frozenset({
    "accept", "ask", "supplement", "extend", "regrade", "pass_on", "resolve", "redo", "reopen",
    "lapse", "late answer", "escalate", "explain", "duplicate", "revive", "urge",
})  # fmt: skip
SHARDS: Final = max(2, -(-HISTORIES // AT_ONCE))
BEFORE: Final = datetime.fromisoformat("2019-12-30T09:00+08:00")
LONGEST: Final = 60 * DAY
# Days near which a year is not like any week: festivals, makeup days, and none of these.
BEGINNINGS: Final = tuple(
    number_of(*day)
    for day in (
        (2020, 1, 16), (2020, 3, 5), (2020, 4, 2), (2020, 4, 23), (2020, 6, 22), (2020, 9, 23),
        (2026, 2, 9), (2026, 4, 2), (2026, 4, 28), (2026, 5, 7), (2026, 6, 16), (2026, 9, 17),
    )
)  # fmt: skip
DEEDS: Final = (
    *("verb",) * 60, *("skip",) * 10, *("file",) * 5, *("lapse_all",) * 5, *("climb",) * 7,
    "hand_over", "edit_day", "edit_term",
)  # fmt: skip
# At once; in an hour or so; in a day or so; after long.
waits = st.one_of(
    st.sampled_from([0, 1, 2 * HOUR, DAY]), st.integers(1, 120), st.integers(1, 120),
    st.integers(1, 2 * DAY), st.integers(HOUR, 8 * DAY),
)  # fmt: skip
any_of = st.integers(0, 119)  # so few that each is as likely as the others
steps = st.tuples(waits, st.sampled_from(DEEDS), any_of, any_of, any_of)
histories = st.tuples(
    st.sampled_from(BEGINNINGS), st.integers(0, 2 * DAY), st.lists(steps, min_size=12, max_size=32)
)
looks = st.tuples(st.integers(0, 12 * DAY), st.integers(0, LONGEST), st.integers(0, LONGEST))


@contextmanager
def forgotten() -> Iterator[None]:
    """Each history begins with an empty record; what the database holds to is asked before."""
    with transaction.atomic():
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        transaction.set_rollback(True)


def lived(
    here: Desk,
    begin: int,
    told: list[tuple[int, str, int, int, int]],
    diary_type: type[Diary] = Diary,
) -> Diary:
    diary = diary_type(here, at=begin)
    for wait, deed, *chosen in told:
        diary.at += wait
        if diary.at > begin + LONGEST:
            break
        diary.write(deed, *chosen)
    return diary


# The clocks


def heard_again(row: Ticket, clock: Clock, events: list[TicketEvent]) -> Clock:
    """A clock that hears what is on record and nothing else; each deadline as it was recorded."""
    again = clock.anew(
        next((event.payload["from"] for event in events if event.verb == "regrade"), row.urgency)
    )
    for event in events:
        again.hear(event.verb, minute_of(event.recorded_at), event.to_status, event.payload)
        said = event.payload.get("clock")
        if said is not None:
            heard = (
                again.stage, again.start, *again.term, again.extension, again.due, again.run,
            )  # fmt: skip
            assert recorded(said) == heard
        if event.verb == "ask":
            assert minute(event.payload["answer_due"]) == again.answer_due
    return again


def recorded(said: dict[str, Any]) -> tuple[Any, ...]:
    return (
        said["stage"], minute(said["from"]), said["amount"], said["unit"], said["extension"],
        minute(said["due"]), said["run"],
    )  # fmt: skip


def minute(said: str | datetime | None) -> int | None:
    moment = datetime.fromisoformat(said) if isinstance(said, str) else said
    return None if moment is None else minute_of(moment)


def columns(row: Ticket, at: int) -> dict[str, Any]:
    """What the row says of its clock."""
    return {
        "accept_due": minute(row.accept_due), "due_at": minute(row.due_at),
        "resolved_at": minute(row.resolved_at), "asked_at": minute(row.paused_at),
        "wish": row.extension_asked, "extension": row.extension, "start": minute(row.clock_from),
        "term": (row.term_amount, row.term_unit), "warnings": row.warned_count,
        "urgency": row.urgency, "status": row.status, "run": row.clock_run,
        "has_lapsed": row.question_lapsed,
        "clock_due": minute(row.clock_due), "near": minute(row.warn_at),
        "was_red": row.ever_red or light_of(row, moment_of(at)) == Light.RED,
    }  # fmt: skip


def witnessed(clock: Clock, at: int) -> dict[str, Any]:
    """The same, by the witness."""
    told = {stage: found.due for stage, found in clock.told.items()}
    runs = clock.light(at) is not None
    return {
        "accept_due": told["accept"], "due_at": told.get("handle"),
        "resolved_at": clock.resolved_at, "asked_at": clock.asked_at,
        "wish": clock.wish, "extension": clock.extension, "start": clock.start,
        "term": clock.term, "warnings": clock.warnings,
        "urgency": clock.urgency, "status": clock.status, "run": clock.run,
        "has_lapsed": clock.has_lapsed,
        "clock_due": clock.due if runs else None, "near": clock.told[clock.stage].near,
        "was_red": clock.was_red or clock.light(at) == "red",
    }  # fmt: skip


def check_clocks(diary: Diary, rows: dict[int, Ticket]) -> dict[int, Clock]:
    events: dict[int, list[TicketEvent]] = {pk: [] for pk in rows}
    for event in TicketEvent.objects.filter(ticket__in=rows).order_by("ticket", "seq"):
        events[event.ticket_id].append(event)
    clocks = {}
    for ticket in diary.tickets:
        row = rows[ticket.pk]
        again = heard_again(row, ticket.clock, events[ticket.pk])
        assert columns(row, diary.at) == witnessed(again, diary.at)
        assert witnessed(again, diary.at) == witnessed(ticket.clock, diary.at)
        check_account(row, again, diary)
        check_ladder(row, again, ticket.clock)
        clocks[ticket.pk] = again
    return clocks


def check_ladder(row: Ticket, again: Clock, clock: Clock) -> None:
    """Each step is on record once, under its deadline, as the events and the diary have it."""
    steps = row.escalations.values_list("run", "level", "recorded_at", "due", "annulment")
    found = {
        Given(run, level, minute_of(at), minute_of(due)): annulled is not None
        for run, level, at, due, annulled in steps
    }
    assert len(found) == len(steps)
    for each in (again, clock):
        assert found == {step: step in each.annulled for step in each.steps}


def check_account(row: Ticket, clock: Clock, diary: Diary) -> None:
    """The sentence's numbers: what was given back, unless the calendar is another by now."""
    account = account_of(row, moment_of(diary.at))
    if account is None:
        assert row.status in {"declined", "withdrawn"}
        return
    found = reckoned_of(row)
    assert found is not None
    if found.told_at is not None:
        assert diary.book.days
        return
    assert found.given_back is not None
    minutes = found.given_back + found.given_back_resolved  # type: ignore[operator]  # both are of one unit
    if isinstance(minutes, timedelta):
        minutes = minutes // timedelta(minutes=1)
    assert minutes == clock.told[clock.stage].back


def check_lights(clocks: dict[int, Clock], rows: dict[int, Ticket], at: int) -> None:
    """By the row and by the conditions alike."""
    expected = {pk: clock.light(at) for pk, clock in clocks.items()}
    moment = moment_of(at)
    assert {pk: light_of(row, moment) for pk, row in rows.items()} == expected
    mine = Ticket.objects.filter(pk__in=rows)
    for light in Light:
        shown = set(mine.filter(lit(light, moment)).values_list("pk", flat=True))
        assert shown == {pk for pk, shines in expected.items() if shines == light}


# The ledger


def check_ledger(rows: dict[int, Ticket], start: int, end: int) -> None:
    moves, span = moves_of(rows), Span(moment_of(start), moment_of(end))
    for by in (By.KIND, By.GROUP):
        book = ledger(by=by, span=span)
        assert book.reconciles
        shown = {row.key: +row.figures for row in book.rows if +row.figures}
        assert shown == counted(moves, by, start, end)


def check(here: Desk, history: tuple[Any, ...], look: tuple[int, int, int]) -> Counter[str]:
    """One history, and what was done in it."""
    (day, minutes, told), (later, one, other) = history, look
    begin = day * DAY + minutes
    with forgotten():
        diary = lived(here, begin, told)
        rows = {row.pk: row for row in Ticket.objects.select_related("extension_asked_by")}
        assert rows.keys() == {ticket.pk for ticket in diary.tickets}
        clocks = check_clocks(diary, rows)
        for at in (diary.at, diary.at + later):
            check_lights(clocks, rows, at)
        assert ranges_on_record() == ranges_by_hand()
        assert list(wrong_ranges()) == []
        check_ledger(rows, begin + min(one, other), begin + max(one, other))
    return diary.did


@pytest.mark.django_db
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("shard", range(SHARDS))
def test_any_history(shard: int) -> None:
    with clock_at(BEFORE):
        here = desk()
    for (stage, kind, urgency), (amount, unit) in OF_KINDS.items():
        Term.objects.create(stage=stage, kind=kind, urgency=urgency, amount=amount, unit=unit)
    did: Counter[str] = Counter()
    share = HISTORIES // SHARDS + (shard < HISTORIES % SHARDS)

    @seed(SEED * 1000 + shard)
    @settings(max_examples=share, database=None, suppress_health_check=list(HealthCheck))
    @given(histories, looks)
    def run(history: tuple[Any, ...], look: tuple[int, int, int]) -> None:
        did.update(check(here, history, look))

    run()
    if share >= ENOUGH:
        assert did.keys() >= COMMON, did
        assert did["grant"] + did["deny"], did
