"""The ranges of tickets' states, read by hand from the events."""

from itertools import groupby
from operator import attrgetter
from typing import Any

from coordination.tickets.models import StateRange, TicketEvent

type Range = dict[str, Any]


def ranges_by_hand() -> list[Range]:
    """Of every ticket: a range for each event after which status or group is another."""
    found: list[Range] = []
    events = TicketEvent.objects.select_related("ticket").order_by("ticket", "seq")
    for _ticket, own in groupby(events, key=attrgetter("ticket_id")):
        ranges: list[Range] = []
        status, group = "", None
        for event in own:
            routed = event.verb in {"submit", "pass_on", "hand_over", "revive"}
            now_with = event.payload["group"] if routed else group
            if (event.to_status, now_with) == (status, group):
                continue
            if ranges:
                ranges[-1]["ended_at"] = event.recorded_at
            ranges.append({
                "event_id": event.pk, "ticket_id": event.ticket_id, "kind": event.ticket.kind,
                "project_id": event.ticket.project_id, "status": event.to_status,
                "group_id": now_with, "status_before": status, "group_before_id": group,
                "began_at": event.recorded_at, "ended_at": None,
            })  # fmt: skip
            status, group = event.to_status, now_with
        found += ranges
    return sorted(found, key=lambda each: each["event_id"])


def ranges_on_record() -> list[Range]:
    """What the database keeps."""
    return [dict(row) for row in StateRange.objects.order_by("event_id").values()]
