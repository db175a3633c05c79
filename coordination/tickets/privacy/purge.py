"""Erasing what names a person, thirty days after a ticket's end (PIPL art. 47).

The chain keeps only salted digests, so it verifies as before. Whoever keeps words of a ticket
somewhere else adds what erases them to :data:`ERASERS`.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from coordination.delivery.models import Delivery
from coordination.delivery.webhooks.erase import erase_bodies, erase_old_bodies
from coordination.tickets.attachments.erase import erase_attachments
from coordination.tickets.feed.fan_out import subject_of
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import EventText, Ticket
from coordination.tickets.privacy.masks import without
from coordination.tickets.privacy.models import Purge
from coordination.tickets.privacy.queries import KEPT_FOR, due_for_purge
from coordination.tickets.referrals.erase import erase_answerers
from coordination.tickets.search.write import make_findable_again
from projects.access.models import IdempotentRequest
from projects.record.clock import change, now
from projects.record.sealed_fields import opened_or

type Eraser = Callable[[Ticket, datetime], int]
ANSWERS_KEPT_FOR: Final = timedelta(days=7)  # as long as the API promises to give them again
_MOST_AT_ONCE: Final = 200


def _names(ticket: Ticket) -> list[str]:
    """Those that open; what does not is erased all the same."""
    personal = KINDS[ticket.kind].personal
    lines = KINDS[ticket.kind].lines_of(ticket.pk)
    found = [str(opened_or(line, name, "")) for line in lines for name in personal]
    return [opened_or(ticket, "contact_name", ""), opened_or(ticket, "contact_mobile", ""), *found]


def _erase_kept_words(ticket: Ticket, _before: datetime) -> int:
    """A title and the reasons of lines stay, without the names and numbers in them."""
    names, changed = _names(ticket), 0
    for line in KINDS[ticket.kind].lines_of(ticket.pk).exclude(outcome_reason=""):
        clean = without(line.outcome_reason, names)
        changed += clean != line.outcome_reason
        line.outcome_reason = clean
        line.save(update_fields=["outcome_reason"])
    clean = without(ticket.title, names)[:60]
    changed += clean != ticket.title
    ticket.title = clean
    return changed


def _erase_lines(ticket: Ticket, _before: datetime) -> int:
    personal = KINDS[ticket.kind].personal
    if not personal:
        return 0
    rows = KINDS[ticket.kind].lines_of(ticket.pk)
    return int(rows.update(**dict.fromkeys(personal, "")))


def _erase_contact(ticket: Ticket, _before: datetime) -> int:
    kept = ("contact_name", "contact_mobile", "detail")
    had = any(opened_or(ticket, name, True) for name in kept)
    ticket.contact_name = ticket.contact_mobile = ticket.detail = ""
    ticket.save(update_fields=["title", "detail", "contact_name", "contact_mobile"])
    return int(had)


def _erase_texts(ticket: Ticket, before: datetime) -> int:
    rows = EventText.objects.filter(event__ticket=ticket, event__recorded_at__lte=before)
    return rows.delete()[0]


def _erase_search(ticket: Ticket, _before: datetime) -> int:
    make_findable_again(ticket)
    return 1


def _erase_messages(ticket: Ticket, before: datetime) -> int:
    """What was sent to the enterprise's webhooks of what happened until then."""
    events = ticket.events.filter(recorded_at__lte=before).values_list("pk", flat=True)
    rows = Delivery.objects.filter(
        order_key=f"ticket:{ticket.pk}", endpoint__isnull=False,
        subject__in=[subject_of(pk) for pk in events],
    )  # fmt: skip
    return erase_bodies(rows, before + KEPT_FOR)


# In this order: the names are read off before they go, and the index is made of what is left.
ERASERS: Final[dict[str, Eraser]] = {
    "kept_words": _erase_kept_words,
    "lines": _erase_lines,
    "contact": _erase_contact,
    "attachments": erase_attachments,
    "texts": _erase_texts,
    "referrals": erase_answerers,
    "messages": _erase_messages,
    "search": _erase_search,
}


def _purge_one(pk: int) -> bool:
    """Erase one ticket's, unless it was taken up, held or purged meanwhile."""
    with change() as at:
        locked = Ticket.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if locked is None or not due_for_purge(at).filter(pk=pk).exists():
            return False
        erased = {name: erase(locked, at - KEPT_FOR) for name, erase in ERASERS.items()}
        Purge.objects.create(ticket=locked, erased=erased, recorded_at=at)
        return True


def purge_due() -> int:
    """Erase all that is due, however long nobody came; says of how many tickets.

    Done twice it does nothing more. Stored answers of the API go when their promise ends, which
    is before any ticket of theirs is purged; what was sent to webhooks after thirty days.
    """
    with change() as at:
        IdempotentRequest.objects.filter(recorded_at__lt=at - ANSWERS_KEPT_FOR).delete()
        erase_old_bodies(at)
    purged, last = 0, 0
    due = due_for_purge(now()).order_by("pk").values_list("pk", flat=True)
    while batch := list(due.filter(pk__gt=last)[:_MOST_AT_ONCE]):
        purged += sum(_purge_one(pk) for pk in batch)
        last = batch[-1]
    return purged
