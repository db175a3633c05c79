"""The chain of events and what stands beside it: what was altered is named."""

# ruff: noqa: S608 - statements of our own
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import psycopg
import pytest
from django.db.models import BooleanField, DateTimeField

from coordination.tickets.flow import Verb
from coordination.tickets.models import EventText, Ticket
from coordination.tickets.models.clock import Clocked
from coordination.tickets.retell import COMPARED
from coordination.tickets.verbs.registry import perform
from projects.record.anchors import anchor_record
from projects.record.audit import audit
from projects.record.clock import clock_at
from projects.record.sealing import seal
from tests.coordination.audit.scene import altered
from tests.factories.coordination import desk, filed

Cursor = psycopg.Cursor[Any]
MONDAY = datetime(2020, 3, 2, 4, tzinfo=UTC)
DAY = timedelta(days=1)
_OF_CLOCK: Final = {each.attname for each in Clocked._meta.local_fields}


def history() -> list[Ticket]:
    """Two tickets of four and one event, over three days."""
    with clock_at(MONDAY):
        at = desk()
        first, second = filed(at), filed(at)
    with clock_at(MONDAY + DAY):
        perform(Verb.ACCEPT, ticket=first, by=at.liaison)
        perform(Verb.COMMENT, ticket=first, by=at.lead, text="内部", internal=True)
    with clock_at(MONDAY + 2 * DAY):
        perform(Verb.RESOLVE, ticket=first, by=at.liaison, result="已放行", reasons={1: "改道"})
    assert said() == []
    return [first, second]


def said() -> list[str]:
    return [f"{each.row} {each.difference}" for each in audit()]


EVENT, TEXT, RANGE, TICKET = (
    f"tickets_{name}" for name in ("ticketevent", "eventtext", "staterange", "ticket")
)
_OF_3 = f"event_id = (SELECT id FROM {EVENT} WHERE ticket_id = {{0}} AND seq = 3)"
# What is done to which row, and what the audit says; {0} and {1} are the tickets' ids.
TAMPERING: Final = {
    f"UPDATE {EVENT} SET verb = 'ask' WHERE ticket_id={{0}} AND seq=4": ["{0}/4 hash"],
    f"UPDATE {EVENT} SET payload = '[]' WHERE ticket_id={{0}} AND seq=2": ["{0}/2 hash"],
    f"UPDATE {EVENT} SET payload = '[1.5]' WHERE ticket_id={{0}} AND seq=2": ["{0}/2 hash"],
    f"UPDATE {EVENT} SET recorded_at = recorded_at + interval '1 second'"
    " WHERE ticket_id={0} AND seq=3": ["{0}/3 hash"],
    f"UPDATE {EVENT} SET is_internal = false WHERE ticket_id={{0}} AND seq=3":
        ["{0}/3 hash", "{0} events", "{0}/3 unplaced"],
    f"UPDATE {EVENT} SET hash = repeat('0', 64) WHERE ticket_id={{0}} AND seq=4":
        ["{0}/4 altered", "{0}/4 hash"],
    f"UPDATE {EVENT} SET text_digest = '' WHERE ticket_id={{0}} AND seq=4":
        ["{0}/4 hash", "{0}/4 text"],
    f"UPDATE {TEXT} SET body = '[]' WHERE {_OF_3}": ["{0}/3 text"],
    f"UPDATE {TEXT} SET body = '{seal('{{}}')}' WHERE {_OF_3}": ["{0}/3 text"],
    f"DELETE FROM {EVENT} WHERE ticket_id={{0}} AND seq=3": ["{0}/3 deleted", "{0}/4 chain"],
    f"DELETE FROM {EVENT} WHERE ticket_id={{1}}": ["{1}/1 deleted", "{1} standing"],
    f"UPDATE {RANGE} SET status = 'need_info' WHERE ticket_id={{0}} AND ended_at IS NULL":
        ["{0} standing"],
    f"UPDATE {RANGE} SET group_id = NULL WHERE ticket_id={{0}} AND status='in_progress'":
        ["{0} standing"],
    f"UPDATE {RANGE} SET ended_at = ended_at + interval '1 second'"
    " WHERE ticket_id={0} AND status='submitted'": ["{0} standing"],
    f"UPDATE {RANGE} SET kind = 'material_supply' WHERE ticket_id={{0}} AND status='submitted'":
        ["{0} standing"],
    f"DELETE FROM {RANGE} WHERE ticket_id={{0}} AND status='in_progress'": ["{0} standing"],
    f"UPDATE {TICKET} SET status = 'in_progress' WHERE id={{0}}": ["{0} standing"],
    f"UPDATE {TICKET} SET group_id = NULL WHERE id={{0}}": ["{0} standing"],
}  # fmt: skip


