"""A ticket's attachments, as far as somebody may see them, and their bytes."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from django.db.models import Count, Max, QuerySet, Sum

from coordination.staff.models import SCOPED, Officer
from coordination.tickets.flow import FLOW, Capacity, Verb
from coordination.tickets.models import Attachment, AttachmentPart, State, Ticket
from coordination.tickets.queries_words import part_of, text_of
from coordination.tickets.standing import standing
from projects.access.models import ApiKey

# In the text of an event with several files: the name of each, by its number.
FILE_NAMES: Final = "file_names"


def attachments_of(ticket: Ticket, by: Officer | ApiKey) -> QuerySet[Attachment]:
    """The ticket's attachments in order, withdrawn ones included; internal ones only for staff.

    A leader in charge, who does not handle the ticket, gets none: a file cannot be masked. The
    caller has checked that ``by`` may see the ticket.
    """
    rows = Attachment.objects.filter(ticket=ticket)
    if isinstance(by, Officer) and by.role in SCOPED:
        return rows.none()
    if isinstance(by, ApiKey):
        rows = rows.filter(is_internal=False)
    related = ("event__text", "event__officer", "event__api_key__enterprise")
    return rows.select_related(*related).order_by("pk")


def name_of(attachment: Attachment) -> str:
    """The file's name; empty if it was erased or cannot be decrypted."""
    event = attachment.event
    several: dict[str, Any] = part_of(event, FILE_NAMES) or {}
    return str(several.get(str(attachment.number)) or text_of(event).get("file_name", ""))


def numbers_in(payload: dict[str, Any]) -> list[int]:
    """The numbers of the files that an event put on its ticket, or took from it."""
    if "attachment" in payload:
        return [payload["attachment"]]
    return [told["attachment"] for told in payload.get("attachments", ())]


def content_of(attachment: Attachment) -> Iterator[bytes]:
    """The file's bytes, one part in memory at a time."""
    parts = AttachmentPart.objects.filter(attachment=attachment).order_by("number")
    for number in list(parts.values_list("number", flat=True)):
        yield parts.get(number=number).content


def room_taken(ticket: Ticket, *, internal: bool) -> tuple[int, int, int]:
    """The number of files kept, their bytes, and the last number given.

    Internal attachments are counted apart from the others, so that an enterprise cannot tell from
    its own limits that there are any.
    """
    rows = Attachment.objects.filter(ticket=ticket, is_internal=internal).order_by()
    kept = rows.filter(state=State.KEPT).aggregate(files=Count("pk"), size=Sum("size"))
    last = rows.aggregate(last=Max("number"))["last"]
    return kept["files"], kept["size"] or 0, last or 0


def last_number(ticket: Ticket) -> int:
    """The last number given to any attachment of the ticket; 0 if there is none."""
    found: int | None = Attachment.objects.filter(ticket=ticket).aggregate(last=Max("number"))[
        "last"
    ]
    return found or 0


def may_withdraw(ticket: Ticket, by: Officer | ApiKey) -> Callable[[Attachment], bool]:
    """A test of whether ``by`` may withdraw an attachment: its sender or the group's lead may.

    Any key of an enterprise may withdraw what another of its keys sent. What belongs to another
    verb, such as a department's answer, stays with it.
    """
    capacities, rule = standing(ticket, by), FLOW[Verb.DETACH]
    if ticket.status not in rule.sources or not capacities & rule.who:
        return lambda _attachment: False
    leads = Capacity.GROUP_LEAD in capacities
    return lambda each: each.event.verb == Verb.ATTACH and (leads or _sent(each, by))


def _sent(attachment: Attachment, by: Officer | ApiKey) -> bool:
    event = attachment.event
    if isinstance(by, ApiKey):
        return event.api_key is not None and event.api_key.enterprise_id == by.enterprise_id
    return event.officer_id == by.pk
