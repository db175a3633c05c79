"""Whether the ranges of tickets' states, and the tickets, are what the events say."""

from collections.abc import Iterator
from typing import Final

from django.db import connection

from coordination.tickets.models import Ticket
from projects.record.findings import Difference, Finding, finding

_NAMED_AT_ONCE: Final = 2000

# Read from the events alone: the group is that of the last event that says one, and a range begins
# with each event after which status or group is another.
_WRONG: Final = """
    WITH stood AS (
        SELECT id, ticket_id, seq, to_status, recorded_at, (
            array_agg((payload->>'group')::bigint) FILTER (WHERE payload ? 'group')
                OVER (PARTITION BY ticket_id ORDER BY seq)
        ) AS groups
        FROM tickets_ticketevent
    ), held AS (
        SELECT id, ticket_id, seq, to_status, recorded_at,
            groups[cardinality(groups)] AS group_id
        FROM stood
    ), followed AS (
        SELECT *, lag(to_status, 1, '') OVER each_ticket AS status_before,
            lag(group_id) OVER each_ticket AS group_before
        FROM held WINDOW each_ticket AS (PARTITION BY ticket_id ORDER BY seq)
    ), said AS (
        SELECT id, ticket_id, to_status, group_id, status_before, group_before, recorded_at,
            lead(recorded_at) OVER (PARTITION BY ticket_id ORDER BY seq) AS until
        FROM followed
        WHERE status_before <> to_status OR group_before IS DISTINCT FROM group_id
    ), kept AS (
        SELECT event_id, ticket_id, status, group_id, status_before, group_before_id, began_at,
            ended_at
        FROM tickets_staterange
    )
    SELECT ticket_id FROM (
        (SELECT * FROM said EXCEPT SELECT * FROM kept)
        UNION ALL (SELECT * FROM kept EXCEPT SELECT * FROM said)
    ) AS differing
    UNION
    SELECT state.ticket_id FROM tickets_staterange AS state
        LEFT JOIN tickets_ticket AS ticket ON ticket.id = state.ticket_id
        WHERE (ticket.kind, ticket.project_id) IS DISTINCT FROM (state.kind, state.project_id)
    UNION
    SELECT ticket.id FROM tickets_ticket AS ticket
        LEFT JOIN tickets_staterange AS state
            ON state.ticket_id = ticket.id AND state.ended_at IS NULL
        WHERE (ticket.status, ticket.group_id) IS DISTINCT FROM (state.status, state.group_id)
    ORDER BY 1
"""


def wrong_ranges() -> Iterator[Finding]:
    """Name every ticket that stands, or has ranges, otherwise than its events say."""
    with connection.cursor() as cursor:
        cursor.execute(_WRONG)
        while rows := cursor.fetchmany(_NAMED_AT_ONCE):
            for (ticket,) in rows:
                yield finding(Ticket, ticket, Difference.STANDING)
