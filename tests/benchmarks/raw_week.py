"""What happened to tickets in a week and where they stood, by the least SQL that says it."""

from collections import defaultdict
from typing import Any, Final

from django.db import connection

from projects.house.blocks import Period

_MOVES: Final = """
    SELECT kind, group_id,
        count(*) FILTER (WHERE status_before = ''),
        count(*) FILTER (WHERE status_before IN ('closed', 'declined', 'withdrawn')
            AND status IN ('submitted', 'in_progress', 'need_info', 'resolved')),
        count(*) FILTER (WHERE status_before IN ('submitted', 'in_progress', 'need_info',
            'resolved') AND status IN ('closed', 'declined', 'withdrawn'))
    FROM tickets_staterange WHERE began_at > %(start)s AND began_at <= %(end)s
    GROUP BY kind, group_id
"""
_OPEN: Final = """
    SELECT kind, group_id, count(*) FROM tickets_staterange
    WHERE began_at <= %(at)s AND COALESCE(ended_at, 'infinity'::timestamptz) > %(at)s
        AND status IN ('submitted', 'in_progress', 'need_info', 'resolved')
    GROUP BY kind, group_id
"""
_RESOLVED: Final = """
    SELECT state.kind, state.group_id, count(*),
        count(*) FILTER (WHERE event.payload->'in_time' = 'true'::jsonb),
        count(*) FILTER (WHERE event.payload->'in_time' = 'false'::jsonb)
    FROM tickets_ticketevent AS event JOIN tickets_staterange AS state ON state.event_id = event.id
    WHERE event.recorded_at > %(start)s AND event.recorded_at <= %(end)s AND event.verb = 'resolve'
    GROUP BY state.kind, state.group_id
"""
_OVERDUE: Final = """
    SELECT ticket.kind, ticket.group_id, count(*) FROM tickets_ticket AS ticket
    WHERE ticket.clock_due < %(end)s
        AND (ticket.paused_at IS NULL OR ticket.clock_due < ticket.paused_at)
    GROUP BY ticket.kind, ticket.group_id
"""
_NAMES: Final = (
    "filed", "reopened", "ended", "open_before", "open_after", "resolved", "in_time", "late",
    "overdue",
)  # fmt: skip


def raw_week(period: Period) -> tuple[dict[str, dict[str, int]], dict[int, dict[str, int]]]:
    """Of each kind, and of each group, the figures of the period; overdue is that of now."""
    by_kind: Any = defaultdict(lambda: dict.fromkeys(_NAMES, 0))
    by_group: Any = defaultdict(lambda: dict.fromkeys(_NAMES, 0))
    times = {"start": period.start, "end": period.end}
    asked: tuple[tuple[str, dict[str, Any], tuple[str, ...]], ...] = (
        (_MOVES, times, _NAMES[:3]),
        (_OPEN, {"at": period.start}, ("open_before",)),
        (_OPEN, {"at": period.end}, ("open_after",)),
        (_RESOLVED, times, ("resolved", "in_time", "late")),
        (_OVERDUE, times, ("overdue",)),
    )
    with connection.cursor() as cursor:
        for query, given, names in asked:
            cursor.execute(query, given)
            for kind, group, *numbers in cursor.fetchall():
                for name, number in zip(names, numbers, strict=True):
                    by_kind[kind][name] += number
                    by_group[group][name] += number
    return dict(by_kind), dict(by_group)
