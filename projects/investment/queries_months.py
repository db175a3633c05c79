"""The months of the year: what the plans say is due by each month's end, and what was invested."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from projects.investment.choices import MONTHS
from projects.investment.progress_of_time import QUARTERS, Plan, months_of, planned_by
from projects.investment.queries import WAN, ZERO, Standing, days_of


@dataclass(frozen=True)
class MonthOfYear:
    """One month, in 亿元: of itself, and by its end. ``actual`` is None after the running month."""

    number: int
    planned: Fraction
    planned_so_far: Fraction
    actual: Decimal | None
    actual_so_far: Decimal | None


def months_of_year(standings: Sequence[Standing], day: date) -> list[MonthOfYear]:
    """The twelve months of the day's year, of these projects together."""
    plans = _alike(each.plan for each in standings)
    found, planned, actual = list[MonthOfYear](), Fraction(), ZERO
    for number in range(1, MONTHS + 1):
        last = days_of(day.year, number)[1]
        due = sum((planned_by(plan, last) for plan in plans), Fraction())
        own = None
        if number <= day.month:
            own = sum((each.actuals.get(number, ZERO) for each in standings), ZERO) / WAN
            actual += own
        found.append(MonthOfYear(number, due - planned, due, own, None if own is None else actual))
        planned = due
    return found


def _alike(plans: Iterable[Plan]) -> list[Plan]:
    """The sums of plans that are planned to the same detail.

    What is due of these is what is due of their sum, so that it is reckoned a few times only.
    """
    groups = defaultdict[tuple[int, ...] | None, list[Plan]](list)
    for plan in plans:
        groups[_detail(plan)].append(plan)
    return [_sum(of_it, detail) for detail, of_it in groups.items()]


def _detail(plan: Plan) -> tuple[int, ...] | None:
    """The quarters whose months are planned; None where not all quarters are."""
    if set(plan.quarters) != set(QUARTERS):
        return None
    return tuple(each for each in QUARTERS if set(months_of(each)) <= set(plan.months))


def _sum(plans: Sequence[Plan], detail: tuple[int, ...] | None) -> Plan:
    annual = sum((each.annual for each in plans), ZERO)
    if detail is None:
        return Plan(annual, {}, {})
    months = [month for quarter in detail for month in months_of(quarter)]
    return Plan(
        annual,
        {number: sum((each.quarters[number] for each in plans), ZERO) for number in QUARTERS},
        {number: sum((each.months[number] for each in plans), ZERO) for number in months},
    )
