"""How much was asked for, met and refused, by kind and unit of measure.

Counted from the same rows as the tickets: each line, and the facts of what was met and refused. A
line that was amended later counts as it was at the moment. What has one dimension is added in its
base unit (see ``kinds/units.py``), every other unit by itself.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordination.tickets.flow import OPEN
from coordination.tickets.kinds.base import Kind
from coordination.tickets.kinds.registry import KINDS
from coordination.tickets.kinds.units import dimension_of, in_base, label_of, rounded
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
from projects.house.outline import FACTORS
from projects.house.totals import Totals, subtracted
from projects.record.reading import rows

COLUMNS: Final = tuple(
    Column(name, title, Format.QUANTITY)
    for name, title in (
        ("asked", _("asked")),
        ("met", _("met")),
        ("met_this_week", _("of it in this period")),
        ("refused", _("refused")),
        ("outstanding", _("outstanding")),
        ("lapsed", _("lapsed")),
    )
)
ITEMS: Final = "items"  # the row of a kind's lines
# The totals of each unit, and of a kind's lines; where no line has the unit, ``lines`` is zero.
_TOTALS: Final = ("lines", "asked", "met", "refused", "outstanding", "lapsed")
_PARTS: Final = ("met", "refused", "outstanding", "lapsed")  # of which ``asked`` is the sum
# What was asked of a line until an amendment after the moment; its unit then.
_WAS: Final = """
    LEFT JOIN (
        SELECT DISTINCT ON (ticket_id, line) ticket_id, line, unit, asked
        FROM tickets_linerevision WHERE kind = %(kind)s AND recorded_at > {moment} {only}
        ORDER BY ticket_id, line, event_id
    ) AS was ON was.ticket_id = line.ticket_id AND was.line = line.position
"""
# A line that is counted as one is met when all of it is, refused when it is settled otherwise.
_SUMS: Final = f"""
    WITH {{touched}} line AS (
        SELECT COALESCE(was.unit, line.unit) AS unit, COALESCE(was.asked, line.asked) AS asked,
            COALESCE(met_of.quantity, 0) AS met, COALESCE(refused_of.quantity, 0) AS refused,
            state.status = ANY (%(open)s) AS is_open
        FROM {{table}} AS line
        JOIN tickets_staterange AS state ON state.ticket_id = line.ticket_id AND {HELD_AT_SQL}
        {_WAS.format(moment="%(at)s", only="{only}")}
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
    ), counted AS (SELECT line.*, asked - met - refused AS rest FROM line)
    SELECT unit,
        count(*), sum(asked), sum(met), sum(refused),
        sum(rest) FILTER (WHERE is_open), sum(rest) FILTER (WHERE NOT is_open),
        count(*), count(*), count(*) FILTER (WHERE met = asked),
        count(*) FILTER (WHERE met < asked AND rest = 0),
        count(*) FILTER (WHERE rest > 0 AND is_open),
        count(*) FILTER (WHERE rest > 0 AND NOT is_open)
    FROM counted GROUP BY unit
"""  # noqa: S608 - names of our own
# The tickets to which something happened: only what theirs add to the totals can have changed.
_TOUCHED: Final = """
    touched AS MATERIALIZED (
        SELECT DISTINCT ticket_id FROM tickets_ticketevent
        WHERE recorded_at > %(start)s AND recorded_at <= %(end)s
    ),
"""
_ONLY_TOUCHED: Final = "AND {}ticket_id IN (SELECT ticket_id FROM touched)"
_MET_IN_PERIOD: Final = f"""
    SELECT unit, sum(week), count(*) FILTER (WHERE met = asked AND week > 0) FROM (
        SELECT COALESCE(was.unit, line.unit) AS unit, COALESCE(was.asked, line.asked) AS asked,
            week.quantity AS week, (
                SELECT sum(quantity) FROM tickets_fulfilment AS each
                WHERE each.ticket_id = line.ticket_id AND each.line = line.position
                    AND each.recorded_at <= %(end)s
            ) AS met
        FROM (
            SELECT ticket_id, line, sum(quantity) AS quantity FROM tickets_fulfilment
            WHERE kind = %(kind)s AND recorded_at > %(start)s AND recorded_at <= %(end)s
            GROUP BY 1, 2
        ) AS week
        JOIN {{table}} AS line ON line.ticket_id = week.ticket_id AND line.position = week.line
        {_WAS.format(moment="%(end)s", only="")}
    ) AS counted GROUP BY unit
"""  # noqa: S608 - names of our own


def _at(moment: datetime) -> Totals:
    return _totals(moment, None)


def _change(period: Period) -> Totals:
    return subtracted(_totals(period.end, period), _totals(period.start, period))


def _totals(at: datetime, within: Period | None) -> Totals:
    """At the moment, of every ticket or of those to which something happened in a period.

    ``<kind>.<total>`` counts lines, ``<kind>.<total>.<unit>`` adds quantities.
    """
    found = defaultdict[str, Decimal](Decimal)
    for kind in KINDS.values():
        for unit, *sums in rows(*_statement(kind, at, within)):
            names = [*_named(kind, unit), *(_named(kind, "") if kind.counts_lines else ())]
            for name, value in zip(names, sums, strict=False):
                found[name] += value or 0
    return {name: value for name, value in found.items() if value}


def _named(kind: Kind[Any], unit: str) -> Iterator[str]:
    """The names of the totals of a unit, or of the kind's lines."""
    return (f"{kind.name}.{name}.{unit}" if unit else f"{kind.name}.{name}" for name in _TOTALS)


