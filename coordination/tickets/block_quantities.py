"""How much was asked for, met and refused, by kind: vehicles, people, tonnes, items.

Counted from the same rows as the tickets: each line, and the facts of what was met and refused.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from coordination.tickets.flow import OPEN
from coordination.tickets.kinds.base import Kind, Measure
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.queries_history import HELD_AT_SQL
from projects.house.blocks import (
    Block,
    Carried,
    Column,
    Format,
    Keyed,
    Path,
    Period,
    Table,
    Text,
)
from projects.house.equations import Equation
from projects.house.totals import Totals, subtracted

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
# The totals of each measure; of a measure that counts lines, the lines. Where nothing of a measure
# was asked, ``lines`` is zero.
_TOTALS: Final = ("lines", "asked", "met", "refused", "outstanding", "lapsed")
_QUANTITIES: Final = ("1", "asked", "met", "refused", "rest", "rest")
# A line that is counted as one is met when all of it is, refused when it is settled otherwise.
_LINES: Final = (
    "1", "1", "(met = asked)::int", "(met < asked AND rest = 0)::int", "(rest > 0)::int",
    "(rest > 0)::int",
)  # fmt: skip
_WHICH: Final = ("true", "true", "true", "true", "is_open", "NOT is_open")
_SUMS: Final = f"""
    WITH {{touched}} line AS (
        SELECT line.*, COALESCE(met_of.quantity, 0) AS met_by_then,
            COALESCE(refused_of.quantity, 0) AS refused_by_then,
            state.status = ANY (%(open)s) AS is_open
        FROM {{table}} AS line
        JOIN tickets_staterange AS state ON state.ticket_id = line.ticket_id AND {HELD_AT_SQL}
        LEFT JOIN (
            SELECT ticket_id, line, sum(quantity) AS quantity FROM tickets_fulfilment
            WHERE kind = %(kind)s AND recorded_at <= %(at)s {{only}} GROUP BY 1, 2
        ) AS met_of ON met_of.ticket_id = line.ticket_id AND met_of.line = line.position
        LEFT JOIN (
            SELECT ticket_id, line, sum(quantity) AS quantity FROM tickets_linerefusal
            WHERE kind = %(kind)s AND recorded_at <= %(at)s {{only}} GROUP BY 1, 2
        ) AS refused_of
            ON refused_of.ticket_id = line.ticket_id AND refused_of.line = line.position
        WHERE line.added_at <= %(at)s {{only_lines}}
    ), counted AS (
        SELECT {{fields}} is_open, asked, met_by_then AS met, refused_by_then AS refused,
            asked - met_by_then - refused_by_then AS rest
        FROM line
    )
    SELECT {{sums}} FROM counted
"""  # noqa: S608 - names of our own
# The tickets to which something happened: only what theirs add to the totals can have changed.
_TOUCHED: Final = """
    touched AS MATERIALIZED (
        SELECT DISTINCT ticket_id FROM tickets_ticketevent
        WHERE recorded_at > %(start)s AND recorded_at <= %(end)s
    ),
"""
_ONLY_TOUCHED: Final = "AND {}ticket_id IN (SELECT ticket_id FROM touched)"
_MET_IN_PERIOD: Final = """
    SELECT {sums} FROM (
        SELECT line.*, week.quantity AS week, (
            SELECT sum(quantity) FROM tickets_fulfilment AS each
            WHERE each.ticket_id = line.ticket_id AND each.line = line.position
                AND each.recorded_at <= %(end)s
        ) AS met_by_then
        FROM (
            SELECT ticket_id, line, sum(quantity) AS quantity FROM tickets_fulfilment
            WHERE kind = %(kind)s AND recorded_at > %(start)s AND recorded_at <= %(end)s
            GROUP BY 1, 2
        ) AS week
        JOIN {table} AS line ON line.ticket_id = week.ticket_id AND line.position = week.line
    ) AS counted
