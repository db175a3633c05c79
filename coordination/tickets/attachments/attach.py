"""附件: putting a file on a ticket, and withdrawing it."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from coordination.delivery.models import Delivery
from coordination.delivery.webhooks.erase import erase_bodies
from coordination.delivery.webhooks.outgoing import subject_of
from coordination.tickets.attachments.queries import attachments_of, may_withdraw, room_taken
from coordination.tickets.chain import Person
from coordination.tickets.flow import Verb
from coordination.tickets.models import (
    Attachment,
    AttachmentPart,
    EventText,
    State,
    Ticket,
    TicketEvent,
)
from coordination.tickets.step import given_text, require_text, step
from projects.access.models import ApiKey, IdempotentRequest
from projects.files.checks.file_bytes import Sent
from projects.files.checks.refusal_messages import refused_file
from projects.files.content import Content, inspected
from projects.files.limits import MOST_FILES, MOST_OF_ALL
from projects.house.rooms import is_held
from projects.record.refusals import Checker, NotAllowed


def attach(
    *, ticket: Ticket, file: Sent | None, note: str = "", internal: bool = False,
    version: int | None = None, by: Person,
) -> Ticket:  # fmt: skip
    """Attach one file while the ticket is open. What an enterprise attaches is always public.

    Raises Invalid by ``file`` if it may not be attached (``checks/refusal_messages.py`` has the
    reasons), or if the ticket has reached its limits.
    """
    with ExitStack() as opened:
        sent = ready(opened, file=file, note=note)  # before the ticket is locked
        add_attachment(ticket=ticket, sent=sent, internal=internal, version=version, by=by)
    ticket.refresh_from_db()
    return ticket


class Ready(NamedTuple):
    """A file that may be attached, and the words that go with it."""

    content: Content
    words: dict[str, str]


def ready(opened: ExitStack, /, *, file: Sent | None, note: str = "") -> Ready:
    """Check a file, which stays open with ``opened``, and its note.

    Raises Invalid with every mistake; Busy.
    """
    check = Checker()
    words = check.gather(lambda: given_text(note=note)) or {}
    content = check.gather(lambda: opened.enter_context(inspected(file)))
    check.finish()
    assert content is not None  # noqa: S101 - or it was refused
    return Ready(content, words)


def add_attachment(
    *, ticket: Ticket, sent: Ready, internal: bool = False, version: int | None = None, by: Person
) -> TicketEvent:
    """Attach a file that is ready, as ``attach`` does, and return the event."""
    content, words = sent
    with step(Verb.ATTACH, ticket=ticket, version=version, by=by) as this:
        this.internal = internal and not isinstance(by, ApiKey)
        number = number_for(this.ticket, [content], internal=this.internal)
        this.payload = told_of(content, number)
        this.text = {"file_name": content.name, **words}
        this.also.append(partial(keep_content, content, this.ticket, number))
    return this.done()


def told_of(content: Content, number: int) -> dict[str, Any]:
    """What a payload says of a file."""
    return {
        "attachment": number, "type": content.file_type.value, "size": content.size,
        "sha256": content.sha256,
    }  # fmt: skip


def number_for(ticket: Ticket, contents: Sequence[Content], *, internal: bool) -> int:
    """The next free number. Raises Invalid at the limits; the ticket is locked."""
    files, size, last = room_taken(ticket, internal=internal)
    if files + len(contents) > MOST_FILES:
        raise refused_file("too-many")
    if size + sum(content.size for content in contents) > MOST_OF_ALL:
        raise refused_file("too-much")
    return last + 1


def keep_content(content: Content, ticket: Ticket, number: int, event: TicketEvent) -> None:
    """Store a file whose event is written, with its bytes in parts."""
    row = Attachment.objects.create(
        event=event, ticket=ticket, is_internal=event.is_internal, number=number,
        file_type=content.file_type, size=content.size, sha256=content.sha256,
    )  # fmt: skip
    for place, part in enumerate(content.parts()):
        AttachmentPart.objects.create(attachment=row, number=place, content=part)


def detach(
    *, ticket: Ticket, attachment: int, internal: bool = False, reason: str,
    version: int | None = None, by: Person,
) -> Ticket:  # fmt: skip
    """撤回附件: erase an attachment's bytes, name and note; its events stay.

    ``attachment`` is its number, among the internal ones or among the others. By who attached it
    or the group's lead, in any state. Raises Invalid at ``attachment`` if there is none of that
    number or it is somebody else's; NotAllowed while the director has put the ticket on hold.
    """
    text = require_text(reason=reason)
    with step(Verb.DETACH, ticket=ticket, version=version, by=by) as this:
        row = _own(this.ticket, attachment, by, internal=internal)
        if is_held(this.ticket):
            raise NotAllowed(
                _("The director keeps this ticket; nothing of it is erased."), reason="held"
            )
        this.internal = row.is_internal
        this.payload = {"attachment": row.number}
        this.text = dict(text)
        EventText.objects.filter(event=row.event).delete()
        erase_content(row, State.WITHDRAWN)
        _erase_what_was_told(row, this.at)
    ticket.refresh_from_db()
    return ticket


def _own(ticket: Ticket, number: int, by: Person, *, internal: bool) -> Attachment:
    kept = attachments_of(ticket, by).filter(state=State.KEPT)
    row = kept.filter(number=number, is_internal=internal).first()
    check = Checker()
    check.require(row, "attachment", _("There is no such attachment."), "choice")
    check.require(
        row is None or may_withdraw(ticket, by)(row), "attachment",
        _("Only who attached it, or the group's lead, may withdraw it."), "not-own",
    )  # fmt: skip
    check.finish()
    assert row is not None  # noqa: S101 - or it was refused
    return row


def _erase_what_was_told(row: Attachment, at: datetime) -> None:
    """Erase its name and note in webhook messages and in the answer stored for retries, too."""
    told = Delivery.objects.filter(
        order_key=f"ticket:{row.ticket_id}", subject=subject_of(row.event_id)
    )
    erase_bodies(told, at)
    if row.is_internal:  # no answer ever spoke of it; one of that number is another's
        return
    kept = IdempotentRequest.objects.filter(  # by the order of its index
        enterprise=row.ticket.enterprise_id,
        operation=f"tickets/{row.ticket.number}/attachments",
        body__number=row.number,
    )
    for answer in kept.select_for_update():
        answer.body = {**(answer.body or {}), "name": None, "note": None}
        answer.save(update_fields=["body"])


def erase_content(row: Attachment, state: State) -> None:
    """The bytes go, the row says so. Joins the caller's transaction."""
    AttachmentPart.objects.filter(attachment=row).delete()
    row.state = state
    row.save(update_fields=["state"])
