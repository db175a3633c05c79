"""What a purge erased is told from what was deleted by hand, and what is left from what changed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Final

from django.db import transaction

from coordination.privacy.models import Purge
from coordination.tickets.filed import TICKET, WRITERS, WRITTEN, Digests, differing, digests_each
from coordination.tickets.kinds.base import Line
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket, TicketEvent
from coordination.tickets.queries_words import part_of
from projects.record.audit import within
from projects.record.findings import Difference, Finding, finding, found

_AT_ONCE: Final = 500
# An attachment that is withdrawn loses its name and its bytes by a verb, which is an event.
_ERASED_RIGHTLY: Final = """(
    EXISTS (SELECT FROM privacy_purge AS purge
        WHERE purge.ticket_id = event.ticket_id AND purge.before >= event.recorded_at)
    OR event.verb = 'attach' AND EXISTS (SELECT FROM tickets_ticketevent AS later
        WHERE later.ticket_id = event.ticket_id AND later.verb = 'detach'
            AND later.is_internal = event.is_internal
            AND later.payload->'attachment' = event.payload->'attachment')
)"""
_TEXTS_DELETED: Final = f"""
    SELECT 'tickets.ticketevent', concat(event.ticket_id, '/', event.seq)
    FROM tickets_ticketevent AS event
    LEFT JOIN tickets_eventtext AS kept ON kept.event_id = event.id
    WHERE event.text_digest <> '' AND kept.event_id IS NULL AND NOT {_ERASED_RIGHTLY}
    ORDER BY event.ticket_id, event.seq
"""  # noqa: S608 - our own
# Files are counted by what the events say, so that one is missed whose row is gone as well.
_BYTES_DELETED: Final = f"""
    SELECT 'tickets.attachment', concat(event.ticket_id, '/', event.seq)
    FROM tickets_ticketevent AS event
    WHERE (event.verb = 'attach' OR jsonb_typeof(event.payload->'attachments') = 'array')
        AND (SELECT count(*) FROM tickets_attachment AS file WHERE file.event_id = event.id
                AND EXISTS (SELECT FROM tickets_attachmentpart AS part
                    WHERE part.attachment_id = file.id))
            < CASE WHEN jsonb_typeof(event.payload->'attachments') = 'array'
                THEN jsonb_array_length(event.payload->'attachments') ELSE 1 END
        AND NOT {_ERASED_RIGHTLY}
    ORDER BY event.ticket_id, event.seq
"""  # noqa: S608 - our own
_UNTOLD: Final = "untold"
type Told = dict[int, Digests]
type Lines = dict[int, list[Line]]


def deleted_by_hand() -> Iterator[Finding]:
    """Name every event without its text, and attachment without its bytes, that no verb erased."""
    yield from found(_TEXTS_DELETED, Difference.TEXT_DELETED)
    yield from found(_BYTES_DELETED, Difference.BYTES)


def altered_since_filed(part: str) -> Iterator[Finding]:
    """Name each of these tickets, and each line, that is not what it was when last written.

    That is by its filing, an amendment, or a purge, whichever was last. What cannot be read any
    more is named for its text.
    """
    tickets = Ticket.objects.filter(**within(part)).order_by("pk").iterator(chunk_size=_AT_ONCE)
    for some in batched(tickets, _AT_ONCE):
        told, lines = _told_of(some), _lines_of(some)
        for ticket in some:
            if any(_named(ticket, lines, told)):
                yield from _looked_at_again(ticket)


def _looked_at_again(ticket: Ticket) -> list[Finding]:
    """The findings about a ticket that nobody changes meanwhile."""
    with transaction.atomic():
        some = list(Ticket.objects.select_for_update(of=("self",)).filter(pk=ticket.pk))
        told, lines = _told_of(some), _lines_of(some)
        return [each for locked in some for each in _named(locked, lines, told)]


def _named(ticket: Ticket, lines: Lines, told: Told) -> Iterator[Finding]:
    newest = dict(told[ticket.pk])
    is_all_told = newest.pop(_UNTOLD, None) is None
    if TICKET not in newest:
        return
    (found,) = digests_each([(ticket, lines[ticket.pk])])
    for name in differing(found, newest):
        if not is_all_told and name not in newest:
            continue  # it may have been written by an event whose text is missing
        if name == TICKET:
            yield finding(Ticket, ticket.pk, Difference.FILED)
        else:
            yield finding(KINDS[ticket.kind].model, f"{ticket.pk}/{name}", Difference.FILED)


def _lines_of(tickets: Sequence[Ticket]) -> Lines:
    keys, found = [each.pk for each in tickets], defaultdict[int, list[Line]](list)
    for model in {kind.model for kind in KINDS.values()}:
        for line in model.objects.filter(ticket__in=keys):
            found[line.ticket_id].append(line)
    return found


def _told_of(tickets: Sequence[Ticket]) -> Told:
    """The newest digests of each ticket and its lines, by events and purges."""
    keys = [each.pk for each in tickets]
    events = TicketEvent.objects.filter(ticket__in=keys, verb__in=WRITERS)
    purges = Purge.objects.filter(ticket__in=keys)
    told: list[TicketEvent | Purge] = [
        *events.select_related("text").order_by("seq"), *purges.order_by("pk")
    ]  # fmt: skip
    newest: Told = defaultdict(dict)
    for each in sorted(told, key=lambda each: each.recorded_at):
        if isinstance(each, Purge):  # it says all that is left
            newest[each.ticket_id] = dict(each.left)
        else:
            newest[each.ticket_id] |= part_of(each, WRITTEN) or {_UNTOLD: ""}
    return newest
