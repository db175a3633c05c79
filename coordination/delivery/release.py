"""Waiting messages leave early when an urgent one of the same order key follows."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from coordination.delivery.models import Delivery, State


def release(urgent: Iterable[tuple[int | None, str]], at: datetime | None) -> None:
    """Let the earlier messages leave at once, since an urgent one may not overtake them.

    ``urgent`` are the destinations and order keys of the urgent messages. A digest that carries
    one of the earlier messages leaves too. Without a time, within service hours, they keep their
    own, and wait no more when service ends.
    """
    for destination, order_key in {each for each in urgent if each[1]}:
        same = Q(destination=destination, order_key=order_key)
        merged = Delivery.objects.filter(same, state=State.MERGED)
        waiting = Delivery.objects.filter(
            same | Q(pk__in=merged.values("carried_by")), state=State.PENDING, at_any_hour=False
        )
        moment = {} if at is None else {"due_at": at}
        waiting.filter(claim=None).update(at_any_hour=True, **moment)
