"""A ticket's attachments as somebody may know them, and their bytes."""

from collections.abc import Callable, Iterator

from django.db.models import Count, Max, QuerySet, Sum

from coordination.staff.models import Officer
from coordination.tickets.flow import FLOW, Capacity, Verb
from coordination.tickets.models import Attachment, AttachmentPart, State, Ticket
from coordination.tickets.queries_words import text_of
from coordination.tickets.standing import standing
from projects.access.models import ApiKey


def attachments_of(ticket: Ticket, by: Officer | ApiKey) -> QuerySet[Attachment]:
    """In their order, the withdrawn among them; those internal to the desk not for an enterprise.

    Whoever asks has been shown to know of the ticket.
    """
    rows = Attachment.objects.filter(ticket=ticket)
    if isinstance(by, ApiKey):
        rows = rows.filter(is_internal=False)
    related = ("event__text", "event__officer", "event__api_key__enterprise")
    return rows.select_related(*related).order_by("pk")


def name_of(attachment: Attachment) -> str:
    """What it was called; empty once that is erased, or where it does not open."""
    return str(text_of(attachment.event).get("file_name", ""))


def content_of(attachment: Attachment) -> Iterator[bytes]:
    """The file, part by part; never more than one in memory."""
    parts = AttachmentPart.objects.filter(attachment=attachment).order_by("number")
    for number in list(parts.values_list("number", flat=True)):
        yield parts.get(number=number).content


def room_taken(ticket: Ticket, *, internal: bool) -> tuple[int, int, int]:
    """How many files are kept, how many bytes together, and the last number ever given.

    Of those internal to the desk, or of the others: neither side takes from the other, so that an
    enterprise cannot tell by what it may still send.
    """
    rows = Attachment.objects.filter(ticket=ticket, is_internal=internal).order_by()
    kept = rows.filter(state=State.KEPT).aggregate(files=Count("pk"), size=Sum("size"))
    last = rows.aggregate(last=Max("number"))["last"]
    return kept["files"], kept["size"] or 0, last or 0


def last_number(ticket: Ticket) -> int:
    """The last that either side was given; 0 where there is none."""
    found: int | None = Attachment.objects.filter(ticket=ticket).aggregate(last=Max("number"))[
        "last"
    ]
    return found or 0


def may_withdraw(ticket: Ticket, by: Officer | ApiKey) -> Callable[[Attachment], bool]:
    """Of each attachment of the ticket, whether he may: its sender and the group's lead.

    Of an enterprise's it does not matter with which of its keys it was sent.
    """
    capacities, rule = standing(ticket, by), FLOW[Verb.DETACH]
    if ticket.status not in rule.sources or not capacities & rule.who:
        return lambda _attachment: False
    leads = Capacity.GROUP_LEAD in capacities
    return lambda attachment: leads or _sent(attachment, by)


def _sent(attachment: Attachment, by: Officer | ApiKey) -> bool:
    event = attachment.event
    if isinstance(by, ApiKey):
        return event.api_key is not None and event.api_key.enterprise_id == by.enterprise_id
    return event.officer_id == by.pk