"""


def _at(moment: datetime) -> Totals:
    return _totals(moment, None)


def _change(period: Period) -> Totals:
    return subtracted(_totals(period.end, period), _totals(period.start, period))


def _totals(at: datetime, within: Period | None) -> Totals:
    """At the moment, of every ticket or of those to which something happened in a period."""
    return {
        f"{kind.name}.{measure.name}.{name}": value
        for kind in KINDS.values()
        for measure, values in zip(kind.measures, _sums(kind, at, within), strict=True)
        for name, value in zip(_TOTALS, values, strict=True)
        if value
    }


def _sums(kind: Kind[Any], at: datetime, within: Period | None) -> Iterator[list[Decimal]]:
    """The totals of each measure of the kind, in the order of ``_TOTALS``."""
    values: dict[str, Any] = {"kind": kind.name, "open": list(OPEN), "at": at}
    if within is not None:
        values |= {"start": within.start, "end": within.end}
    sums = [
        f"sum({what}) FILTER (WHERE {which}{_lines_of(measure, number, values)})"
        for number, measure in enumerate(kind.measures)
        for what, which in zip(_LINES if measure.counts_lines else _QUANTITIES, _WHICH, strict=True)
    ]
    fields = {field for measure in kind.measures for field in measure.only}
    row = _row(
        _SUMS.format(
            table=kind.model._meta.db_table,
            touched=_TOUCHED if within else "",
            only=_ONLY_TOUCHED.format("") if within else "",
            only_lines=_ONLY_TOUCHED.format("line.") if within else "",
            fields="".join(f"{field}, " for field in sorted(fields)),
            sums=", ".join(sums),
        ),
        values,
    )
    for begin in range(0, len(row), len(_TOTALS)):
        yield row[begin : begin + len(_TOTALS)]


def _lines_of(measure: Measure, number: int, values: dict[str, Any]) -> str:
    """The condition of the lines that a measure counts; its values are added to ``values``."""
    values |= {f"only_{number}_{field}": list(each) for field, each in measure.only.items()}
    return "".join(f" AND {field} = ANY (%(only_{number}_{field})s)" for field in measure.only)


def _met_in(kind: Kind[Any], period: Period) -> list[Decimal]:
    """What was met of each measure in the period; of lines, those that were met by it."""
    values: dict[str, Any] = {"kind": kind.name, "start": period.start, "end": period.end}
    sums = [
        f"sum({'(met_by_then = asked AND week > 0)::int' if measure.counts_lines else 'week'})"
        f" FILTER (WHERE true{_lines_of(measure, number, values)})"
        for number, measure in enumerate(kind.measures)
    ]
    statement = _MET_IN_PERIOD.format(table=kind.model._meta.db_table, sums=", ".join(sums))
    return _row(statement, values)


def _row(statement: str, values: dict[str, Any]) -> list[Decimal]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [Decimal(each or 0) for each in cursor.fetchone()]


def _figures(period: Period, totals: Totals) -> dict[str, Any]:
    """Each measure of each kind of which a line was there at the cut-off.

    What lapsed was asked by a ticket that ended unsettled.
    """
    figures: dict[str, dict[str, Any]] = {}
    for kind in KINDS.values():
        for measure, met in zip(kind.measures, _met_in(kind, period), strict=True):
            _lines, *sums = (
                totals.get(f"{kind.name}.{measure.name}.{name}", Decimal(0)) for name in _TOTALS
            )
            if _lines:
                sums.insert(2, met)
                names = (column.name for column in COLUMNS)
                figures.setdefault(kind.name, {})[measure.name] = {
                    name: _written(each) for name, each in zip(names, sums, strict=True)
                }
    return figures


CARRIED: Final = Carried(at=_at, change=_change, figures=_figures)
count = CARRIED.count


def _written(quantity: Decimal) -> str:
    """Exact, without trailing zeros."""
    return format(quantity.normalize(), "f")


def _titles() -> dict[Path, tuple[Text, ...]]:
    return {
        (name, measure.name): (kind.label, measure.unit)
        for name, kind in KINDS.items()
        for measure in kind.measures
    }


BLOCK: Final = Block(
    name="quantities", place=50, count=count, carried=CARRIED,
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
