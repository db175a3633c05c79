"""What was sent is kept for a while, to be sent again, and no longer."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from coordination.delivery.give_up import give_up
from coordination.delivery.models import Delivery, State

KEPT_FOR: Final = timedelta(days=30)


def erase_bodies(rows: QuerySet[Delivery], at: datetime) -> int:
    """Erase what these say; one that still waits is given up, for there is nothing to send."""
    kept = rows.filter(body__isnull=False)
    give_up(kept.filter(state=State.PENDING), at)
    return kept.update(body=None)


def erase_old_bodies(at: datetime) -> int:
    """Those that were written thirty days ago, whatever became of them."""
    return erase_bodies(Delivery.objects.filter(created_at__lte=at - KEPT_FOR), at)
