"""An event as an enterprise is told of it, where nobody asked: the same as the feed gives."""

from typing import Any, Final

from django.utils import timezone

from coordination.tickets.feed.models import FeedEntry
from coordination.tickets.feed.queries import cursor_of
from coordination.tickets.flow import Verb
from coordination.tickets.models import TicketEvent
from coordination.tickets.queries_words import text_of

# What an enterprise never hears of, for it is between the centre and its officers.
INTERNAL: Final = frozenset({
    Verb.ASSIST, Verb.RELEASE, Verb.SUPERVISE, Verb.EXPLAIN, Verb.REFER, Verb.ANSWER_REFERRAL,
    Verb.CHASE, Verb.RECALL,
})  # fmt: skip
_WORDS: Final[dict[Verb, str]] = {
    Verb.SUBMIT: "submitted",
    Verb.ACCEPT: "accepted",
    Verb.ASK: "asked",
    Verb.SUPPLEMENT: "supplemented",
    Verb.DECLINE: "declined",
    Verb.WITHDRAW: "withdrawn",
    Verb.PASS_ON: "passed_on",
    Verb.RESOLVE: "resolved",
    Verb.REDO: "redone",
    Verb.CONFIRM: "confirmed",
    Verb.WRITE_OFF: "written_off",
    Verb.SIGN_OFF: "signed_off",
    Verb.COUNTERSIGN: "countersigned",
    Verb.REOPEN: "reopened",
    Verb.FULFIL: "line_fulfilled",
    Verb.REFUSE: "line_refused",
    Verb.RECONSIDER: "line_reconsidered",
    Verb.ADD_LINES: "lines_added",
    Verb.LINK: "linked",
    Verb.UNLINK: "unlinked",
    Verb.DUPLICATE: "duplicated",
    Verb.ATTACH: "file_attached",
    Verb.DETACH: "file_withdrawn",
    Verb.COMMENT: "commented",
    Verb.HAND_OVER: "handed_over",
    Verb.URGE: "urged",
    Verb.LAPSE: "question_lapsed",
    Verb.ESCALATE: "escalated",
    Verb.REGRADE: "regraded",
    Verb.EXTEND: "extension_asked",
    Verb.GRANT: "extension_granted",
    Verb.DENY: "extension_denied",
}


def topic_of(verb: str) -> str:
    """``ticket.accepted``: what has happened. A verb without a word of its own goes by its name."""
    return f"ticket.{_WORDS.get(Verb(verb), verb)}"


TOPICS: Final = {topic_of(verb): verb.label for verb in Verb if verb not in INTERNAL}


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
        "label": event.get_verb_display(),
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
