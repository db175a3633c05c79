"""What happened to a ticket, as its page tells it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from coordination.groups.models import Officer
from coordination.tickets.escalation.ladder import Level
from coordination.tickets.flow import Verb
from coordination.tickets.links.queries import RELATIONS
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.privacy.masks import mask_numbers
from coordination.tickets.privacy.models import PersonalGroup
from coordination.tickets.privacy.queries import is_revealed
from coordination.tickets.queries import timeline

# What was said with a verb, or what its file was called; title, detail and contact stand above,
# the contact's number masked.
_WORDS: Final = (
    "file_name",
    "question",
    "answer",
    "reason",
    "result",
    "follow_up",
    "note",
    "text",
    "instruction",
)


@dataclass(frozen=True)
class Entry:
    """One event: who, when, and in which words."""

    event: TicketEvent
    verb: str
    who: str
    words: list[str]


def timeline_panel(ticket: Ticket, officer: Officer) -> dict[str, Any]:
    """The panel: what happened, the last event first."""
    events = list(timeline(ticket, officer))
    named, said = _named(events), saying(ticket, officer)
    return {"entries": [_entry(event, named, said) for event in events][::-1]}


def saying(ticket: Ticket, officer: Officer) -> Callable[[str], str]:
    """How words of this ticket are shown to him: without mobiles and ID numbers until he asks."""
    clear = is_revealed(ticket, PersonalGroup.WORDS, officer)
    return str if clear else mask_numbers


def _named(events: list[TicketEvent]) -> dict[int, str]:
    """The officers that events speak of, beside those who did them."""
    ids = {event.payload.get("officer") for event in events} - {None}
    return {each.pk: str(each) for each in Officer.objects.filter(pk__in=ids)} if ids else {}


def meanwhile(ticket: Ticket, officer: Officer, seen: int | None) -> list[Entry]:
    """What happened since the version that he had before him; each verb but a remark made one."""
    if seen is None or seen >= ticket.version:
        return []
    versions = [event for event in timeline(ticket, officer) if not event.is_internal]
    said = saying(ticket, officer)
    return [_entry(event, {}, said) for event in versions[seen:]]


def _entry(event: TicketEvent, named: dict[int, str], said: Callable[[str], str]) -> Entry:
    words = [said(each) for each in _words(event)]
    if event.payload.get("officer") in named:
        words.insert(0, named[event.payload["officer"]])
    return Entry(event, str(Verb(event.verb).label), _who(event), words)


def _who(event: TicketEvent) -> str:
    if event.officer is not None:
        return str(event.officer)
    return str(event.api_key.enterprise) if event.api_key is not None else _("The system")


def _words(event: TicketEvent) -> list[str]:
    said = getattr(event, "text", None)
    body = said.body if said is not None else {}
    words = [str(body[name]) for name in _WORDS if body.get(name)]
    if event.verb == Verb.FULFIL:
        words.insert(0, _("Line %(line)s: %(quantity)s") % event.payload)
    if "relation" in event.payload:
        words.insert(0, f"{RELATIONS[event.payload['relation']]} {event.payload['number']}")
    if event.verb in {Verb.REFUSE, Verb.RECONSIDER}:
        words.insert(0, _("Line %(line)s") % event.payload)
    if "attachment" in event.payload:
        words.insert(0, _("Attachment %(attachment)s") % event.payload)
    if event.verb == Verb.ESCALATE:
        words.insert(0, str(Level(event.payload["level"]).label))
    if event.verb == Verb.ADD_LINES:
        words.insert(0, _("Lines added: %(number)s") % {"number": len(event.payload["asked"])})
    return words
