"""What came in, what ended, what is open, by kind of ticket.

Which kinds there are is read off the rows too, not off the code: a kind is in the figures from
its first ticket on. A bulletin built before a kind came counts again to the same bytes after.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from coordination.tickets.figure_links import entries_by_kind
from coordination.tickets.flow import Status
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.queries_history import (
    ENDING,
    FILED,
    IS_OPEN,
    REOPENED,
    changed_in,
    held_at,
    standing_at,
    up_to,
)
from projects.house.blocks import Block, Carried, Column, Keyed, Path, Period, Table, Text
from projects.house.equations import Equation
from projects.house.outline import FACTORS
from projects.house.totals import Totals

_MOVES: Final = {"filed": FILED, "reopened": REOPENED, "ended": ENDING}
_NONE: Final = dict.fromkeys(_MOVES, 0)
_FILED, _SETTLED = "filed", "settled"  # the totals of each kind
_IS_SETTLED: Final = Q(status=Status.CLOSED)
_WAS_SETTLED: Final = Q(status_before=Status.CLOSED)


def _open_at(at: datetime) -> Counter[str]:
    """How many tickets of each kind were open."""
    rows = standing_at(at).filter(IS_OPEN).values_list("kind").annotate(Count("pk"))
    return Counter(dict(rows))


def _moves(period: Period) -> dict[str, dict[str, int]]:
    """The events that opened or ended a ticket, by kind."""
    counts = {name: Count("pk", filter=condition) for name, condition in _MOVES.items()}
    rows: Any = changed_in(period.start, period.end).values("kind").annotate(**counts)
    return {row["kind"]: {name: row[name] for name in _MOVES} for row in rows}


def _totals(rows: Any) -> Totals:
    """By kind and total, of rows of a kind and both its totals."""
    return {
        f"{kind}.{name}": Decimal(number)
        for kind, *numbers in rows
        for name, number in zip((_FILED, _SETTLED), numbers, strict=True)
        if number
    }


def _at(moment: datetime) -> Totals:
    is_settled = _IS_SETTLED & held_at(moment)
    filed, settled = Count("pk", filter=FILED), Count("pk", filter=is_settled)
    rows = up_to(moment).values_list("kind").annotate(filed=filed, settled=settled)
    return _totals(rows)


def _change(period: Period) -> Totals:
    """A ticket that is written off, reopened and written off again is written off once."""
    settled = Count("pk", filter=_IS_SETTLED) - Count("pk", filter=_WAS_SETTLED)
    changes = changed_in(period.start, period.end).values_list("kind")
    return _totals(changes.annotate(filed=Count("pk", filter=FILED), settled=settled))


def _figures(period: Period, totals: Totals) -> dict[str, Any]:
    """Every kind of which a ticket had been filed by then.

    Open before and after are read off where each ticket stood, the rest off its moves, so that
    the two can be compared.
    """
    before, after, moves = _open_at(period.start), _open_at(period.end), _moves(period)
    filed = {name.removesuffix(f".{_FILED}") for name in totals if name.endswith(f".{_FILED}")}
    return {
        kind: {
            "open_before": before[kind],
            **moves.get(kind, _NONE),
            "open_after": after[kind],
            "cumulative_filed": int(totals[f"{kind}.{_FILED}"]),
            "cumulative_settled": int(totals.get(f"{kind}.{_SETTLED}", 0)),
        }
        for kind in sorted(filed)
    }


CARRIED: Final = Carried(at=_at, change=_change, figures=_figures)
count = CARRIED.count


def _titles() -> dict[Path, tuple[Text, ...]]:
    return {(name,): (kind.label,) for name, kind in KINDS.items()}


def _said(figures: dict[str, Any]) -> Iterator[str]:
    """How many were filed and written off so far, by kind."""
    rows = [
        gettext("%(kind)s %(cumulative_filed)s filed, %(cumulative_settled)s written off")
        % {**row, "kind": KINDS[kind].label if kind in KINDS else kind}
        for kind, row in figures.items()
    ]
    if rows:
        yield gettext("In all: %(kinds)s.") % {"kinds": gettext("; ").join(rows)}


BLOCK: Final = Block(
    name="tickets", place=40, chapter=FACTORS, count=count, carried=CARRIED,
    tables=(
        Table(
            title=pgettext_lazy("bulletin", "Tickets"), unit="起", headings=(_("kind"),),
            heading=_("By kind"), says=_said,
            columns=(
                Column("open_before", _("open before"), link=entries_by_kind("before")),
                Column("filed", _("filed"), link=entries_by_kind("filed")),
                Column("reopened", _("reopened"), link=entries_by_kind("reopened")),
                Column("ended", _("ended"), link=entries_by_kind("ended")),
                Column("open_after", _("open after"), link=entries_by_kind("after")),
                Column("cumulative_filed", _("filed in all"), link=entries_by_kind("filed_in_all")),
                Column(
                    "cumulative_settled", _("written off in all"),
                    link=entries_by_kind("settled_in_all"),
                ),
            ),
            rows=(Keyed("BulletinTicketsOfKind", _titles),), total=_("In all"),
            equations=(Equation("open_before + filed + reopened - ended = open_after"),),
        ),
    ),
)  # fmt: skip
