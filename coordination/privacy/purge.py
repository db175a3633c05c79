"""Erasing what names a person, thirty days after a ticket's end (PIPL art. 47).

The chain keeps only salted digests, so it verifies as before. A room that keeps words of a ticket
says in its ``room.py`` what erases them, and what keeps a ticket from being erased.
"""

from datetime import timedelta
from typing import Final

from coordination.delivery.webhooks.erase import erase_old_bodies
from coordination.privacy.models import Purge
from coordination.privacy.queries import KEPT_FOR, due_for_purge
from coordination.tickets.models import Ticket
from projects.access.models import IdempotentRequest
from projects.house.rooms import erasers, is_held
from projects.record.clock import change, now

ANSWERS_KEPT_FOR: Final = timedelta(days=7)  # as long as the API promises to give them again
_MOST_AT_ONCE: Final = 200


def _purge_one(pk: int) -> bool:
    """Erase one ticket's, unless it was taken up, purged or held (by any room) meanwhile."""
    with change() as at:
        locked = Ticket.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if locked is None or not due_for_purge(at).filter(pk=pk).exists():
            return False
        if is_held(locked):
            return False
        erased = {each.name: each.erase(locked, at - KEPT_FOR) for each in erasers()}
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
