"""What the purge of personal data erases of a ticket; ``room.py`` gives the order."""

from datetime import datetime

from coordination.delivery.models import Delivery
from coordination.delivery.webhooks.erase import KEPT_FOR, erase_bodies
from coordination.delivery.webhooks.outgoing import subject_of
from coordination.tickets.kinds.base import Line
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import EventText, Ticket
from coordination.tickets.personal import EARLIER_NAMES
from coordination.tickets.search.write import make_findable_again
from projects.record.masks import without
from projects.record.sealed_fields import opened_or
from projects.record.text_fields import LineField


def _names(ticket: Ticket) -> list[str]:
    """The names and mobiles on record; without what cannot be decrypted."""
    personal = KINDS[ticket.kind].personal
    lines = KINDS[ticket.kind].lines_of(ticket.pk)
    found = [str(opened_or(line, name, "")) for line in lines for name in personal]
    found += [name for names in EARLIER_NAMES for name in names(ticket)]
    return [opened_or(ticket, "contact_name", ""), opened_or(ticket, "contact_mobile", ""), *found]


def _words_of(line: Line) -> list[LineField]:
    """The columns of a line in which people write what they like."""
    return [field for field in line._meta.fields if type(field) is LineField]


def erase_kept_words(ticket: Ticket, _before: datetime) -> int:
    """Remove names and numbers from the title and the words of the lines, which are kept."""
    names, changed = _names(ticket), 0
    for line in KINDS[ticket.kind].lines_of(ticket.pk):
        said = {field.name: getattr(line, field.name) for field in _words_of(line)}
        clean = {name: without(words, names) for name, words in said.items()}
        if clean != said:
            changed += 1
            for field in _words_of(line):
                setattr(line, field.name, clean[field.name][: field.max_length])
            line.save(update_fields=list(clean))
    title = without(ticket.title, names)[:60]
    changed += title != ticket.title
    ticket.title = title
    return changed


def erase_lines(ticket: Ticket, _before: datetime) -> int:
    personal = KINDS[ticket.kind].personal
    if not personal:
        return 0
    rows = KINDS[ticket.kind].lines_of(ticket.pk)
    return int(rows.update(**dict.fromkeys(personal, "")))


def erase_contact(ticket: Ticket, _before: datetime) -> int:
    kept = ("contact_name", "contact_mobile", "detail")
    had = any(opened_or(ticket, name, True) for name in kept)
    ticket.contact_name = ticket.contact_mobile = ticket.detail = ""
    ticket.save(update_fields=["title", "detail", "contact_name", "contact_mobile"])
    return int(had)


def erase_texts(ticket: Ticket, before: datetime) -> int:
    rows = EventText.objects.filter(event__ticket=ticket, event__recorded_at__lte=before)
    return rows.delete()[0]


def erase_search(ticket: Ticket, _before: datetime) -> int:
    make_findable_again(ticket)
    return 1


def erase_messages(ticket: Ticket, before: datetime) -> int:
    """Erase the bodies of webhook messages about events up to then."""
    events = ticket.events.filter(recorded_at__lte=before).values_list("pk", flat=True)
    rows = Delivery.objects.filter(
        order_key=f"ticket:{ticket.pk}", endpoint__isnull=False,
        subject__in=[subject_of(pk) for pk in events],
    )  # fmt: skip
    return erase_bodies(rows, before + KEPT_FOR)
