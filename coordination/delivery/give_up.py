"""Giving deliveries up: they are not sent, but can be replayed.

Also what becomes of the messages that a digest carries.
"""

from datetime import datetime

from django.db.models import QuerySet

from coordination.delivery.models import Delivery, State


def give_up(waiting: QuerySet[Delivery], at: datetime) -> int:
    """Mark the pending ones of these as dead, without another try; returns their number."""
    number = waiting.filter(state=State.PENDING).update(state=State.DEAD, settled_at=at, claim=None)
    settle_carried(at)
    return number


def settle_carried(at: datetime) -> None:
    """What a digest carries is delivered or given up as the digest is."""
    waiting = Delivery.objects.filter(state=State.MERGED)
    for state in (State.DELIVERED, State.DEAD):
        waiting.filter(carried_by__state=state).update(state=state, settled_at=at)


def carry_again(digest: Delivery) -> None:
    """Let what the digest carries wait for it once more, but for what was sent by itself since."""
    settled = digest.carried.filter(state__in=[State.DELIVERED, State.DEAD], tries=0)
    settled.update(state=State.MERGED, settled_at=None)
