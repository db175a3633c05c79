"""Giving deliveries up: they are not sent, but can be replayed."""

from datetime import datetime

from django.db.models import QuerySet

from coordination.delivery.models import Delivery, State


def give_up(waiting: QuerySet[Delivery], at: datetime) -> int:
    """Mark the pending ones of these as dead, without another try; returns their number."""
    return waiting.filter(state=State.PENDING).update(state=State.DEAD, settled_at=at, claim=None)
