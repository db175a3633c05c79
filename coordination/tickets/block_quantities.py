"""How much was asked for, met and refused, by kind: vehicles, people, tonnes, items.

Counted from the same rows as the tickets: each line, and the facts of what was met and refused.
"""

from decimal import Decimal
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from coordination.tickets.flow import OPEN
from coordination.tickets.kinds.base import Kind, Measure
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.queries_history import OPEN_AT_SQL
from projects.house.blocks import Block, Column, Format, Keyed, Path, Period, Table, Text
from projects.house.equations import Equation

COLUMNS: Final = tuple(
    Column(name, title, Format.QUANTITY)
    for name, title in (
        ("asked", _("asked")),
        ("met", _("met")),
        ("met_this_week", _("of it this week")),
        ("refused", _("refused")),
        ("outstanding", _("outstanding")),
        ("lapsed", _("lapsed")),
    )
)
_QUANTITIES: Final = "line.asked, line.met, line.week, line.refused, line.rest"
# A line that is counted as one is met when all of it is, refused when it is settled otherwise.
_LINES: Final = (
    "1, (line.met = line.asked)::int, (line.met = line.asked AND line.week > 0)::int,"
    " (line.met < line.asked AND line.rest = 0)::int, (line.rest > 0)::int"
)
_SQL: Final = """
    WITH line AS (
        SELECT line.asked, COALESCE(met.quantity, 0) AS met, COALESCE(met.week, 0) AS week,
            COALESCE(refused.quantity, 0) AS refused,
            line.asked - COALESCE(met.quantity, 0) - COALESCE(refused.quantity, 0) AS rest,
            standing.is_open
        FROM {table} AS line
        JOIN (
{standing}
        ) AS standing USING (ticket_id)
        LEFT JOIN (
            SELECT ticket_id, line, sum(quantity) AS quantity,
                sum(quantity) FILTER (WHERE recorded_at > %(start)s) AS week
            FROM tickets_fulfilment
            WHERE kind = %(kind)s AND recorded_at <= %(end)s GROUP BY 1, 2
        ) AS met ON met.ticket_id = line.ticket_id AND met.line = line.position
        LEFT JOIN (
            SELECT ticket_id, line, sum(quantity) AS quantity
            FROM tickets_linerefusal
            WHERE kind = %(kind)s AND recorded_at <= %(end)s GROUP BY 1, 2
        ) AS refused ON refused.ticket_id = line.ticket_id AND refused.line = line.position
        WHERE line.added_at <= %(end)s {only}
    ), counted AS (SELECT line.is_open, {what} FROM line)
    SELECT count(*), sum(counted.a), sum(b), sum(c), sum(d), sum(e) FILTER (WHERE is_open),
        sum(e) FILTER (WHERE NOT is_open)
    FROM counted AS counted (is_open, a, b, c, d, e)
"""


def count(period: Period) -> dict[str, Any]:
    """Each measure of each kind of which a line was there at the cut-off.

    What lapsed was asked by a ticket that ended unsettled.
    """
    figures: dict[str, dict[str, Any]] = {}
    for kind in KINDS.values():
        for measure in kind.measures:
            sums = _sums(kind, measure, period)
            if sums is not None:
                figures.setdefault(kind.name, {})[measure.name] = sums
    return figures


def _sums(kind: Kind[Any], measure: Measure, period: Period) -> dict[str, str] | None:
    values: dict[str, Any] = {
        "kind": kind.name, "open": list(OPEN), "start": period.start, "end": period.end,
        **{f"only_{field}": list(wanted) for field, wanted in measure.only.items()},
    }  # fmt: skip
    statement = _SQL.format(
        table=kind.model._meta.db_table,
        standing=OPEN_AT_SQL,
        only=" ".join(f"AND line.{field} = ANY (%(only_{field})s)" for field in measure.only),
        what=_LINES if measure.counts_lines else _QUANTITIES,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        lines, *sums = cursor.fetchone()
    if not lines:
        return None
    names = (column.name for column in COLUMNS)
    return {name: _written(each or Decimal(0)) for name, each in zip(names, sums, strict=True)}


def _written(quantity: Decimal | int) -> str:
    """Exact, without trailing zeros."""
    return format(Decimal(quantity).normalize(), "f")


def _titles() -> dict[Path, tuple[Text, ...]]:
    return {
        (name, measure.name): (kind.label, measure.unit)
        for name, kind in KINDS.items()
        for measure in kind.measures
    }


BLOCK: Final = Block(
    name="quantities", place=50, count=count,
    tables=(
        Table(
            title=_("Quantities"), headings=(_("kind"), _("unit of measure")),
            columns=COLUMNS, rows=(Keyed("BulletinQuantity", _titles, levels=2),),
            equations=(Equation("asked = met + refused + outstanding + lapsed"),),
            note=_(
                "Asked = met + refused + outstanding + lapsed (asked by a ticket that ended"
                " unsettled)."
            ),
        ),
    ),
)  # fmt: skip
