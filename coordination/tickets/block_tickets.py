"""What came in, what ended, what is open, by kind of ticket.

Which kinds there are is read off the rows too, not off the code: a kind is in the figures from
its first ticket on. A bulletin built before a kind came counts again to the same bytes after.
"""

from collections import Counter
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.tickets.flow import OPEN, Status
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.queries_history import (
    ENDING,
    FILED,
    REOPENED,
    recorded_by,
    standing_at,
)
from projects.house.blocks import Block, Column, Keyed, Path, Period, Table, Text
from projects.house.equations import Equation

_MOVES: Final = ("filed", "reopened", "ended", "cumulative_filed")
_Standing = Counter[tuple[str, str]]


def _standing(at: datetime) -> _Standing:
    """How many tickets of each kind stood in each status."""
    stood = standing_at(at).order_by()
    rows = stood.values_list("ticket__kind", "to_status").annotate(Count("pk"))
    return Counter({(kind, status): number for kind, status, number in rows})


def _open(standing: _Standing, kind: str) -> int:
    return sum(standing[kind, str(status)] for status in OPEN)


def _moves(period: Period) -> dict[str, dict[str, int]]:
    """The events that opened or ended a ticket, by kind."""
    this_week = Q(recorded_at__gt=period.start)
    rows: Any = (
        recorded_by(period.end)
        .order_by()
        .values("ticket__kind")
        .annotate(
            filed=Count("pk", filter=this_week & FILED),
            reopened=Count("pk", filter=this_week & REOPENED),
            ended=Count("pk", filter=this_week & ENDING),
            cumulative_filed=Count("pk", filter=FILED),
        )
    )
    return {row["ticket__kind"]: {name: row[name] for name in _MOVES} for row in rows}


def count(period: Period) -> dict[str, Any]:
    """Every kind of which a ticket had been filed by then.

    Open before and after are read off where each ticket stood, the rest off its moves, so that
    the two can be compared.
    """
    before, after = _standing(period.start), _standing(period.end)
    return {
        kind: {
            "open_before": _open(before, kind),
            **moves,
            "open_after": _open(after, kind),
            "cumulative_settled": after[kind, str(Status.CLOSED)],
        }
        for kind, moves in sorted(_moves(period).items())
    }


def _titles() -> dict[Path, tuple[Text, ...]]:
    return {(name,): (kind.label,) for name, kind in KINDS.items()}


BLOCK: Final = Block(
    name="tickets", place=40, count=count,
    tables=(
        Table(
            title=pgettext_lazy("bulletin", "Tickets"), unit="起", headings=(_("kind"),),
            columns=(
                Column("open_before", _("open before")),
                Column("filed", _("filed")),
                Column("reopened", _("reopened")),
                Column("ended", _("ended")),
                Column("open_after", _("open after")),
                Column("cumulative_filed", _("filed in all")),
                Column("cumulative_settled", _("written off in all")),
            ),
            rows=(Keyed("BulletinTicketsOfKind", _titles),),
            equations=(Equation("open_before + filed + reopened - ended = open_after"),),
        ),
    ),
)  # fmt: skip
