"""Resolutions that were late by a provisional deadline only, and in time by the true one.

A resolution's event says whether it was in time as its deadline stood then. Where the days off of
a year were entered later, the event of reckoning again has the true deadline.
"""

from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from coordination.tickets.flow import Verb
from coordination.tickets.models import TicketEvent

_LATE: Final = Q(verb=Verb.RESOLVE, payload__in_time=False)


def forgiven(start: datetime, end: datetime) -> frozenset[int]:
    """The events of such resolutions after ``start``, as recorded up to ``end``."""
    again: QuerySet[Any] = TicketEvent.objects.filter(
        verb=Verb.RECKON_AGAIN, recorded_at__lte=end, ticket=OuterRef("ticket"),
        seq__gt=OuterRef("seq"),
    )  # fmt: skip
    late = TicketEvent.objects.filter(
        _LATE, Exists(again), recorded_at__gt=start, recorded_at__lte=end
    )
    return frozenset(event.pk for event in late if _is_in_time(event, end))


def _is_in_time(event: TicketEvent, end: datetime) -> bool:
    """Whether its deadline as reckoned again, by then, had not passed."""
    rows = TicketEvent.objects.filter(ticket=event.ticket_id, recorded_at__lte=end)
    told = rows.filter(seq__lte=event.seq, payload__has_key="clock").order_by("-seq")
    clock = told.values_list("payload__clock", flat=True).first()
    if clock is None:
        return False
    dues = [
        datetime.fromisoformat(each["due"])
        for again in rows.filter(verb=Verb.RECKON_AGAIN, seq__gt=event.seq).order_by("seq")
        for each in (*again.payload.get("earlier", ()), again.payload.get("clock"))
        if each is not None and each["run"] == clock["run"]
    ]
    return bool(dues) and event.recorded_at <= dues[-1]
