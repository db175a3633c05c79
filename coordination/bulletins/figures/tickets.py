"""What came in, what ended, what is open, by kind of ticket.

Which kinds there are is read off the rows too, not off the code: a kind is in the figures from
its first ticket on. A bulletin built before a kind came counts again to the same bytes after.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from coordination.bulletins.queries import last_events_at
from coordination.bulletins.week import Period
from coordination.tickets.flow import ENDED, OPEN, Status
from coordination.tickets.models import TicketEvent
from projects.flow.table import NEW
from projects.record.refusals import NotAllowed

_NONE = {"filed": 0, "reopened": 0, "ended": 0, "cumulative_filed": 0}
_FIRST_KINDS = ("vehicle_pass", "worker_return", "material_supply")
_Standing = Counter[tuple[str, str]]


def _standing_at(at: datetime) -> _Standing:
    """How many tickets of each kind stood in each status."""
    rows = last_events_at(at).values_list("ticket__kind", "to_status").annotate(Count("pk"))
    return Counter({(kind, status): number for kind, status, number in rows})


def _open(standing: _Standing, kind: str) -> int:
    return sum(standing[kind, str(status)] for status in OPEN)


def _moves(period: Period) -> dict[str, dict[str, int]]:
    """The events that opened or ended a ticket, by kind."""
    this_week = Q(recorded_at__gt=period.start)
    ending = Q(from_status__in=OPEN, to_status__in=ENDED)
    reopening = Q(from_status__in=ENDED, to_status__in=OPEN)
    rows: Any = (
        TicketEvent.objects.filter(recorded_at__lte=period.end)
        .order_by()
        .values("ticket__kind")
        .annotate(
            filed=Count("pk", filter=this_week & Q(from_status=NEW)),
            reopened=Count("pk", filter=this_week & reopening),
            ended=Count("pk", filter=this_week & ending),
            cumulative_filed=Count("pk", filter=Q(from_status=NEW)),
        )
    )
    return {row["ticket__kind"]: {name: row[name] for name in _NONE} for row in rows}


def _require_reconciled(kind: str, row: dict[str, int]) -> None:
    left = row["open_before"] + row["filed"] + row["reopened"] - row["ended"]
    if left != row["open_after"]:
        raise NotAllowed(
            _("The tickets of kind %(kind)s do not reconcile: %(left)d and %(open)d are open.")
            % {"kind": kind, "left": left, "open": row["open_after"]}
        )


def count(period: Period) -> dict[str, Any]:
    """Every kind of which a ticket had been filed by then. Raises NotAllowed as ``_count``."""
    return _count(period, None)


def count_first_three(period: Period) -> dict[str, Any]:
    """Schema 1: the three kinds that there were, with or without tickets."""
    return _count(period, _FIRST_KINDS)


def _count(period: Period, kinds: Sequence[str] | None) -> dict[str, Any]:
    """Open before and after are read off where each ticket stood, the rest off its moves.

    So the two are counted apart, and refuse where they do not agree (NotAllowed).
    """
    before, after, moves = _standing_at(period.start), _standing_at(period.end), _moves(period)
    figures = {}
    for kind in sorted(moves) if kinds is None else kinds:
        figures[kind] = {
            "open_before": _open(before, kind),
            **moves.get(kind, _NONE),
            "open_after": _open(after, kind),
            "cumulative_settled": after[kind, str(Status.CLOSED)],
        }
        _require_reconciled(kind, figures[kind])
    return figures
