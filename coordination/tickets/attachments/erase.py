"""What the purge of personal data does with attachments."""

from datetime import datetime

from coordination.tickets.attachments.attach import erase_content
from coordination.tickets.models import Attachment, State, Ticket


def erase_attachments(ticket: Ticket, before: datetime) -> int:
    """Erase the bytes of everything attached by then; names are erased with the events' texts."""
    rows = Attachment.objects.filter(
        ticket=ticket, state=State.KEPT, event__recorded_at__lte=before
    )
    for row in rows:
        erase_content(row, State.ERASED)
    return len(rows)
