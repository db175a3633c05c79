"""The chain and the daily seals: what was altered is named; erased words break nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from coordination.tickets.anchors import anchor_missing, audit
from coordination.tickets.flow import Verb
from coordination.tickets.models import EventAnchor, EventText, Ticket
from coordination.tickets.verbs.registry import perform
from projects.record.clock import clock_at
from projects.record.sealing import seal
from tests.factories.coordination import desk, filed

Cursor = psycopg.Cursor[Any]
MONDAY = datetime(2020, 3, 2, 4, tzinfo=UTC)
DAY = timedelta(days=1)


@contextmanager
def intruder(cursor: Cursor) -> Iterator[Cursor]:
    """The superuser with every trigger switched off."""
    cursor.execute("SET session_replication_role = replica")
    try:
        yield cursor
    finally:
        cursor.execute("SET session_replication_role = origin")


def history() -> list[Ticket]:
    """Two tickets of four and one event, over three days; the days before the last sealed."""
    with clock_at(MONDAY):
        at = desk()
        first, second = filed(at), filed(at)
    with clock_at(MONDAY + DAY):
        perform(Verb.ACCEPT, ticket=first, by=at.liaison)
        perform(Verb.COMMENT, ticket=first, by=at.lead, text="内部", internal=True)
    with clock_at(MONDAY + 2 * DAY):
        assert anchor_missing() == 2
        perform(Verb.RESOLVE, ticket=first, by=at.liaison, result="已放行", reasons={1: "改道"})
    assert list(audit()) == []
    return [first, second]


EVENT, TEXT, ANCHOR, RANGE = (
    f"tickets_{name}" for name in ("ticketevent", "eventtext", "eventanchor", "staterange")
)
OF_RANGES = ["{0}: its status, group or ranges are not what its events say"]
# What is done to which table's row, and what the audit says; {0} and {1} are the tickets' ids.
TAMPERING = {
    "verb": (EVENT, "SET verb = 'ask'", "ticket_id={0} AND seq=4", ["{0}/4: altered"]),
    "payload": (EVENT, "SET payload = '[]'", "ticket_id={0} AND seq=2", ["{0}/2: altered"]),
    "float": (EVENT, "SET payload = '[1.5]'", "ticket_id={0} AND seq=2", ["{0}/2: altered"]),
    "time": (
        EVENT, "SET recorded_at = recorded_at + interval '1 second'", "ticket_id={0} AND seq=3",
        ["{0}/3: altered"],
    ),
    "internal": (EVENT, "SET is_internal = false", "ticket_id={0} AND seq=3", ["{0}/3: altered"]),
    "hash": (EVENT, "SET hash = repeat('0', 64)", "ticket_id={0} AND seq=4", ["{0}/4: altered"]),
    "digest": (
        EVENT, "SET text_digest = ''", "ticket_id={0} AND seq=4",
        ["{0}/4: altered", "{0}/4: its text was altered"],
    ),
    "text": (
        TEXT, "SET body = '[]'",
        "event_id=(SELECT id FROM tickets_ticketevent WHERE ticket_id={0} AND seq=3)",
        ["{0}/3: its text was altered"],
    ),
    "text sealed by us": (
        TEXT, f"SET body = '{seal('{}')}'",
        "event_id=(SELECT id FROM tickets_ticketevent WHERE ticket_id={0} AND seq=3)",
        ["{0}/3: its text was altered"],
    ),
    "event": (
        EVENT, "DELETE", "ticket_id={0} AND seq=3",
        [
            "{0}/4: an event before it is missing or altered",
            "2020-03-03: its events are not those that were sealed",
        ],
    ),
    "last event": (
        EVENT, "DELETE", "ticket_id={1}",  # no trace in the chain: the day's seal knows
        [
            "2020-03-02: its events are not those that were sealed",
            "{1}: its status, group or ranges are not what its events say",
        ],
    ),
    "count": (
        ANCHOR, "SET event_count = 3", "day='2020-03-02'",
        ["2020-03-02: its events are not those that were sealed"],
    ),
    "status of a range": (
        RANGE, "SET status = 'need_info'", "ticket_id={0} AND ended_at IS NULL", OF_RANGES,
    ),
    "group of a range": (
        RANGE, "SET group_id = NULL", "ticket_id={0} AND status='in_progress'", OF_RANGES,
    ),
    "end of a range": (
        RANGE, "SET ended_at = ended_at + interval '1 second'",
        "ticket_id={0} AND status='submitted'", OF_RANGES,
    ),
    "kind of a range": (
        RANGE, "SET kind = 'material_supply'", "ticket_id={0} AND status='submitted'", OF_RANGES,
    ),
    "range": (RANGE, "DELETE", "ticket_id={0} AND status='in_progress'", OF_RANGES),
    "status of a ticket": ("tickets_ticket", "SET status = 'in_progress'", "id={0}", OF_RANGES),
    "group of a ticket": ("tickets_ticket", "SET group_id = NULL", "id={0}", OF_RANGES),
    "anchor": (
        ANCHOR, "DELETE", "day='2020-03-02'",
        ["2020-03-03: its events are not those that were sealed"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERING)
def test_what_was_altered_is_named(superuser_cursor: Cursor, what: str) -> None:
    table, change, where, expected = TAMPERING[what]
    ids = [ticket.pk for ticket in history()]
    begin = f"DELETE FROM {table}" if change == "DELETE" else f"UPDATE {table} {change}"  # noqa: S608 - ours
    with intruder(superuser_cursor) as cursor:
        cursor.execute(f"{begin} WHERE {where.format(*ids)}".encode())
        assert cursor.rowcount == 1
    named = [line.format(*ids) for line in expected]
    assert list(audit()) == named
    errors = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_audit", stdout=StringIO(), stderr=errors)
    assert errors.getvalue().splitlines() == named


@pytest.mark.parametrize("statement", [
    "UPDATE tickets_ticketevent SET verb = verb",
    "DELETE FROM tickets_ticketevent",
    "DELETE FROM tickets_ticket",
    "UPDATE tickets_eventanchor SET event_count = 0",
    "TRUNCATE tickets_fulfilment",
    "TRUNCATE tickets_ticketevent CASCADE",
])  # fmt: skip
def test_not_even_the_owner_alters_the_record(owner_cursor: Cursor, statement: str) -> None:
    history()
    with pytest.raises(psycopg.Error):
        owner_cursor.execute(statement.encode())
    assert list(audit()) == []


@pytest.mark.django_db
def test_erasing_words_breaks_nothing() -> None:
    history()
    assert EventText.objects.all().delete()[0] == 4
    assert list(audit()) == []
    output = StringIO()
    call_command("verify_audit", stdout=output)
    assert output.getvalue() == "nothing was altered\n"


@pytest.mark.django_db
def test_seals_catch_up_after_days_asleep() -> None:
    history()
    with clock_at(MONDAY + 2 * DAY):
        assert anchor_missing() == 0  # today is not over
    with clock_at(MONDAY + 9 * DAY):
        assert (anchor_missing(), anchor_missing()) == (1, 0)
    rows = list(EventAnchor.objects.order_by("day"))
    assert [(row.day.day, row.event_count) for row in rows] == [(2, 2), (3, 2), (4, 1)]
    assert [row.previous_hash for row in rows] == ["", rows[0].hash, rows[1].hash]
    assert list(audit()) == []


@pytest.mark.django_db
def test_a_day_is_sealed_by_the_clock_of_the_city() -> None:
    late = datetime(2020, 3, 2, 15, 59, 59, tzinfo=UTC)  # the last second of the 2nd in Luoyang
    with clock_at(late):
        at = desk()
        filed(at)
    with clock_at(late + timedelta(seconds=1)):
        filed(at)
        assert anchor_missing() == 1
    (row,) = EventAnchor.objects.all()
    assert (row.day, row.event_count) == (timezone.localdate(late), 1)