def test_what_was_altered_is_named(superuser_cursor: Cursor) -> None:
    ids = [ticket.pk for ticket in history()]
    found = {}
    for statement in TAMPERING:
        with altered(superuser_cursor, statement.format(*ids)):
            found[statement] = said()
    expected = {each: [line.format(*ids) for line in lines] for each, lines in TAMPERING.items()}
    assert found == expected
    assert said() == []


# What each column is altered to; the ticket was asked about, regraded, extended and signed for.
_ALTERED: Final = {
    "handler_id": "NULL", "urgency": "'critical'", "version": "version + 1",
    "asked_from": "'submitted'", "resolved_by_id": "NULL",
    "signed_off_by_id": "{lead}, signed_off_at = '2020-03-02'",
    "signed_off_at": "'2020-03-02', signed_off_by_id = {lead}",
    "term_unit": "'hour'", "satisfaction": "3", "extension_asked_by_id": "handler_id",
    "pauses": "array[tstzrange('2020-03-02', '2020-03-03')]",
    "resolved_periods": "array[tstzrange('2020-03-02', '2020-03-03')]",
}  # fmt: skip


def _other_value(name: str) -> str:
    """An expression for another value of the column."""
    field = next(each for each in Ticket._meta.concrete_fields if each.attname == name)
    if name in _ALTERED:
        return _ALTERED[name]
    if isinstance(field, BooleanField):
        return f"NOT {name}"
    if isinstance(field, DateTimeField):
        return f"coalesce({name}, '2020-03-02') + interval '1 second'"
    return f"{name} + 1"


def test_every_column_that_follows_from_events_is_compared(superuser_cursor: Cursor) -> None:
    with clock_at(MONDAY):
        at = desk()
        ticket = filed(at)
        perform(Verb.ACCEPT, ticket=ticket, by=at.liaison)
        perform(Verb.ASK, ticket=ticket, by=at.liaison, question="哪条路")
        perform(Verb.SUPPLEMENT, ticket=ticket, by=at.key, answer="国道")
        perform(Verb.REGRADE, ticket=ticket, by=at.lead, urgency="urgent", reason="急")
        perform(Verb.RESOLVE, ticket=ticket, by=at.liaison, result="已放行", reasons={1: "改道"})
        asked = filed(at)
        perform(Verb.ASK, ticket=asked, by=at.liaison, question="哪条路")
    assert said() == []
    for name in COMPARED:
        row = asked if name == "paused_at" else ticket  # only an asked one may have it
        other = _other_value(name).format(lead=at.lead.pk)
        change = f"UPDATE {TICKET} SET {name} = {other} WHERE id = {row.pk}"
        with altered(superuser_cursor, change):
            difference = (
                "handler" if name == "handler_id"
                else "urgency" if name == "urgency"
                else "deadline" if name in _OF_CLOCK
                else "events"
            )  # fmt: skip
            assert said() == [f"{row.pk} {difference}"], name


def test_every_column_of_a_ticket_is_compared_but_for_one() -> None:
    columns = {
        each.attname for each in Ticket._meta.concrete_fields
        if not each.generated and each.name not in Ticket.FIXED_COLUMNS
    }  # fmt: skip
    assert columns - set(COMPARED) == {
        "id", "status", "group_id", "awaits_year"
    }  # fmt: skip


@pytest.mark.parametrize("statement", [
    "UPDATE tickets_ticketevent SET verb = verb",
    "DELETE FROM tickets_ticketevent",
    "DELETE FROM tickets_ticket",
    "UPDATE record_anchor SET entries = 0",
    "TRUNCATE tickets_fulfilment",
    "TRUNCATE tickets_ticketevent CASCADE",
])  # fmt: skip
def test_not_even_the_owner_alters_the_record(owner_cursor: Cursor, statement: str) -> None:
    history()
    anchor_record()
    with pytest.raises(psycopg.Error):
        owner_cursor.execute(statement.encode())
    assert said() == []


@pytest.mark.django_db
def test_words_that_no_purge_erased_are_missed_and_break_no_chain() -> None:
    first, second = history()
    assert EventText.objects.all().delete()[0] == 4
    assert said() == [
        f"{first.pk}/1 text_deleted", f"{first.pk}/3 text_deleted", f"{first.pk}/4 text_deleted",
        f"{second.pk}/1 text_deleted",
    ]  # fmt: skip
