"""How many workers came back, by what was recorded as met."""

from typing import Any

from django.db.models import Q, Sum

from coordination.bulletins.week import Period
from coordination.tickets.kinds.worker_return import KIND
from coordination.tickets.models import Fulfilment


def count(period: Period) -> dict[str, Any]:
    """Corrections are rows with a minus, so a sum is right at any moment."""
    sums = Fulfilment.objects.filter(kind=KIND.name, recorded_at__lte=period.end).aggregate(
        cumulative=Sum("quantity"),
        this_week=Sum("quantity", filter=Q(recorded_at__gt=period.start)),
    )
    return {name: int(people or 0) for name, people in sums.items()}
