"""Erasing the content of webhook messages, which is stored for a while for replays."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from coordination.delivery.give_up import give_up
from coordination.delivery.models import Delivery, State

KEPT_FOR: Final = timedelta(days=30)


def erase_bodies(rows: QuerySet[Delivery], at: datetime) -> int:
    """Erase the content of these; a pending one is given up, because nothing is left to send."""
    kept = rows.filter(body__isnull=False)
    give_up(kept.filter(state=State.PENDING), at)
    return kept.update(body=None)


def erase_old_bodies(at: datetime) -> int:
    """Erase the content of messages written thirty days ago, whatever their state."""
    return erase_bodies(Delivery.objects.filter(created_at__lte=at - KEPT_FOR), at)