def _statement(kind: Kind[Any], at: datetime, within: Period | None) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {"kind": kind.name, "open": list(OPEN), "at": at}
    if within is not None:
        values |= {"start": within.start, "end": within.end}
    statement = _SUMS.format(
        table=kind.model._meta.db_table,
        touched=_TOUCHED if within else "",
        only=_ONLY_TOUCHED.format("") if within else "",
        only_lines=_ONLY_TOUCHED.format("line.") if within else "",
    )
    return statement, values


def _met_in(kind: Kind[Any], period: Period) -> dict[str, list[Decimal]]:
    """By unit, how much was met in the period, and how many lines were met by it."""
    values: dict[str, Any] = {"kind": kind.name, "start": period.start, "end": period.end}
    statement = _MET_IN_PERIOD.format(table=kind.model._meta.db_table)
    return {unit: sums for unit, *sums in rows(statement, values)}


def _figures(period: Period, totals: Totals) -> dict[str, Any]:
    """Each row of each kind of which a line was there at the cut-off.

    What lapsed was asked by a ticket that ended unsettled.
    """
    figures: dict[str, dict[str, Any]] = {}
    for kind in KINDS.values():
        met = _met_in(kind, period)
        if kind.counts_lines and totals.get(f"{kind.name}.lines"):
            own = {name: Fraction(totals.get(f"{kind.name}.{name}", 0)) for name in _PARTS}
            own["met_this_week"] = Fraction(sum(lines for _quantity, lines in met.values()))
            figures.setdefault(kind.name, {})[ITEMS] = _row(own)
        for key, sums in _by_row(kind, totals, met).items():
            figures.setdefault(kind.name, {})[key] = _row(sums)
    return figures


def _by_row(
    kind: Kind[Any], totals: Totals, met: Mapping[str, list[Decimal]]
) -> dict[str, dict[str, Fraction]]:
    """The totals of each dimension, in its base unit, and of each unit without one."""
    found = defaultdict[str, dict[str, Fraction]](lambda: defaultdict(Fraction))
    counted = f"{kind.name}.lines."
    for unit in [name.removeprefix(counted) for name in totals if name.startswith(counted)]:
        if not totals[f"{counted}{unit}"]:  # its lines were amended to another unit
            continue
        dimension = dimension_of(unit)
        row = found[dimension.name if dimension else unit]
        quantities = {name: totals.get(f"{kind.name}.{name}.{unit}", Decimal(0)) for name in _PARTS}
        quantities["met_this_week"] = met[unit][0] if unit in met else Decimal(0)
        for name, quantity in quantities.items():
            row[name] += in_base(quantity, unit)
    return found


def _row(sums: Mapping[str, Fraction]) -> dict[str, str]:
    """The figures of a row; rounded last, and so that what was asked is the sum of its parts."""
    written = {name: rounded(each) for name, each in sums.items()}
    written["asked"] = sum((written[name] for name in _PARTS), Decimal(0))
    return {column.name: format(written[column.name].normalize(), "f") for column in COLUMNS}


CARRIED: Final = Carried(at=_at, change=_change, figures=_figures)
count = CARRIED.count


def _titles() -> dict[Path, tuple[Text, ...]]:
    """Those that may be expected of each kind."""
    titles: dict[Path, tuple[Text, ...]] = {}
    for kind in KINDS.values():
        if kind.counts_lines:
            titles[kind.name, ITEMS] = kind.label, _("items")
        for each in kind.dimensions:
            titles[kind.name, each.name] = kind.label, label_of(each.base)
    return titles


def _title(key: Path) -> tuple[Text, ...]:
    kind, unit = key
    return KINDS[kind].label if kind in KINDS else kind, label_of(unit)


def _said(figures: dict[str, Any]) -> Iterator[str]:
    """How much of each unit was met, of how much was asked."""
    rows = [
        gettext("%(kind)s %(met)s %(unit)s (asked %(asked)s, in this period %(met_this_week)s)")
        % {**row, "kind": title[0], "unit": title[1]}
        for kind, units in figures.items()
        for unit, row in units.items()
        if unit != ITEMS
        for title in [_title_of(kind, unit)]
    ]
    if rows:
        yield gettext("Met so far: %(quantities)s.") % {"quantities": gettext("; ").join(rows)}


def _title_of(kind: str, unit: str) -> tuple[str, str]:
    known, unit_label = _titles().get((kind, unit)) or _title((kind, unit))
    return str(known), str(unit_label)


BLOCK: Final = Block(
    name="quantities", place=50, chapter=FACTORS, count=count, carried=CARRIED,
    tables=(
        Table(
            title=_("Quantities"), heading=_("What was asked and met"),
            headings=(_("kind"), _("unit of measure")), says=_said, is_appendix=True,
            columns=COLUMNS, rows=(Keyed("BulletinQuantity", _titles, levels=2, title=_title),),
            equations=(Equation("asked = met + refused + outstanding + lapsed"),),
            note=_(
                "Asked = met + refused + outstanding + lapsed (asked by a ticket that ended"
                " unsettled). Units of one dimension are added; every other unit has its own row."
            ),
        ),
    ),
)  # fmt: skip
