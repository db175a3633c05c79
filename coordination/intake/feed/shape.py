"""An event as webhooks send it, with the same fields as in the feed."""

from typing import Any, Final

from django.utils import timezone

from coordination.amendments.queries import Change, Value, changes_of, label_of, place_called
from coordination.intake.feed.queries import cursor_of
from coordination.intake.models import FeedEntry
from coordination.tickets.flow import FLOW
from coordination.tickets.models import TicketEvent
from coordination.tickets.queries_authors import enterprise_of
from coordination.tickets.queries_words import text_of
from projects.access.problems import pointer
from projects.house.rooms import Topic
from projects.record.refusals import Path
from projects.register.names import Names

# The ticket has two fields of what its JSON shows as one object.
CONTACT: Final[dict[str, Path]] = {
    "contact_name": ("contact", "name"), "contact_mobile": ("contact", "mobile"),
}  # fmt: skip


def topic_of(verb: str) -> str:
    """The topic of a verb's events, such as ``ticket.accepted``."""
    name = FLOW[verb].topic if verb in FLOW else ""
    return f"ticket.{name or verb}"


def topics() -> list[Topic]:
    """The topics that webhooks can receive: those of all verbs that are not internal."""
    return [Topic(topic_of(rule.verb), rule.label) for rule in FLOW.rules() if not rule.is_internal]


def actor_of(event: TicketEvent, names: Names | None = None) -> dict[str, str | None]:
    """The kind and name of the event's actor; an enterprise by its name of then."""
    if event.officer:
        return {"kind": "officer", "name": str(event.officer)}
    if enterprise := enterprise_of(event, names):
        return {"kind": "enterprise", "name": enterprise.name}
    return {"kind": "system", "name": None}


def represent_changes(event: TicketEvent) -> list[dict[str, str | None]]:
    """What the event changed of its ticket, or proposed to change; mostly nothing."""
    return [
        {
            "pointer": pointer(_path_of(change)), "label": label_of(event.ticket.kind, change),
            "before": _as_text(change.before), "after": _as_text(change.after),
            "before_name": place_called(event, change, change.before),
            "after_name": place_called(event, change, change.after),
        }
        for change in changes_of(event)
    ]  # fmt: skip


def _path_of(change: Change) -> Path:
    """Where the field is in the ticket's JSON."""
    if change.line is not None:
        return ("lines", change.line - 1, change.field)
    return CONTACT.get(change.field, (change.field,))


def _as_text(value: Value) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


def represent_entry(entry: FeedEntry, names: Names) -> dict[str, Any]:
    """The entry as JSON, in the active language."""
    event, ticket = entry.event, entry.event.ticket
    return {
        "seq": event.seq,
        "verb": event.verb,
        "label": event.verb_label,
        "from": event.from_status or None,
        "to": event.to_status,
        "actor": actor_of(event, names),
        "at": timezone.localtime(event.recorded_at).isoformat(),
        "text": text_of(event),
        "changes": represent_changes(event),
        "cursor": cursor_of(entry),
        "ticket": {
            "number": ticket.number, "kind": ticket.kind,
            "project": {"code": ticket.project.code, "name": ticket.project.name},
            "external_id": ticket.external_id or None,
        },
    }  # fmt: skip
