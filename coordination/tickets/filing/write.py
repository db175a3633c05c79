"""Saving what was checked: one statement a table, however many tickets there are."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from coordination.tickets.chain import Entry, Person, append_each
from coordination.tickets.filing.drafts import Draft
from coordination.tickets.filing.route import route
from coordination.tickets.flow import Status, Verb
from coordination.tickets.lines.check import asked_of, place_lines, save_lines
from coordination.tickets.links.link import join_opened
from coordination.tickets.models import Ticket
from coordination.tickets.search.write import make_findable


def file_drafts(drafts: Sequence[Draft], *, at: datetime, by: Person) -> None:
    """Save the drafts and what they open, each with its number, its people, its first event.

    Joins the caller's transaction, which holds their projects.
    """
    if not drafts:
        return
    every = [each for draft in drafts for each in draft.all()]
    tickets = [each.ticket for each in every]
    route(tickets)
    for ticket, number in zip(tickets, _next_numbers(len(tickets), at), strict=True):
        ticket.number = number
    Ticket.objects.bulk_create(tickets)
    for each in every:
        place_lines(each.ticket, each.lines, at)
    save_lines(line for each in every for line in each.lines)
    make_findable((each.ticket, each.lines) for each in every)
    firsts = append_each([_first_event(each, at) for each in every], at=at, by=by)
    events = dict(zip(tickets, firsts, strict=True))
    opened = [(each.ticket, each.opened.ticket) for each in drafts if each.opened is not None]
    join_opened(opened, after=events, at=at, by=by)


def _next_numbers(many: int, at: datetime) -> Iterator[str]:
    """Dated and unique: ``20200309-000123``. The sequence has gaps; numbers never repeat."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('ticket_number') FROM generate_series(1, %s)", [many])
        serials = sorted(row[0] for row in cursor.fetchall())
    return (f"{timezone.localdate(at):%Y%m%d}-{serial:06d}" for serial in serials)


def _first_event(draft: Draft, at: datetime) -> Entry:
    """What was asked in counts, and in words what may be erased one day."""
    ticket = draft.ticket
    words: dict[str, Any] = {
        "title": ticket.title,
        "detail": ticket.detail,
        "contact_name": ticket.contact_name,
        "contact_mobile": ticket.contact_mobile,
    }
    payload: dict[str, Any] = {
        "kind": ticket.kind,
        "project": ticket.project_id,
        "group": ticket.group_id,
        "handler": ticket.handler_id,
        **asked_of(ticket, draft.lines, at),
        **draft.clock,
    }
    return Entry(ticket, Verb.SUBMIT, Status.SUBMITTED, payload=payload, text=words)
