"""An event as webhooks send it, with the same fields as in the feed."""

from typing import Any

from django.utils import timezone

from coordination.intake.feed.queries import cursor_of
from coordination.intake.models import FeedEntry
from coordination.tickets.flow import FLOW
from coordination.tickets.models import TicketEvent
from coordination.tickets.queries_words import text_of
from projects.house.rooms import Topic


def topic_of(verb: str) -> str:
    """The topic of a verb's events, such as ``ticket.accepted``."""
    name = FLOW[verb].topic if verb in FLOW else ""
    return f"ticket.{name or verb}"


def topics() -> list[Topic]:
    """The topics that webhooks can receive: those of all verbs that are not internal."""
    return [Topic(topic_of(rule.verb), rule.label) for rule in FLOW.rules() if not rule.is_internal]


def actor_of(event: TicketEvent) -> dict[str, str]:
    """The kind and name of the event's actor."""
    if event.officer:
        return {"kind": "officer", "name": str(event.officer)}
    if event.api_key:
        return {"kind": "enterprise", "name": event.api_key.enterprise.name}
    return {"kind": "system", "name": ""}


def represent_entry(entry: FeedEntry) -> dict[str, Any]:
    """The entry as JSON, in the active language."""
    event, ticket = entry.event, entry.event.ticket
    return {
        "seq": event.seq,
        "verb": event.verb,
        "label": event.verb_label,
        "from": event.from_status,
        "to": event.to_status,
        "actor": actor_of(event),
        "at": timezone.localtime(event.recorded_at).isoformat(),
        "text": text_of(event),
        "cursor": cursor_of(entry),
        "ticket": {
            "number": ticket.number, "kind": ticket.kind, "project": ticket.project.code,
        },
    }  # fmt: skip
