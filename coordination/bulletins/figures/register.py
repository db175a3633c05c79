"""How many projects the year's list has, what they cost, and how that compares."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from coordination.bulletins.queries import register_at
from coordination.bulletins.week import Period
from projects.record.amounts import money
from projects.register.models import PriorFiling

_Row = tuple[Decimal, Decimal]


def _totals(rows: Iterable[_Row]) -> tuple[int, Decimal, Decimal]:
    rows = list(rows)
    return (
        len(rows),
        sum((total for total, _ in rows), Decimal(0)),
        sum((annual for _, annual in rows), Decimal(0)),
    )


def _written(projects: int, total: Decimal, annual: Decimal) -> dict[str, Any]:
    return {
        "projects": projects,
        "total_investment": money(total),
        "annual_investment": money(annual),
    }


def count(period: Period) -> dict[str, Any]:
    """The projects of the year's batches, against the filings of the year before."""
    year, fields = period.day.year, ("total_investment", "annual_investment")
    own = _totals(register_at(period.end).filter(batch__year=year).values_list(*fields))
    filings = PriorFiling.objects.filter(year=year - 1, recorded_at__lte=period.end)
    prior = _totals(filings.values_list(*fields))
    grown = (own[0] - prior[0], own[1] - prior[1], own[2] - prior[2])
    return {
        **_written(*own),
        "prior": _written(*prior) if prior[0] else None,
        "year_on_year": _written(*grown) if prior[0] else None,
    }
