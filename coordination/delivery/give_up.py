"""Nobody waits for these any more; they can be replayed."""

from datetime import datetime

from django.db.models import QuerySet

from coordination.delivery.models import Delivery, State


def give_up(waiting: QuerySet[Delivery], at: datetime) -> int:
    """Those that are pending are dead, without another try; says how many."""
    return waiting.filter(state=State.PENDING).update(state=State.DEAD, settled_at=at, claim=None)
