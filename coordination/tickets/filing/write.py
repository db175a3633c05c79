"""Saving checked drafts together, whether one or hundreds."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from coordination.tickets.chain import Person, append_each
from coordination.tickets.filed import WRITTEN, digests_each
from coordination.tickets.filing.drafts import Draft
from coordination.tickets.filing.route import route
from coordination.tickets.flow import Status, Verb
from coordination.tickets.lines.check import asked_of, by_table, place_lines
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.search.write import search_row
from coordination.tickets.verbs.link import join_opened
from projects.flow.chain import Entry, Tail
from projects.record.writing import Rows, reserve, sequence_of

# A ticket's number, its id and its first event's: gaps are allowed, numbers never repeat.
_NUMBERED: Final = ("ticket_number", sequence_of(Ticket), sequence_of(TicketEvent))


def file_drafts(drafts: Sequence[Draft], *, at: datetime, by: Person) -> None:
    """Route and save the drafts and the tickets they open, each with number and first event.

    Part of the caller's transaction, which has locked their projects.
    """
    if not drafts:
        return
    every = [each for draft in drafts for each in draft.all()]
    route(every)
    day = f"{timezone.localdate(at):%Y%m%d}"
    entries = [
        _numbered(each, numbers, day, at)
        for each, numbers in zip(every, reserve(*_NUMBERED, many=len(every)), strict=True)
    ]
    said = digests_each((each.ticket, each.lines) for each in every)
    for entry, digests in zip(entries, said, strict=True):
        entry.text[WRITTEN] = digests
    firsts = append_each(entries, before=_rows_of(every), at=at, by=by)
    after = {event.ticket: Tail(event.seq, event.to_status, event.hash) for event in firsts}
    opened = [(each.ticket, each.opened.ticket) for each in drafts if each.opened is not None]
    join_opened(opened, after=after, at=at, by=by)


def _rows_of(drafts: Sequence[Draft]) -> Iterator[Rows]:
    """The tickets, their lines, and their search rows."""
    yield [each.ticket for each in drafts]
    yield from by_table(line for each in drafts for line in each.lines)
    yield [search_row(each.ticket, each.lines) for each in drafts]


def _numbered(draft: Draft, numbers: tuple[int, ...], day: str, at: datetime) -> Entry[Ticket]:
    """Give the draft its number (``20200309-000123``), and make its first event."""
    (serial, ticket_id, event_id), ticket = numbers, draft.ticket
    ticket.pk, ticket.number = ticket_id, f"{day}-{serial:06d}"
    place_lines(ticket, draft.lines, at)
    return _first_event(event_id, draft)


def _first_event(event_id: int, draft: Draft) -> Entry[Ticket]:
    """The first event: ids and quantities in the payload, words where they can be erased."""
    ticket = draft.ticket
    words: dict[str, Any] = {
        "title": ticket.title,
        "detail": ticket.detail,
        "contact_name": ticket.contact_name,
        "contact_mobile": ticket.contact_mobile,
    }
    if ticket.external_id:
        words["external_id"] = ticket.external_id
    payload: dict[str, Any] = {
        "kind": ticket.kind,
        "project": ticket.project_id,
        "group": ticket.group_id,
        "handler": ticket.handler_id,
        "urgency": ticket.urgency,
        **asked_of(draft.lines, draft.warned),
        **draft.clock,
    }
    return Entry(ticket, Verb.SUBMIT, Status.SUBMITTED, payload, words, id=event_id)
