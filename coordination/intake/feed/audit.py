"""What the feed compares with the events."""

from collections.abc import Iterator
from typing import Final

from projects.record.findings import Difference, Finding, found

_UNPLACED: Final = """
    SELECT 'tickets.ticketevent', concat(event.ticket_id, '/', event.seq)
    FROM tickets_ticketevent AS event
    WHERE NOT event.is_internal
        AND NOT EXISTS (SELECT FROM intake_feedentry WHERE event_id = event.id)
        AND NOT EXISTS (SELECT FROM intake_feedpending WHERE event_id = event.id)
    ORDER BY event.ticket_id, event.seq
"""


def unplaced_events() -> Iterator[Finding]:
    """Name every event that the feed should have, and neither has nor awaits."""
    return found(_UNPLACED, Difference.UNPLACED)
