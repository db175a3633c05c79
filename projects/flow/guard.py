"""Triggers by which the database itself enforces a flow, for a table of things and its events.

At commit a thing's status must be that of its last event, so no status changes without an event.
An event must continue its thing's chain by a step that the table of transitions allows.
"""

from typing import Final

import pgtrigger

_STATE_HAS_ITS_EVENT: Final = """
    SELECT thing.status, (
            SELECT event.to_status FROM {events} AS event
            WHERE event.{thing}_id = thing.id ORDER BY event.seq DESC LIMIT 1
        ) INTO current_status, last_status
        FROM {things} AS thing WHERE thing.id = {id};
    IF current_status IS DISTINCT FROM last_status THEN
        RAISE EXCEPTION '{thing} %: status % is not what its last event says (%)',
            {id}, current_status, last_status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
"""
_EVENT_CONTINUES: Final = """
    IF NEW.seq > 1 THEN
        SELECT * INTO previous FROM {events}
            WHERE {thing}_id = NEW.{thing}_id AND seq = NEW.seq - 1;
    END IF;
    IF NEW.seq <> COALESCE(previous.seq, 0) + 1
        OR NEW.previous_hash <> COALESCE(previous.hash, '')
        OR NEW.from_status <> COALESCE(previous.to_status, '')
    THEN
        RAISE EXCEPTION 'event % of {thing} % does not continue its chain',
            NEW.seq, NEW.{thing}_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM flow_transition AS step WHERE step.flow = '{flow}'
            AND step.verb = NEW.verb AND step.source = NEW.from_status
            AND step.target = NEW.to_status
    ) THEN
        RAISE EXCEPTION 'the flow has no step % from % to %',
            NEW.verb, NEW.from_status, NEW.to_status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
"""


def _status_check(
    name: str,
    operation: pgtrigger.Operation,
    condition: pgtrigger.Condition | None = None,
    **names: str,
) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        operation=operation,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        condition=condition,
        declare=[("last_status", "TEXT"), ("current_status", "TEXT")],
        func=_STATE_HAS_ITS_EVENT.format(**names),
    )


def thing_guard(*, thing: str, things: str, events: str) -> list[pgtrigger.Trigger]:
    """The triggers of the table of things: a status needs its event, and no row is deleted.

    ``thing`` is the foreign key's name in the table of events, ``things`` and ``events`` are the
    tables' names.
    """
    written = pgtrigger.Insert | pgtrigger.UpdateOf("status")  # type: ignore[no-untyped-call]  # pgtrigger has no types there
    return [
        _status_check(
            "status_has_its_event", written, id="NEW.id", thing=thing, things=things, events=events
        ),
        pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
    ]


def event_guard(*, flow: str, thing: str, things: str, events: str) -> list[pgtrigger.Trigger]:
    """The triggers of the table of events, by the transitions of ``flow``."""
    return [
        pgtrigger.Trigger(
            name="continues_its_chain",
            operation=pgtrigger.Insert,
            when=pgtrigger.Before,
            declare=[("previous", f"{events}%ROWTYPE")],
            func=_EVENT_CONTINUES.format(flow=flow, thing=thing, events=events),
        ),
        # The first event is written with its thing, whose own trigger checks it.
        _status_check(
            "status_follows", pgtrigger.Insert, pgtrigger.Q(new__seq__gt=1),
            id=f"NEW.{thing}_id", thing=thing, things=things, events=events,
        ),
    ]  # fmt: skip
