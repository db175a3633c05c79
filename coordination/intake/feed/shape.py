"""An event as an enterprise is told of it, where nobody asked: the same as the feed gives."""

from typing import Any

from django.utils import timezone

from coordination.intake.feed.queries import cursor_of
from coordination.intake.models import FeedEntry
from coordination.tickets.flow import FLOW
from coordination.tickets.models import TicketEvent
from coordination.tickets.queries_words import text_of
from projects.house.rooms import Topic


def topic_of(verb: str) -> str:
    """``ticket.accepted``: what has happened. A verb without a word of its own goes by its name."""
    said = FLOW[verb].topic if verb in FLOW else ""
    return f"ticket.{said or verb}"


def topics() -> list[Topic]:
    """What an enterprise's webhook may be told: each verb that enterprises learn of."""
    return [Topic(topic_of(rule.verb), rule.label) for rule in FLOW.rules() if not rule.is_internal]


def actor_of(event: TicketEvent) -> dict[str, str]:
    """Who did it."""
    if event.officer:
        return {"kind": "officer", "name": str(event.officer)}
    if event.api_key:
        return {"kind": "enterprise", "name": event.api_key.enterprise.name}
    return {"kind": "system", "name": ""}


def as_told(entry: FeedEntry) -> dict[str, Any]:
    """The members that the feed's entry has, in the language that is in force."""
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
