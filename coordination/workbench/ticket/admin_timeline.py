"""The timeline on a ticket's page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.db.models import Model
from django.utils.translation import gettext as _

from coordination.amendments.queries import changes_of
from coordination.staff.models import SCOPED, Officer
from coordination.tickets.attachments.queries import FILE_NAMES, numbers_in
from coordination.tickets.flow import Status, Verb
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.lines.totals import amount_of
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.queries import timeline
from coordination.tickets.queries_authors import names_of
from coordination.tickets.queries_links import RELATIONS
from coordination.tickets.queries_words import is_shut, part_of, text_of
from coordination.tickets.reader import TicketReader
from coordination.tickets.telling import by_when
from coordination.workbench.ticket.admin_amendments import Shown, shown_changes
from coordination.workbench.ticket.admin_facts import author_of
from projects.files.names import label_of
from projects.house.rooms import merged, rooms
from projects.record.sealed_fields import UNREADABLE

_FILE_NAME: Final = "file_name"
# The texts of a verb that are shown, and the name of its file; title, detail and contact are shown
# in other panels, the contact's number masked.
_WORDS: Final = (
    _FILE_NAME,
    "question",
    "answer",
    "reason",
    "result",
    "follow_up",
    "note",
    "text",
    "instruction",
    "matter",
)

# How the payload of a verb's event is put into words, shown before its texts.
_WORDS_BY_VERB: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    Verb.FULFIL: lambda given: (
        _("Line %(line)s, %(about)s: %(quantity)s %(unit)s met") % given
        if "about" in given else _("Line %(line)s: %(quantity)s") % given
    ),
    Verb.REFUSE: lambda given: _("Line %(line)s") % given,
    Verb.RECONSIDER: lambda given: _("Line %(line)s") % given,
    Verb.RECKON_AGAIN: lambda given: _due(given.get("clock")),
    Verb.ADD_LINES: lambda given: _("Lines added: %(number)s") % {"number": len(given["asked"])},
    Verb.SUPPLEMENT: lambda given: (
        _("Late answer: the question had lapsed; the clock runs on") if "late" in given else ""
    ),
    Verb.REVIVE: lambda given: (
        _("Its original is no longer handled: %(status)s")
        % {"status": Status(given["ended"]).label}
        if "ended" in given else ""
    ),
}  # fmt: skip


def _due(clock: dict[str, Any] | None) -> str:
    return by_when(datetime.fromisoformat(clock["due"])) if clock else ""


@dataclass(frozen=True)
class Entry:
    """One event: who, when, and its description."""

    event: TicketEvent
    verb: str
    who: str
    words: list[str]
    changes: list[Shown]


def timeline_panel(ticket: Ticket, reader: TicketReader) -> dict[str, Any]:
    """The panel: the events, the latest first."""
    events = list(timeline(ticket, reader.officer))
    entry = _Telling(reader, events, _named(events)).entry
    return {"entries": [entry(event) for event in events][::-1]}


# The persons and rows that an event's payload may refer to, in addition to the actor.
def _models_named() -> dict[str, type[Model]]:
    return {"officer": Officer} | merged(lambda pages: pages.named)


type _Names = dict[tuple[str, int], str]


def _named(events: list[TicketEvent]) -> _Names:
    """The officers and other rows to which the events refer."""
    found: _Names = {}
    for key, model in _models_named().items():
        ids = {event.payload.get(key) for event in events} - {None}
        rows = model._default_manager.filter(pk__in=ids) if ids else ()
        found |= {(key, each.pk): str(each) for each in rows}
    given = {pk for event in events if (pk := given_to(event)) is not None}
    handlers = Officer.objects.filter(pk__in=given) if given else ()
    return found | {("handler", each.pk): str(each) for each in handlers}


def given_to(event: TicketEvent) -> int | None:
    """Who handles the ticket from this event on, if another than who did it."""
    if event.verb not in {Verb.ACCEPT, Verb.HAND_OVER}:
        return None
    handler: int | None = event.payload.get("handler")
    return handler if handler != event.officer_id else None


def meanwhile(reader: TicketReader, seen: int | None) -> list[Entry]:
    """The events since the version that he saw; every event makes one, unless it is internal."""
    ticket = reader.ticket
    if seen is None or seen >= ticket.version:
        return []
    versions = [event for event in timeline(ticket, reader.officer) if not event.is_internal]
    entry = _Telling(reader, versions, {}).entry
    return [entry(event) for event in versions[seen:]]


class _Telling:
    """How the events of one ticket are told to one officer."""

    def __init__(self, reader: TicketReader, events: Sequence[TicketEvent], named: _Names) -> None:
        self.reader, self.named = reader, named
        self.called = names_of(events)
        self.shown_as = reader.words

    @cached_property
    def lines(self) -> dict[int, dict[str, str]]:
        """What each line is about, and its unit, by its position."""
        kind = KINDS[self.reader.ticket.kind]
        return {
            line.position: {"about": kind.about(line), "unit": amount_of(line).label}
            for line in self.reader.lines
        }

    def _line_of(self, event: TicketEvent) -> dict[str, str]:
        """The same of the line that the event is about; empty where it is about none."""
        return self.lines.get(event.payload["line"], {}) if event.verb == Verb.FULFIL else {}

    def entry(self, event: TicketEvent) -> Entry:
        """The event, with numbers and persons masked unless he sees them."""
        spoken_of = [(key, event.payload.get(key)) for key in _models_named()]
        names = [self.named[each] for each in spoken_of if each in self.named]
        names_files = self.reader.officer.role not in SCOPED  # who opens none reads no names
        spoken = _words(event, self._line_of(event), names_files=names_files)
        words = [self.shown_as(each) for each in spoken]
        if (handler := ("handler", given_to(event))) in self.named:
            words.insert(0, _("Handler: %(officer)s") % {"officer": self.named[handler]})
        changes = shown_changes(event, self.reader.clear) if changes_of(event) else []
        if names and any(event.verb in room.verb_pages.shown_as_by_named for room in rooms()):
            return Entry(event, event.verb_label, names[0], words, changes)
        who = author_of(event, self.called)
        return Entry(event, event.verb_label, who, names + words, changes)


def _words(event: TicketEvent, line: dict[str, str], *, names_files: bool) -> list[str]:
    body = text_of(event)
    told = [name for name in _WORDS if names_files or name != _FILE_NAME]
    words = [str(body[name]) for name in told if body.get(name)]
    if is_shut(event):
        words.append(str(UNREADABLE))
    words_by_verb = _WORDS_BY_VERB | merged(lambda pages: pages.words)
    said = words_by_verb[event.verb](event.payload | line) if event.verb in words_by_verb else ""
    if said:
        words.insert(0, said)
    if "relation" in event.payload:
        words.insert(0, f"{RELATIONS[event.payload['relation']]} {event.payload['number']}")
    if "recalled" in event.payload:
        number = len(event.payload["recalled"])
        words.append(_("Referrals recalled: %(number)s") % {"number": number})
    if "proposal_withdrawn" in event.payload:
        words.append(_("The proposed amendment no longer waits for a decision"))
    if numbers := numbers_in(event.payload):
        labels = [label_of(number, internal=event.is_internal) for number in numbers]
        words.insert(0, _("Attachment %(attachment)s") % {"attachment": _(", ").join(labels)})
    words += (part_of(event, FILE_NAMES) or {}).values() if names_files else ()
    return words
