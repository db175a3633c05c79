"""Erases personal data and free text thirty days after a ticket's end (PIPL art. 47).

The chain of events holds only salted digests, so it still verifies. Each room declares its erasers
and holds in its ``room.py``.
"""

from datetime import timedelta
from typing import Final

from coordination.delivery.webhooks.erase import erase_old_bodies
from coordination.privacy.models import Purge
from coordination.privacy.queries import KEPT_FOR, due_for_purge
from coordination.tickets.filed import digests_each
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.models import Ticket
from projects.access.models import IdempotentRequest
from projects.house.rooms import erasers, is_held
from projects.record.clock import change, now

ANSWERS_KEPT_FOR: Final = timedelta(days=7)  # as long as the API replays them


def _purge_one(pk: int) -> bool:
    """Purge one ticket, unless it was reopened, purged or held meanwhile; return whether."""
    with change() as at:
        locked = Ticket.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if locked is None or not due_for_purge(at).filter(pk=pk).exists():
            return False
        if is_held(locked):
            return False
        before = at - KEPT_FOR
        erased = {eraser.name: eraser.erase(locked, before) for eraser in erasers()}
        locked.refresh_from_db()  # as the columns brought it to their form
        (left,) = digests_each([(locked, list(KINDS[locked.kind].lines_of(pk)))])
        Purge.objects.create(ticket=locked, erased=erased, before=before, left=left, recorded_at=at)
        return True


def purge_due() -> int:
    """Erase everything that is due, also what earlier runs missed; return the number of tickets.

    Safe to repeat. The API's stored responses are deleted after seven days, which is before their
    tickets are purged; bodies sent to webhooks after thirty days.
    """
    with change() as at:
        IdempotentRequest.objects.filter(recorded_at__lt=at - ANSWERS_KEPT_FOR).delete()
        erase_old_bodies(at)
    due = due_for_purge(now()).order_by("pk").values_list("pk", flat=True)
    return sum(_purge_one(pk) for pk in due.iterator())
