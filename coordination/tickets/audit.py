"""What tickets compare with the record: the chains of events, and the sums of each line."""

from collections.abc import Iterator
from typing import Final

from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import TicketEvent
from projects.flow.chain import altered
from projects.record.audit import within
from projects.record.findings import Difference, Finding, finding
from projects.record.reading import rows

_AT_ONCE: Final = 2000
_WRONG_SUMS: Final = """
    SELECT line.ticket_id, line.position FROM {lines} AS line
    LEFT JOIN (
        SELECT ticket_id, line, sum(quantity) AS quantity FROM tickets_fulfilment GROUP BY 1, 2
    ) AS met ON (met.ticket_id, met.line) = (line.ticket_id, line.position)
    LEFT JOIN (
        SELECT ticket_id, line, sum(quantity) AS quantity FROM tickets_linerefusal GROUP BY 1, 2
    ) AS refused ON (refused.ticket_id, refused.line) = (line.ticket_id, line.position)
    WHERE (line.met, line.refused)
        IS DISTINCT FROM (coalesce(met.quantity, 0), coalesce(refused.quantity, 0))
    ORDER BY 1, 2
"""


def altered_events(part: str) -> Iterator[Finding]:
    """Name every event and text of these tickets that is not as it was written."""
    events = TicketEvent.objects.filter(**within(part, "ticket_id")).select_related("text")
    events = events.order_by("ticket_id", "seq")
    yield from altered(events.iterator(chunk_size=_AT_ONCE))


def wrong_sums() -> Iterator[Finding]:
    """Name every line that is met or refused otherwise than its facts say."""
    for kind in KINDS.values():
        statement = _WRONG_SUMS.format(lines=kind.model._meta.db_table)
        for ticket, position in rows(statement, {}):
            yield finding(kind.model, f"{ticket}/{position}", Difference.SETTLED)
