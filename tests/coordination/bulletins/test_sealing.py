"""Sealed counts: made once for each day that is over, and the same as counting from nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Thread
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, connections
from django.test.utils import CaptureQueriesContext
from psycopg.types.json import Jsonb

from coordination.bulletins.build import build, preview, recount
from coordination.bulletins.counting import count_blocks
from coordination.bulletins.models import SealedCount
from coordination.bulletins.sealing import seal_missing, wrong_sealed_counts
from coordination.bulletins.week import SHANGHAI, week_to
from coordination.tickets.flow import Verb
from coordination.tickets.verbs.registry import perform
from projects.house.block_registry import BLOCKS
from projects.house.blocks import Block
from projects.record.audit import audit
from projects.record.canonical import canonical
from projects.record.clock import RECORD_LOCK, clock_at
from tests.bed.races import race
from tests.bed.stack import wait_for
from tests.coordination.bulletins.test_build import somebody_waits
from tests.factories.coordination import Desk, desk, filed, party

CUT_OFF = datetime(2020, 3, 9, 17, tzinfo=SHANGHAI)
DAY = timedelta(days=1)
MIDNIGHT = datetime(2020, 3, 9, tzinfo=SHANGHAI)
CARRIED = ("people_returned", "quantities", "tickets", "year")
pytestmark = pytest.mark.django_db(transaction=True)


def some_days() -> Desk:
    """Two tickets, of which one is worked on for days, over midnights that are sealed."""
    with clock_at(CUT_OFF - 5 * DAY):
        at = desk()
        ticket = filed(at, "worker_return", lines=[party(headcount=20)])
    with clock_at(CUT_OFF - 4 * DAY):
        assert seal_missing() == len(CARRIED)
        perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
        perform(Verb.FULFIL, ticket=ticket, line=1, quantity=Decimal(8), by=at.liaison)
        filed(at)
    with clock_at(CUT_OFF - DAY):
        perform(Verb.FULFIL, ticket=ticket, line=1, quantity=Decimal(3), by=at.liaison)
        perform(Verb.ADD_LINES, ticket=ticket, lines=[party(headcount=5)], by=at.key)
    return at


def sealed(block: str) -> list[tuple[datetime, dict[str, str]]]:
    rows = SealedCount.objects.filter(block=block).order_by("moment")
    return list(rows.values_list("moment", "totals"))


def test_every_day_that_is_over_is_sealed_once() -> None:
    some_days()
    with clock_at(CUT_OFF):
        assert [seal_missing(), seal_missing()] == [4 * len(CARRIED), 0]
    moments = [MIDNIGHT - days * DAY for days in (4, 3, 2, 1, 0)]
    assert {name: [at for at, _totals in sealed(name)] for name in CARRIED} == dict.fromkeys(
        CARRIED, moments
    )
    assert [totals for _at, totals in sealed("people_returned")] == [
        {}, {"returned": "8"}, {"returned": "8"}, {"returned": "8"}, {"returned": "11"},
    ]  # fmt: skip
    assert list(wrong_sealed_counts()) == []


def test_a_day_that_runs_is_not_sealed() -> None:
    with clock_at(MIDNIGHT - timedelta(microseconds=1)):
        seal_missing()
        filed(desk())
    assert sealed("tickets") == [(MIDNIGHT - DAY, {})]
    with clock_at(MIDNIGHT):
        filed(desk())  # at the last instant of the day that is over
    with clock_at(MIDNIGHT + timedelta(microseconds=1)):
        filed(desk())
        assert seal_missing() == len(CARRIED)
    assert sealed("tickets")[1] == (MIDNIGHT, {"vehicle_pass.filed": "2"})


def test_figures_are_the_same_with_and_without() -> None:
    some_days()
    with clock_at(CUT_OFF):
        without = canonical(preview())
        seal_missing()
        assert canonical(preview()) == without
    bulletin = build(cut_off=CUT_OFF)
    assert canonical(bulletin.blocks) == canonical(count_blocks(week_to(CUT_OFF)))
    assert recount(bulletin) == bulletin.blocks


def test_it_is_counted_from_the_newest_before(superuser_cursor: psycopg.Cursor[Any]) -> None:
    """Seen by a sealed count that is wrong: a later one is not used, and a recount uses none."""
    some_days()
    with clock_at(CUT_OFF + DAY):
        seal_missing()
    right = count_blocks(week_to(CUT_OFF))

    def returned(wrong_at: datetime) -> int:
        with altered(superuser_cursor, moment=wrong_at):
            found = count_blocks(week_to(CUT_OFF), from_sealed=True)
            assert count_blocks(week_to(CUT_OFF)) == right
        return int(found["people_returned"]["figures"]["cumulative"])

    assert returned(MIDNIGHT - DAY) == returned(MIDNIGHT + DAY) == 11
    assert returned(MIDNIGHT) == 4711


@contextmanager
def altered(cursor: Any, *, moment: datetime) -> Iterator[None]:
    """The people returned by that moment are others for a while, by an intruder."""
    row = SealedCount.objects.get(block="people_returned", moment=moment)
    change = "UPDATE bulletins_sealedcount SET totals = %s WHERE id = %s"
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(change, ['{"returned": "4711"}', row.pk])
    try:
        yield
    finally:
        cursor.execute(change, [Jsonb(row.totals), row.pk])
        cursor.execute("SET session_replication_role = origin")


def test_one_that_is_wrong_is_named(superuser_cursor: psycopg.Cursor[Any]) -> None:
    some_days()
    with clock_at(CUT_OFF):
        seal_missing()
    assert list(audit()) == []
    for moment in (MIDNIGHT - 4 * DAY, MIDNIGHT):
        with altered(superuser_cursor, moment=moment):
            row = SealedCount.objects.get(block="people_returned", moment=moment)
            name = f"people_returned/{row.schema}/{moment.astimezone(UTC).isoformat()}"
            assert list(wrong_sealed_counts()) == [("bulletins.sealedcount", name, "totals")]
    assert list(audit()) == []


def test_it_is_never_altered(owner_cursor: psycopg.Cursor[Any]) -> None:
    with clock_at(CUT_OFF):
        seal_missing()
    with pytest.raises(ProgrammingError, match="permission denied for table"):
        SealedCount.objects.update(totals={})
    with pytest.raises(psycopg.errors.RaiseException, match="Cannot update"):
        owner_cursor.execute("UPDATE bulletins_sealedcount SET totals = '{}'")
    assert sealed("tickets") == [(MIDNIGHT, {})]


def test_two_at_once_make_each_once() -> None:
    outcomes = race(seal_missing, seal_missing)
    assert [each.error for each in outcomes] == [None, None]
    assert sum(each.result or 0 for each in outcomes) == len(CARRIED) == SealedCount.objects.count()


def test_it_waits_for_a_writer_that_is_open_over_midnight(
    second_connection: psycopg.Connection[object],
) -> None:
    second_connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", [RECORD_LOCK])

    def sealer() -> None:
        seal_missing()
        connections.close_all()

    waiting = Thread(target=sealer)
    waiting.start()
    wait_for(somebody_waits)
    assert SealedCount.objects.count() == 0
    second_connection.commit()
    waiting.join(60)
    assert SealedCount.objects.count() == len(CARRIED)


@contextmanager
def newer(block: Block) -> Iterator[Block]:
    """A block of the same rules by the next schema, for so long."""
    made = BLOCKS.register(replace(block, schema=block.schema + 1))
    try:
        yield made
    finally:
        BLOCKS.unregister(made)


def test_a_new_schema_has_sealed_counts_of_its_own() -> None:
    some_days()
    with clock_at(CUT_OFF):
        seal_missing()
        (block,) = (each for each in BLOCKS.newest() if each.name == "tickets")
        with newer(block) as made:
            assert seal_missing() == 1
            assert SealedCount.objects.filter(block="tickets", schema=made.schema).count() == 1
            assert (
                preview()["tickets"]["figures"]
                == count_blocks(week_to(CUT_OFF))["tickets"]["figures"]
            )


def test_as_many_queries_for_one_sealed_day_as_for_five() -> None:
    some_days()
    with clock_at(CUT_OFF):
        with CaptureQueriesContext(connection) as few:
            preview()
        seal_missing()
        with CaptureQueriesContext(connection) as many:
            preview()
    assert len(few) == len(many)
